import { acrobotView } from "./acrobot.ts";
import { cartPoleView } from "./cartPole.ts";
import { mountainCarView } from "./mountainCar.ts";
import type { View } from "./scene.ts";

const views: readonly View[] = [cartPoleView, mountainCarView, acrobotView];

/** Returns the view of environment `env`; null without a view. Views take unstacked observations: pass the last frame. */
export function viewOf(env: string): View | null {
  return views.find(({ environments }) => environments.includes(env)) ?? null;
}
