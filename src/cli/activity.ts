let describe = () => "";

/** Says what the command does, as the end of a sentence, for the case that an environment ends the process meanwhile. */
export function setActivity(describeActivity: () => string): void {
  describe = describeActivity;
}

/** What the command does now, such as " at step 100"; empty where nothing was said. */
export function activity(): string {
  return describe();
}
