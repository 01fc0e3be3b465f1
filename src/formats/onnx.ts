import { PbfWriter } from "pbf";
import { normEpsilon } from "../network/layers/batchNorm.ts";
import { inputBound } from "../network/layers/inputNorm.ts";
import type { NamedTensor } from "../network/namedTensor.ts";
import type { NetworkShape } from "../network/networkShape.ts";

/** Opset 13 has all operators of a Q-network. IR version 7 belongs to it. */
const OPSET = 13;
const IR_VERSION = 7;
/** Lowest float32. */
const LOWEST = -3.4028234663852886e38;
/** TensorProto.DataType.FLOAT. */
const FLOAT = 1;

interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
}

/** Returns the network's operators. Each tensor is an initializer with its PyTorch name. Activations are (batch, features). */
function nodesOf({ actionCount, ...shape }: NetworkShape, hasLegalActions: boolean): Node[] {
  const nodes: Node[] = [];
  const add = (op: string, inputs: readonly string[], output: string, attributes = {}) => {
    nodes.push({ op, inputs, output, attributes });
    return output;
  };
  const linear = (name: string, input: string) =>
    add("Gemm", [input, `${name}.weight`, `${name}.bias`], `${name}.out`, { transB: 1 });
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

  let last = "observation";
  if (shape.normalizeObservations) {
    last = add("Clip", [normalize(last, "norm"), "norm.min", "norm.max"], "norm.clipped");
  }
  for (let k = 1; k <= shape.hiddenSizes.length; k++) {
    last = linear(`fc${k}`, last);
    if (shape.batchNorm) last = normalize(last, `bn${k}`);
    last = activate(shape.activation, last, `fc${k}`);
  }
  if (shape.dueling) {
    const value = linear("value", last);
    const advantage = linear("advantage", last);
    const mean = add("ReduceMean", [advantage], "advantage.mean", { axes: [1], keepdims: 1 });
    last = add("Add", [value, add("Sub", [advantage, mean], "advantage.centered")], "dueling.out");
  } else {
    last = linear(`fc${shape.hiddenSizes.length + 1}`, last);
  }
  last = activate(shape.outputActivation, last, "output");
  if (hasLegalActions) {
    const legal = add("Greater", ["legal_actions", "illegal"], "legal");
    add("Where", [legal, last, "lowest"], "q_values");
  } else add("Identity", [last], "q_values");
  return nodes;
}

// Writers of the messages of onnx.proto3. The first argument of each pbf call is the field number.

function writeAttribute([name, value]: [string, number | readonly number[]], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value !== "number") {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, 7);
  } else if (name === "epsilon") {
    pbf.writeFloatField(2, value);
    pbf.writeVarintField(20, 1);
  } else {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  }
}

function writeNode({ attributes = {}, inputs, op, output }: Node, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, output);
  pbf.writeStringField(4, op);
  for (const attribute of Object.entries(attributes))
    pbf.writeMessage(5, writeAttribute, attribute);
}

function writeTensor({ name, shape, values }: NamedTensor, pbf: PbfWriter): void {
  for (const size of shape) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, FLOAT);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** Writes a ValueInfoProto: a float32 matrix with any number of rows. */
function writeMatrix({ columns, name }: { name: string; columns: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(
    2,
    (_, type) =>
      type.writeMessage(
        1,
        (__, tensor) => {
          tensor.writeVarintField(1, FLOAT);
          tensor.writeMessage(
            2,
            (___, shape) => {
              shape.writeMessage(1, (____, rows) => rows.writeStringField(2, "batch"), null);
              shape.writeMessage(1, (____, width) => width.writeVarintField(1, columns), null);
            },
            null,
          );
        },
        null,
      ),
    null,
  );
}

/**
 * Encodes a Q-network as an ONNX model: input `observation` (batch, features), output `q_values` (batch, actions), both float32.
 * @param tensors the tensors of a policy
 * @param hasLegalActions adds the input `legal_actions` (batch, actions), float32: 1, or 0 for an illegal action, whose Q-value becomes
 *   the lowest float32
 */
export function encodeOnnx(
  shape: NetworkShape,
  tensors: readonly NamedTensor[],
  hasLegalActions = false,
): Uint8Array {
  const constants = Object.entries({
    ...(shape.normalizeObservations ? { "norm.min": -inputBound, "norm.max": inputBound } : {}),
    ...(hasLegalActions ? { illegal: 0, lowest: LOWEST } : {}),
  }).map(([name, value]) => ({ name, shape: [], values: Float32Array.of(value) }));
  const model = new PbfWriter();
  model.writeVarintField(1, IR_VERSION);
  model.writeStringField(2, "wasm-dqn");
  model.writeMessage(
    7,
    (_, graph) => {
      for (const node of nodesOf(shape, hasLegalActions)) {
        graph.writeMessage(1, writeNode, node);
      }
      graph.writeStringField(2, "q_network");
      for (const tensor of [...tensors, ...constants]) graph.writeMessage(5, writeTensor, tensor);
      graph.writeMessage(11, writeMatrix, { name: "observation", columns: shape.observationSize });
      if (hasLegalActions) {
        graph.writeMessage(11, writeMatrix, { name: "legal_actions", columns: shape.actionCount });
      }
      graph.writeMessage(12, writeMatrix, { name: "q_values", columns: shape.actionCount });
    },
    null,
  );
  model.writeMessage(8, (_, opset) => opset.writeVarintField(2, OPSET), null);
  return model.finish();
}
