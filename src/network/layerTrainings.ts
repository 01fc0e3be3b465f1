import type { LayerTraining } from "./layer.ts";
import { batchNormTraining } from "./layers/batchNorm.ts";
import { convolutionTraining } from "./layers/convolution.ts";
import { denseTraining } from "./layers/dense.ts";
import { duelingHeadTraining } from "./layers/duelingHead.ts";
import { layerNormTraining } from "./layers/layerNorm.ts";
import type { Layer, LayerOf } from "./networkLayers.ts";

/** Training of each kind of layer; null for layers before the first one that learns. */
export const layerTrainings = {
  batchNorm: batchNormTraining,
  convolution: convolutionTraining,
  dense: denseTraining,
  duelingHead: duelingHeadTraining,
  inputNorm: null,
  layerNorm: layerNormTraining,
} satisfies {
  readonly [Kind in Layer["kind"]]: LayerTraining<LayerOf<Kind>, string> | null;
} as Readonly<Record<Layer["kind"], LayerTraining<Layer, string> | null>>;
