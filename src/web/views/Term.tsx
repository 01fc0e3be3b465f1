import type { ComponentChildren } from "preact";

interface TermProps {
  readonly children: ComponentChildren;
  readonly means: string;
}

/** A term that is explained under the mouse and, in the text, while it has the focus: by keyboard or by a touch. */
export function Term({ children, means }: TermProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the focus shows the explanation
    <dfn tabIndex={0} title={means}>
      {children}
    </dfn>
  );
}
