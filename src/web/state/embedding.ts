import { signal } from "@preact/signals";
import { embedCode } from "../embed/embedCode.ts";
import { announcement, session } from "./app.ts";
import { currentChoice } from "./session.ts";

/** The embed code, if the browser did not allow the page to copy it; else "". */
export const uncopied = signal("");

/** Copies HTML that shows the page's run in another page. If the browser refuses, shows it as text. */
export async function copyEmbedCode(): Promise<void> {
  const code = embedCode(location.href, currentChoice(session.run.value!));
  try {
    await navigator.clipboard.writeText(code);
    uncopied.value = "";
    announcement.value = "The embed code is copied.";
  } catch {
    uncopied.value = code;
  }
}
