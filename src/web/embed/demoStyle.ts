/** Style of the shadow tree. A constructed style sheet needs no permission of the page's Content-Security-Policy. */
const css = `
:host {
  --paper: #ffffff; --ink: #1f2328; --faded: #59636e; --line: #dde1e6;
  --ink-scenery: #8c959f; --ink-first: #0969da; --ink-second: #bc4c00; --ink-third: #bf3989;
  --on-first: #ffffff; --wrong: #b3202c;
  display: block; max-width: 640px; container-type: inline-size; color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :host {
    --paper: #161b22; --ink: #e6edf3; --faded: #9198a1; --line: #2b323b;
    --ink-scenery: #656c76; --ink-first: #58a6ff; --ink-second: #f0883e; --ink-third: #f778ba;
    --on-first: #0d1117; --wrong: #ff8f87;
  }
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
.demo {
  display: grid; gap: 8px; padding: 12px; border: 1px solid var(--line); border-radius: 14px;
  background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif;
}
canvas { display: block; width: 100%; }
.stage { aspect-ratio: 2.2; }
.curve { height: 96px; }
.bar { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; }
button {
  min-width: 6.5em; min-height: 36px; padding: 0 12px; border: 0; border-radius: 9px; background: var(--ink-first);
  color: var(--on-first); font: inherit; cursor: pointer;
}
:focus-visible { outline: 2px solid var(--ink-first); outline-offset: 2px; }
p { margin: 0; }
.numbers { color: var(--faded); font-variant-numeric: tabular-nums; }
a { color: var(--ink-first); }
.bar a { margin-left: auto; }
.result { min-height: 1.45em; }
@container (max-width: 470px) { .result { min-height: 2.9em; } }
.problem { color: var(--wrong); }
`;

export function demoStyle(): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}

const names = ["paper", "ink", "faded", "line", "scenery", "first", "second", "third"] as const;
const named = (name: string) =>
  ["scenery", "first", "second", "third"].includes(name) ? `--ink-${name}` : `--${name}`;

/** Colours of an element in the current theme. */
export function readInks(element: Element): Record<(typeof names)[number], string> {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(named(name)).trim()]),
  ) as Record<(typeof names)[number], string>;
}
