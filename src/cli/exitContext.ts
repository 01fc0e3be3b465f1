let describe = () => "";

/** Sets the text that `exitContext` returns, such as " at step 100". */
export function setExitContext(description: () => string): void {
  describe = description;
}

/** Returns the end of the message for an environment that ended the process; "" if nothing was set. */
export function exitContext(): string {
  return describe();
}
