/** The element with an id from index.html. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found as Kind;
}

/** Formats a whole number with thousands separators. */
export const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** The value of a CSS variable in the current theme. */
export function ink(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Announces a sentence to screen readers. */
export function announce(text: string): void {
  element("live").textContent = text;
}

/** Shows an error sentence; hides it if the text is empty. */
export function notice(text: string): void {
  const box = element("notice");
  box.hidden = text === "";
  box.textContent = text;
}
