// npm run bench:scaling [-- folder]: draws the cost over layer width, batch size and replay size, and the GFLOP/s beside
// the machine's peak, into the folder (default: .github).
import { join } from "node:path";
import { makeFolder } from "../files/makeFolder.ts";
import { saveFile } from "../files/saveFile.ts";
import { chartSvg, type Mark, type Point } from "../plots/chart.ts";
import { measureInterleaved } from "./measure.ts";
import { peakGflops } from "./peak.ts";
import {
  cartPoleWorkload,
  type TrainingStep,
  trainingWorkload,
  type Workload,
} from "./workloads.ts";

const ROUNDS = 5;
const powers = (from: number, to: number, factor = 2): number[] =>
  from > to ? [] : [from, ...powers(from * factor, to, factor)];

function microseconds(workload: Workload): number {
  const [found = Number.NaN] = measureInterleaved([workload.make("wasm")], ROUNDS);
  console.log(`${workload.name}: ${found.toPrecision(3)} us`);
  return found;
}

function gflops(workload: Workload): number {
  return (workload.operations ?? 0) / microseconds(workload) / 1000;
}

const curve = (color: number, points: readonly Point[], name?: string): Mark => ({
  kind: "line",
  color,
  points,
  dots: true,
  ...(name === undefined ? {} : { name }),
});

const step = (width: number, batchSize: number): TrainingStep => ({
  hiddenSizes: [width, width],
  activation: "relu",
  batchSize,
});

const peak = peakGflops();
console.log(`multiply-add peak: ${peak.toFixed(1)} GFLOP/s`);

const widths = powers(16, 1024);
const batches = [32, 256, 1024];
const speeds = batches.map((batch, color) =>
  curve(
    color,
    widths.map((width): Point => [width, gflops(trainingWorkload(step(width, batch)))]),
    `batch ${batch}`,
  ),
);
const widthCost = widths.map(
  (width): Point => [width, microseconds(trainingWorkload(step(width, 64)))],
);
const batchCost = powers(1, 1024).map(
  (batch): Point => [batch, microseconds(trainingWorkload(step(64, batch)))],
);
const replayCost = powers(1e3, 1e7, 10).map((bufferSize): Point => {
  const small: TrainingStep = { hiddenSizes: [64], activation: "relu", batchSize: 32 };
  return [bufferSize, microseconds(trainingWorkload(small, bufferSize))];
});
const cartCost = powers(1, 4096).map(
  (carts): Point => [carts, (1000 * microseconds(cartPoleWorkload(carts))) / carts],
);

const folder = process.argv[2] ?? ".github";
makeFolder(folder);
const log2 = (label: string) => ({ label, logBase: 2 });
saveFile(
  join(folder, "roofline.svg"),
  chartSvg(
    [
      {
        title: "Training step, two equal ReLU layers",
        x: log2("width of a layer"),
        y: { label: "GFLOP/s", from: 0 },
        marks: [{ kind: "level", y: peak, name: "peak of a multiply-add loop" }, ...speeds],
      },
    ],
    1,
    "GFLOP/s of a training step against the layers' width for batches of 32, 256 and 1024, below the peak of a multiply-add loop",
  ),
);
const costs = [
  {
    title: "Width: 2 layers, batch 64",
    x: log2("width"),
    y: { label: "us a step", logBase: 10 },
    points: widthCost,
  },
  {
    title: "Batch: 64-64",
    x: log2("batch"),
    y: { label: "us a step", logBase: 10 },
    points: batchCost,
  },
  {
    title: "Replay: 4-64-2, batch 32",
    x: { label: "transitions held", logBase: 10 },
    y: { label: "us a step", from: 0 },
    points: replayCost,
  },
  {
    title: "CartPoles stepped at once",
    x: log2("carts"),
    y: { label: "ns a step of one cart", from: 0 },
    points: cartCost,
  },
];
saveFile(
  join(folder, "growth.svg"),
  chartSvg(
    costs.map(({ points, ...panel }, k) => ({ ...panel, marks: [curve(k, points)] })),
    2,
    "Cost against layer width, batch size, replay size and number of environments",
  ),
);
