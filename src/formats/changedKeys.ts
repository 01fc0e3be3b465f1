import { refuseNotLive } from "../config/liveChanges.ts";
import { blameFile } from "./fileValues.ts";

/** Metadata of a file that names the hyperparameters which changed while the run trained; nothing if none did. */
export function writeChanged(changed: ReadonlySet<string>): Readonly<Record<string, string>> {
  return changed.size > 0 ? { changed: [...changed].join() } : {};
}

/** @throws RunError if a hyperparameter cannot change while a run trains */
export function readChanged(
  { changed }: Readonly<Record<string, string>>,
  name: string,
): readonly string[] {
  const keys = changed?.split(",") ?? [];
  blameFile(name, () => refuseNotLive(keys));
  return keys;
}
