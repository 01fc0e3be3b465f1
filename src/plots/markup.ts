/**
 * Escapes text for an element or a quoted attribute of SVG or HTML. Replaces control characters, lone surrogates, U+FFFE and U+FFFF
 * by U+FFFD, because XML 1.0 forbids most of them even as references.
 */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
