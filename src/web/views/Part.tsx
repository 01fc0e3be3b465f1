import type { ComponentChildren } from "preact";
import { hidden } from "../state/app.ts";

interface PartProps {
  readonly name: string;
  readonly children: ComponentChildren;
}

/** A part of the page that an address can leave out with `hide=NAME`. */
export function Part({ children, name }: PartProps) {
  return hidden.value.includes(name) ? null : children;
}
