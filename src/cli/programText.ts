import { activationCodes } from "../kernels/activationCodes.ts";
import { jsKernels } from "../kernels/js/kernels.ts";
import type { Call, ProgramKernel, Recording } from "../kernels/program.ts";
import type { RegionNames } from "./regionNames.ts";

/**
 * Use of each array of a kernel: w writes, r reads, u updates in place, s uses as scratch memory. A kernel that is
 * not listed writes the first and reads the others.
 */
const uses: { readonly [Name in ProgramKernel]?: string } = {
  tanhForward: "u",
  tanhBackward: "ur",
  reluBackward: "ur",
  batchNormForward: "wrrruuww",
  batchNormBackward: "uwwrrrr",
  convForward: "wrrrrs",
  convForwardOne: "wrrrrs",
  convBackwardInput: "wrrrrs",
  convBackwardWeights: "wwrrrs",
  denseBackwardInput: "wrrrs",
  denseBackwardWeights: "wwrrs",
  layerNormForward: "wrrrww",
  layerNormBackward: "uwwrrrrs",
  clampValues: "u",
  clipNorm: "u",
  adam: "uruu",
  rmsprop: "uruu",
  rmspropCentered: "uruu",
  sgd: "uru",
  softUpdate: "ur",
  mseGradient: "wwwrrrr",
  huberGradient: "wwwrrrr",
};

const kernels = jsKernels(new ArrayBuffer(0));

/** A call's arguments by the names of the kernel's parameters. */
function namedArguments({ args, kernel }: Call): [string, number | string][] {
  const [, list = ""] = /\(([^)]*)\)/.exec(String(kernels[kernel])) ?? [];
  return list.split(",").map((name, k) => [name.trim(), args[k]!]);
}

/** Sizes that the shapes of the arrays show. */
const sizes = [
  ...["outputs", "inputs", "batch", "features", "actions", "count", "width", "rowStride"],
  ...["filters", "patch", "pixels", "channels", "area", "positions"],
];

function otherText(name: string, value: number | string): string {
  if (typeof value === "string") return `${name} set before each run`;
  if (name !== "activation") return `${name} ${value}`;
  const activations = Object.entries(activationCodes);
  return `${name} ${activations.find(([, code]) => code === value)?.[0]}`;
}

function callText(call: Call, { parts, wholes }: RegionNames): string {
  const named = namedArguments(call);
  // Kernels with a count work on whole arrays.
  const flat = named.some(([name]) => name === "count");
  const use = (k: number) => (uses[call.kernel] ?? "w")[k] ?? "r";
  const arrays = named
    .filter(([name]) => name.endsWith("Ptr"))
    .map(([, offset], k) => {
      const whole = flat ? wholes.get(Number(offset)) : undefined;
      return { use: use(k), text: whole ?? parts.get(Number(offset)) ?? `byte ${offset}` };
    });
  const list = (kinds: string) =>
    arrays.flatMap((array) => (kinds.includes(array.use) ? [array.text] : [])).join(", ");
  const others = named.filter(
    ([name, value]) => !name.endsWith("Ptr") && !sizes.includes(name) && value !== -Infinity,
  );
  const rest = others.map(([name, value]) => `; ${otherText(name, value)}`).join("");
  return `${call.kernel}: ${list("wu")} <- ${list("ru")}${rest}`;
}

/** One line for each call of a program: kernel: outputs <- inputs; scalars. */
export function programLines({ calls }: Recording, names: RegionNames): string[] {
  const width = String(calls.length).length;
  return calls.map((call, k) => `${String(k + 1).padStart(width)} ${callText(call, names)}`);
}

/** Sizes whose product is the number of multiply-adds of a matrix product. `same` padding counts as if it were not 0. */
const factors = [
  ...["outputs", "inputs", "batch"],
  ...["filters", "patch", "pixels", "channels", "area", "positions"],
];

/** Multiply-adds in the matrix products of a program. */
export function multiplyAdds({ calls }: Recording): number {
  return calls
    .filter(({ kernel }) => /^(dense|conv)/.test(kernel))
    .map((call) =>
      namedArguments(call)
        .filter(([name]) => factors.includes(name))
        .reduce((product, [, size]) => product * Number(size), 1),
    )
    .reduce((sum, products) => sum + products, 0);
}
