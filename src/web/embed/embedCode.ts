import { escapeMarkup } from "../../plots/markup.ts";
import { type Choice, environmentOf, writeAddress } from "../state/address.ts";
import { tabOf } from "../tabs.ts";

/** Returns HTML that shows the demo of a run in another page. @param page address of the full page */
export function embedCode(page: string, choice: Choice): string {
  const source = new URL(`embed.html${writeAddress(choice)}`, page).href;
  const title = `A neural network learns to ${tabOf(environmentOf(choice)).task}`;
  return `<iframe title="${escapeMarkup(title)}" src="${escapeMarkup(source)}" sandbox="allow-scripts allow-popups" width="640" height="500" style="border: 0" loading="lazy"></iframe>`;
}
