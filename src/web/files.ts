import { readHeader } from "../formats/safetensors.ts";
import type { Bytes } from "../typedArrays.ts";

/** Lets the browser save a file. */
export function saveAs(name: string, bytes: Bytes): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Kind of a safetensors file of this library. @throws RunError if the bytes are not a safetensors file */
export function fileKind(bytes: Uint8Array, name: string): "checkpoint" | "policy" {
  const { metadata } = readHeader(bytes, name);
  return metadata.wasm_dqn_checkpoint === undefined ? "policy" : "checkpoint";
}

/** Calls `take` with every file that is selected, or dropped anywhere on the page. */
export function onFiles(
  button: HTMLElement,
  input: HTMLInputElement,
  take: (file: File) => void,
): void {
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    for (const file of input.files ?? []) take(file);
    input.value = "";
  });
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
