import { createHash, randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { attempt } from "./fileError.ts";
import { hasEnded, type ProcessIdentity, thisProcess } from "./processIdentity.ts";

/** First eight hexadecimal digits of a text's SHA-256. */
const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** This process, with digests as in the names of temporary files. */
const { pid, start, ...place } = thisProcess;
const own: ProcessIdentity = {
  pid,
  start,
  host: digest(place.host),
  boot: digest(place.boot),
  container: digest(place.container),
};

/** Name of a temporary file: target, process, random number, and an extension that no other program uses. */
const pattern =
  /^\..*\.(?<pid>\d+)-(?<start>\d*)-(?<host>[\da-f]{8})-(?<boot>[\da-f]{8})-(?<container>[\da-f]{8})-[\da-f]{16}\.wasm-dqn-tmp$/s;

/** Unique path in the folder of the file, so that renaming stays on one disk. */
export function temporaryName(path: string): string {
  // Names are limited to 255 bytes.
  const target = basename(path).slice(0, 40);
  const process = `${own.pid}-${own.start}-${own.host}-${own.boot}-${own.container}`;
  const random = randomBytes(8).toString("hex");
  return join(dirname(path), `.${target}.${process}-${random}.wasm-dqn-tmp`);
}

/**
 * Deletes the temporary files of processes that were killed while saving a file in this folder. Keeps files of processes that
 * may still run.
 * @throws RunError if the folder cannot be read or written
 */
export function removeTemporaryFiles(folder: string): void {
  for (const name of attempt("read", folder, () => readdirSync(folder))) {
    const fields = pattern.exec(name)?.groups;
    if (fields === undefined) continue;
    const writer = { ...(fields as unknown as ProcessIdentity), pid: Number(fields.pid) };
    const path = join(folder, name);
    if (hasEnded(writer, own)) attempt("delete", path, () => rmSync(path, { force: true }));
  }
}
