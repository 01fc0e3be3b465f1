/**
 * Text for an SVG or HTML document, in an element or in a quoted attribute. XML 1.0 forbids most control characters, lone surrogates
 * and U+FFFE and U+FFFF even when they are written as references: U+FFFD stands in their place.
 */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
