import type { ConfigKey } from "../../config/config.ts";
import { parameterGroups } from "../../config/help.ts";

/** Keys without a field: some have one elsewhere on the page, the others only affect files on a disk. */
const elsewhere = ["env", "seed", ...Object.keys(parameterGroups.Logging)];

/** Groups of hyperparameters in the form. */
export const groups = Object.entries(parameterGroups).flatMap(([title, table]) => {
  const keys = (Object.keys(table) as ConfigKey[]).filter((key) => !elsewhere.includes(key));
  return keys.length === 0 ? [] : [{ title, keys }];
});

/** `learningRate` -> `learning rate` */
export function words(key: string): string {
  return key.replace(/[A-Z]+/g, (letters) => ` ${letters.toLowerCase()}`);
}
