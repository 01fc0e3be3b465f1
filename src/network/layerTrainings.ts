import type { LayerTraining } from "./layer.ts";
import { batchNormTraining } from "./layers/batchNorm.ts";
import { denseTraining } from "./layers/dense.ts";
import { duelingHeadTraining } from "./layers/duelingHead.ts";
import type { Layer, LayerOf } from "./networkLayers.ts";

type LayerTrainings = {
  readonly [Kind in Layer["kind"]]: LayerTraining<LayerOf<Kind>, string> | null;
};

/** Training of each kind of layer; null for layers before the first one that learns. */
export const layerTrainings = {
  batchNorm: batchNormTraining,
  dense: denseTraining,
  duelingHead: duelingHeadTraining,
  inputNorm: null,
} satisfies LayerTrainings as Readonly<Record<Layer["kind"], LayerTraining<Layer, string> | null>>;
