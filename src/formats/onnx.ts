import { PbfWriter } from "pbf";
import { normEpsilon } from "../network/layers/batchNorm.ts";
import { inputBound } from "../network/layers/inputNorm.ts";
import type { NamedTensor } from "../network/namedTensor.ts";
import type { NetworkShape } from "../network/networkShape.ts";
import { nodesOf, type OnnxNode } from "./onnxNodes.ts";

/** Opset 13 has all operators of a Q-network, except for layer normalisation, which is made of others. IR version 7 belongs to it. */
const OPSET = 13;
const IR_VERSION = 7;
/** Lowest float32. */
const LOWEST = -3.4028234663852886e38;
/** TensorProto.DataType. */
const FLOAT = 1;
const INT64 = 7;

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

function writeNode({ attributes = {}, inputs, op, output }: OnnxNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, output);
  pbf.writeStringField(4, op);
  for (const attribute of Object.entries(attributes))
    pbf.writeMessage(5, writeAttribute, attribute);
}

/** A tensor of the model. */
interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

function writeTensor({ name, shape, values }: Initializer, pbf: PbfWriter): void {
  for (const size of shape) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, values instanceof Float32Array ? FLOAT : INT64);
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
    ...(shape.layerNorm ? { "ln.epsilon": normEpsilon } : {}),
    ...(hasLegalActions ? { illegal: 0, lowest: LOWEST } : {}),
  }).map(([name, value]): Initializer => ({ name, shape: [], values: Float32Array.of(value) }));
  if (shape.convFilters.length > 0) {
    const sizes = [-1, ...shape.observationShape!].map(BigInt);
    constants.push({ name: "grid", shape: [4], values: BigInt64Array.from(sizes) });
  }
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
