interface Text {
  /** The difference from the preset. */
  readonly text: string;
  /** The effect to notice. */
  readonly notice: string;
}

// The results are those of seeds 1 to 6 and at most 30,000 steps. The unchanged run solves all six, after 4,000 to 13,600 steps.

/** Texts of the guided experiments, by their ids. */
export const experimentTexts: Readonly<Record<string, Text>> = {
  "no-target": {
    text: "The network learns from its own newest estimates, without the older copy that stays fixed for a while.",
    notice:
      "The test score rises and collapses again, and the loss jumps. Two of six seeds are not solved within 30,000 steps. The others need twice as long.",
  },
  "short-sight": {
    text: "Rewards that are more than about five steps away no longer count.",
    notice:
      "All Q-values stay near 2, because 1 + 0.5 + 0.25 + ... is 2. The pole stays up, but the cart drifts off the track: four of six seeds fail.",
  },
  "high-rate": {
    text: "Each update changes the weights a hundred times as much.",
    notice:
      "The Q-values swing wildly, and five of six seeds fail. Now try a factor of 10 with the slider: on this small task it learns faster.",
  },
  double: {
    text: "One network chooses the next action and the other one values it, so that lucky errors are not taken for good actions.",
    notice:
      "The Q-values grow more slowly. On a task as small as this one it does not learn faster.",
  },
  "n-step": {
    text: "A target adds up three real rewards before it uses an estimate.",
    notice:
      "News of a fall reaches earlier states sooner, but the targets are noisier. Here some seeds need twice as long. The preset of MountainCar uses it.",
  },
  prioritized: {
    text: "Steps with a large error are replayed more often.",
    notice:
      "Falls are rare once the pole stands, and they are replayed more often. All six seeds are solved.",
  },
  "batch-1": {
    text: "Each update sees one stored step instead of sixteen.",
    notice: "The loss is much noisier. Half of the seeds fail within 30,000 steps.",
  },
  "no-exploration": {
    text: "The network never tries a random action.",
    notice:
      "It never sees what other actions would bring. Half of the seeds fail: they keep one bad habit.",
  },
  tiny: {
    text: "The network has 2 hidden units instead of 32.",
    notice: "The landscape of the Q-values has only two straight edges. No seed is solved.",
  },
};
