import { acrobotView } from "./acrobot.ts";
import { cartPoleView } from "./cartPole.ts";
import { mountainCarView } from "./mountainCar.ts";
import type { View } from "./scene.ts";

const views: readonly View[] = [cartPoleView, mountainCarView, acrobotView];

/** Returns the view of environment `env`; null if it has none. Views take unstacked observations: pass the last frame. */
export function viewOf(env: string): View | null {
  return views.find(({ environments }) => environments.includes(env)) ?? null;
}
