import type { Recording, Table } from "../kernels/program.ts";
import type { Region } from "./arena.ts";
import type { Activation } from "./networkShape.ts";

/** A parameter array of a layer. */
export interface Parameter {
  readonly shape: readonly number[];
  /** Initial values: uniform from [-bound, bound), or a constant. */
  readonly initial: { readonly bound: number } | { readonly value: number };
  /** Whether the optimizer changes it. */
  readonly trainable: boolean;
}

/**
 * Common members of all layers. A layer computes (outputs, width) from (inputs, width): a column per observation. Each file of
 * `layers/` has one kind of layer: a function that describes it, a `LayerEvaluation` and a `LayerTraining`.
 */
export interface LayerBase {
  /** For example `fc1`. */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Activation of the outputs. */
  readonly activation: Activation;
  /** In the order of the policy file. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Tensors of the policy file that share the parameters' rows: prefix of their names, as in PyTorch, first row, number of rows. */
  readonly parts: readonly (readonly [name: string, first: number, rows: number])[];
}

/** Byte offsets by name. */
export type Pointers<Names = string> = Readonly<Record<Names & string, number>>;

/** An array of a layer in the memory: scratch, or a table. */
export type LayerArray = Region | (Region<"u32"> & Pick<Table, "values">);

/** Memory of a layer's forward pass. */
export interface ForwardPass<Of extends LayerBase, Names = string> {
  /** Number of columns: 1 or a multiple of 8. */
  readonly width: number;
  /** (inputs, width) and (outputs, width). */
  readonly inputPtr: number;
  readonly outputPtr: number;
  /** Lower bound of the outputs: 0 for ReLU, otherwise -Infinity. The network records the other activations. */
  readonly lowerBound: number;
  readonly parameters: Pointers<keyof Of["parameters"]>;
  /** See `LayerEvaluation.arrays`. */
  readonly arrays: Readonly<Record<Names & string, LayerArray>>;
}

/** Forward pass in evaluation mode of one kind of layer. */
export interface LayerEvaluation<Of extends LayerBase, Names extends string = never> {
  /** Arrays besides parameters, inputs and outputs: lengths in floats, or tables. By default none. */
  arrays?(
    layer: Of,
    columns: number,
  ): Readonly<Record<Names, number | Pick<Table, "length" | "values">>>;
  /** Records the kernel calls. */
  recordForward(program: Recording, layer: Of, pass: ForwardPass<Of, Names>): void;
}

/** Memory of a layer's backward pass. */
export interface BackwardPass<Of extends LayerBase, Names = string> extends ForwardPass<Of, Names> {
  /** (outputs, width): gradient with respect to the outputs before their activation. */
  readonly dOutputPtr: number;
  /** (inputs, width): receives the gradient with respect to the inputs before their activation; null if it is not needed. */
  readonly dInputPtr: number | null;
  /** Activation that made the inputs. */
  readonly inputActivation: Activation;
  /** Gradients of the trainable parameters. */
  readonly gradients: Pointers<keyof Of["parameters"]>;
  /** See `BatchScratch.workspace`. */
  readonly workspacePtr: number;
}

/** Training of one kind of layer. Without `arrays` or `recordForward`, those of its evaluation. */
export interface LayerTraining<Of extends LayerBase, Names extends string = never>
  extends Partial<LayerEvaluation<Of, Names>> {
  /** Records the gradients of the parameters and of the inputs. */
  recordBackward(program: Recording, layer: Of, pass: BackwardPass<Of, Names>): void;
  /** Whether the gradient of the inputs replaces that of the outputs: `dInputPtr` and `dOutputPtr` are equal. */
  readonly inPlace?: true;
}
