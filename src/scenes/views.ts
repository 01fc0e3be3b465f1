import { acrobotView } from "./acrobot.ts";
import { cartPoleView } from "./cartPole.ts";
import { mountainCarView } from "./mountainCar.ts";
import type { View } from "./scene.ts";

const views: readonly View[] = [cartPoleView, mountainCarView, acrobotView];

/** How to show the environment `env`; null for one without a picture. With stacked frames, pass the last frame. */
export function viewOf(env: string): View | null {
  return views.find(({ environments }) => environments.includes(env)) ?? null;
}
