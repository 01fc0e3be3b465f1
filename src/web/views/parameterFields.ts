import type { ConfigKey } from "../../config/config.ts";
import { parameterGroups, parameterHelp } from "../../config/help.ts";

/** Keys without a field: some have one elsewhere on the page, the others only affect files on a disk. */
const elsewhere = ["env", "seed", ...Object.keys(parameterGroups.Logging)];

/** Groups of hyperparameters in the form. */
export const groups = Object.entries(parameterGroups).flatMap(([title, table]) => {
  const keys = (Object.keys(table) as ConfigKey[]).filter((key) => !elsewhere.includes(key));
  return keys.length === 0 ? [] : [{ title, keys }];
});

/** Labels with names that a key cannot be split into. */
const labels: Readonly<Record<string, string>> = {
  doubleQ: "double DQN",
  optimizerEpsilon: "epsilon of the optimizer",
  qLambda: "lambda of Q(lambda)",
  rmspropAlpha: "alpha of RMSprop",
  rmspropCentered: "centered RMSprop",
};

/** `learningRate` -> `learning rate` */
export function words(key: string): string {
  return labels[key] ?? key.replace(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`);
}

/** The help of a hyperparameter. It names others as their labels do. */
export function helpText(key: ConfigKey): string {
  return parameterHelp[key].replace(/\b[a-z]+[A-Z]\w*/g, words);
}
