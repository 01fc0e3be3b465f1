import { fmaObstacle } from "../src/engines/cases.ts";
import { hasGcc } from "./bench/gcc.ts";
import { chromiumPath } from "./browser/chromium.ts";
import { hasRedis } from "./cli/redis.ts";
import "./kernels/relaxedSimd.ts";
import { canMount } from "./faults/smallDisk.ts";

/** Lists the missing optional tools, one sentence each. `.ci/run` or the user installs them; the tests never do. */
function notices(): string[] {
  const obstacle = fmaObstacle();
  return [
    ...(obstacle === null
      ? []
      : [`SKIPPED: the published sums of the backend wasm-fma, since ${obstacle}.`]),
    ...(chromiumPath === null
      ? [
          "SKIPPED: the browser tests, since there is no Chromium. Install Debian's chromium, run `npx playwright-core install chromium`, or set CHROMIUM to its path.",
        ]
      : []),
    ...(hasGcc() ? [] : ["SKIPPED: the test of the C program, since gcc is not installed."]),
    ...(hasRedis()
      ? []
      : ["SKIPPED: the tests of sweeps on a queue, since redis-server is not installed."]),
    ...(canMount()
      ? []
      : ["SKIPPED: the tests of full and read-only disks, since this user may not mount any."]),
  ];
}

/** Prints the notices before and after all tests. */
export default function setup(): () => void {
  const found = notices();
  const say = () => {
    if (found.length > 0) console.error(`\n${found.join("\n")}\n`);
  };
  say();
  return say;
}
