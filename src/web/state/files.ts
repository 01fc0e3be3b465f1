import { RunError } from "../../errors.ts";
import { parseJson } from "../../formats/fileValues.ts";
import { readHeader } from "../../formats/safetensors.ts";
import type { Bytes } from "../../typedArrays.ts";

/** Lets the browser save a file. */
export function saveAs(name: string, bytes: Bytes): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Kind of a safetensors file of this library. */
interface FileContents {
  readonly kind: "checkpoint" | "policy";
  /** Environment that it was trained in. */
  readonly env: string;
  /** Recipe and configuration of a checkpoint; not validated. */
  readonly recipe: string;
  readonly config: unknown;
}

/**
 * Reads the header of a file.
 * @throws RunError if it is not a safetensors file, or of a module of the user, which may have the name of a game of this page
 */
export function describeFile(bytes: Uint8Array, name: string): FileContents {
  const { metadata } = readHeader(bytes, name);
  const config = parseJson(metadata.config);
  const environment = parseJson(metadata.environment) as { readonly hash?: unknown } | undefined;
  if (environment?.hash !== undefined) {
    throw new RunError(`${name} was trained in a module of yours, which this page cannot load.`);
  }
  const { env } = { env: metadata.env, ...(config as { env?: string } | undefined) };
  return {
    kind: metadata.wasm_dqn_checkpoint === undefined ? "policy" : "checkpoint",
    env: env ?? "",
    recipe: metadata.recipe ?? "",
    config,
  };
}

/** Calls `take` with every file that is dropped anywhere on the page. */
export function onDrop(take: (file: File) => void): void {
  const dragged = (event: DragEvent, over: boolean) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", over);
  };
  document.addEventListener("dragover", (event) => dragged(event, true));
  document.addEventListener("dragleave", (event) => dragged(event, false));
  document.addEventListener("drop", (event) => {
    dragged(event, false);
    for (const file of event.dataTransfer?.files ?? []) take(file);
  });
}
