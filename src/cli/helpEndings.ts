/** One example for each command. */
export const examples: Readonly<Record<string, string>> = {
  train: "wasm-dqn train --recipe soft-update --seed 2 --total-steps 20000",
  evaluate: "wasm-dqn evaluate runs/cartpole/policy.safetensors --episodes 20",
  verify: "wasm-dqn verify runs/cartpole",
  random: "wasm-dqn random --env MountainCar-v0",
  play: "wasm-dqn play runs/cartpole/policy.safetensors --gif cartpole.gif",
  plot: "wasm-dqn plot runs/* --out curves.html",
  export: "wasm-dqn export runs/cartpole/policy.safetensors --out policy.onnx",
  recipes: "wasm-dqn recipes cleanrl > cleanrl.json",
  explain: "wasm-dqn explain --recipe tanh-64 --double-q true",
  sweep:
    "wasm-dqn sweep --sampler random --trials 9 --halving 3 --seeds 1-3 --set learningRate=1e-4..1e-2",
  worker: "wasm-dqn worker --queue redis://localhost:6379",
  bench: "wasm-dqn bench --json > bench.json",
};

const notes: Readonly<Record<string, string>> = {
  train: `Values in [brackets] are the defaults. A recipe changes many of them, also the recipe "solve",
which is used if --recipe names no other. "wasm-dqn recipes NAME" prints the values of a recipe.
`,
};

/** The end of a command's help; empty for a command without example. */
export function helpEnding(command: string): string {
  const example = examples[command];
  const note = notes[command] === undefined ? "" : `\n${notes[command]}`;
  return example === undefined ? note : `${note}\nExample:\n  ${example}`;
}
