import { type Convolution, convolvedSize, zerosBefore } from "../kernels/convolutionRows.ts";
import { normEpsilon } from "../network/layers/batchNorm.ts";
import { type LayerOf, networkLayers } from "../network/networkLayers.ts";
import type { NetworkShape } from "../network/networkShape.ts";

/** A node of an ONNX graph: an operator with one output. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** Zeros around a grid: top, left, bottom, right. */
function zerosAround(grid: Convolution): number[] {
  const { columns, kernelSize, rows, stride } = grid;
  const before = [rows, columns].map((size) => zerosBefore(size, grid));
  const after = [rows, columns].map((size, k) => {
    const end = (convolvedSize(size, grid) - 1) * stride + kernelSize;
    return Math.max(0, end - before[k]! - size);
  });
  return [...before, ...after];
}

/** Returns a network's operators. Each tensor is an initializer with its PyTorch name. Activations are (batch, features). */
export function nodesOf(shape: NetworkShape, hasLegalActions: boolean): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  const add = (op: string, inputs: readonly string[], output: string, attributes = {}) => {
    nodes.push({ op, inputs, output, attributes });
    return output;
  };

  const activate = (activation: string, input: string, name: string) => {
    if (activation === "identity") return input;
    return add(activation === "relu" ? "Relu" : "Tanh", [input], `${name}.act`);
  };

  const normalize = (input: string, name: string) => {
    const parts = ["weight", "bias", "running_mean", "running_var"].map(
      (part) => `${name}.${part}`,
    );
    return add("BatchNormalization", [input, ...parts], `${name}.out`, { epsilon: normEpsilon });
  };

  const normalizeLayer = (input: string, { name, parameters }: LayerOf<"layerNorm">) => {
    const over = { axes: parameters.weight.shape.map((_, k) => k + 1), keepdims: 1 };
    const mean = add("ReduceMean", [input], `${name}.mean`, over);
    const centered = add("Sub", [input, mean], `${name}.centered`);
    const squares = add("Mul", [centered, centered], `${name}.squares`);
    const variance = add("ReduceMean", [squares], `${name}.variance`, over);
    const positive = add("Add", [variance, "ln.epsilon"], `${name}.positive`);
    const deviation = add("Sqrt", [positive], `${name}.deviation`);
    const normal = add("Div", [centered, deviation], `${name}.normal`);
    const scaled = add("Mul", [normal, `${name}.weight`], `${name}.scaled`);
    return add("Add", [scaled, `${name}.bias`], `${name}.out`);
  };

  const convolve = (input: string, { grid, name, order }: LayerOf<"convolution">) => {
    let from = input;
    if (order === "last") {
      from = add("Reshape", [from, "grid"], "observation.grid");
      from = add("Transpose", [from], "observation.channels", { perm: [0, 3, 1, 2] });
    }
    return add("Conv", [from, `${name}.weight`, `${name}.bias`], `${name}.out`, {
      kernel_shape: [grid.kernelSize, grid.kernelSize],
      pads: zerosAround(grid),
      strides: [grid.stride, grid.stride],
    });
  };

  const mixDuelingHead = (value: string, advantage: string) => {
    const mean = add("ReduceMean", [advantage], "advantage.mean", { axes: [1], keepdims: 1 });
    return add("Add", [value, add("Sub", [advantage, mean], "advantage.centered")], "dueling.out");
  };

  /** Outputs of the last layer: two of a dueling head's dense layer, else one. */
  let last = ["observation"];
  let isGrid = false;
  for (const layer of networkLayers(shape)) {
    const { activation, kind, name, parts } = layer;
    let [input = "", second = ""] = last;
    if (kind === "dense" && isGrid) {
      input = add("Flatten", [input], `${name}.in`, { axis: 1 });
      isGrid = false;
    }
    if (kind === "dense") {
      last = parts.map(([part]) =>
        add("Gemm", [input, `${part}.weight`, `${part}.bias`], `${part}.out`, { transB: 1 }),
      );
    } else if (kind === "convolution") {
      last = [convolve(input, layer)];
      isGrid = true;
    } else if (kind === "inputNorm") {
      last = [add("Clip", [normalize(input, name), "norm.min", "norm.max"], "norm.clipped")];
    } else if (kind === "batchNorm") last = [normalize(input, name)];
    else if (kind === "layerNorm") last = [normalizeLayer(input, layer)];
    else last = [mixDuelingHead(input, second)];
    last = last.map((output, k) => activate(activation, output, parts[k]?.[0] ?? name));
  }
  const [q = ""] = last;
  if (hasLegalActions) {
    const legal = add("Greater", ["legal_actions", "illegal"], "legal");
    add("Where", [legal, q, "lowest"], "q_values");
  } else add("Identity", [q], "q_values");
  return nodes;
}
