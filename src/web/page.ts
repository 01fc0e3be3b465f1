/** The page's element of an id that index.html gives it. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element ${id}.`);
  return found as Kind;
}

/** Whole numbers with thousands apart. */
export const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** The value of a CSS variable, in the theme of now. */
export function ink(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Says something to those who do not see the page. */
export function announce(text: string): void {
  element("live").textContent = text;
}

/** Shows what has gone wrong, in a sentence; nothing where the text is empty. */
export function notice(text: string): void {
  const box = element("notice");
  box.hidden = text === "";
  box.textContent = text;
}
