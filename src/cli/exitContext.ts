let describe = () => "";

/** Sets the text that `exitContext` returns, such as " at step 100". */
export function setExitContext(description: () => string): void {
  describe = description;
}

/** Ends the sentence that reports an environment which ended the process; empty if nothing was set. */
export function exitContext(): string {
  return describe();
}
