/** Mark in the row tables of the convolution kernels: a place outside the grid, where the input is 0. */
export const outside = 0xffffffff;

/** A convolution with square kernels over a grid. */
export interface Convolution {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly kernelSize: number;
  readonly stride: number;
  /** `valid`: kernels stay inside the grid. `same`: zeros around the grid, so that stride 1 keeps its size; an odd one comes last. */
  readonly padding: "valid" | "same";
}

/** Returns the number of output rows (or columns) of a grid with `size` of them. */
export function convolvedSize(
  size: number,
  { kernelSize, padding, stride }: Pick<Convolution, "kernelSize" | "padding" | "stride">,
): number {
  return Math.ceil((padding === "same" ? size : size - kernelSize + 1) / stride);
}

/** Returns the number of zeros before the first row (or column) of a grid with `size` of them. */
export function zerosBefore(size: number, convolution: Convolution): number {
  if (convolution.padding === "valid") return 0;
  const { kernelSize, stride } = convolution;
  const last = (convolvedSize(size, convolution) - 1) * stride + kernelSize;
  return Math.max(0, last - size) >> 1;
}

/** Calls `visit` for each pixel of the output and each place (k, position) of its kernel; position -1 is outside the grid. */
function visitPlaces(
  convolution: Convolution,
  visit: (pixel: number, k: number, position: number) => void,
): void {
  const { columns, kernelSize, rows, stride } = convolution;
  const [top, left] = [zerosBefore(rows, convolution), zerosBefore(columns, convolution)];
  const width = convolvedSize(columns, convolution);
  const pixels = convolvedSize(rows, convolution) * width;
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let k = 0; k < kernelSize * kernelSize; k++) {
      const y = Math.floor(pixel / width) * stride + Math.floor(k / kernelSize) - top;
      const x = (pixel % width) * stride + (k % kernelSize) - left;
      const inside = y >= 0 && y < rows && x >= 0 && x < columns;
      visit(pixel, k, inside ? y * columns + x : -1);
    }
  }
}

/**
 * Returns the rows (pixels, channels x area) of `convForward` and `convBackwardWeights`.
 * @param order of the input: channels first, as convolutions write it, or last, as observations have it
 */
export function patchRows(convolution: Convolution, order: "first" | "last"): Uint32Array {
  const { channels, columns, kernelSize, rows } = convolution;
  const area = kernelSize * kernelSize;
  const pixels = convolvedSize(rows, convolution) * convolvedSize(columns, convolution);
  const table = new Uint32Array(pixels * channels * area).fill(outside);
  visitPlaces(convolution, (pixel, k, position) => {
    if (position < 0) return;
    for (let c = 0; c < channels; c++) {
      const row = order === "last" ? position * channels + c : c * rows * columns + position;
      table[(pixel * channels + c) * area + k] = row;
    }
  });
  return table;
}

/** Returns the rows (positions, filters x area) of `convBackwardInput`. */
export function gradientRows(convolution: Convolution, filters: number): Uint32Array {
  const { columns, kernelSize, rows } = convolution;
  const area = kernelSize * kernelSize;
  const pixels = convolvedSize(rows, convolution) * convolvedSize(columns, convolution);
  const table = new Uint32Array(rows * columns * filters * area).fill(outside);
  visitPlaces(convolution, (pixel, k, position) => {
    if (position < 0) return;
    for (let o = 0; o < filters; o++) {
      table[(position * filters + o) * area + k] = o * pixels + pixel;
    }
  });
  return table;
}

/** Floats of packed weights and their gathered inputs: `terms` products for each of `outputs`. */
function packedLength(outputs: number, terms: number): number {
  return 4 * Math.ceil(outputs / 4) * (terms + 1) + 8 * terms + 32;
}

/** Returns the floats of scratch memory that a convolution's forward kernels need. */
export function forwardScratch({ channels, kernelSize }: Convolution, filters: number): number {
  return packedLength(filters, channels * kernelSize * kernelSize);
}

/** Returns the floats of scratch memory that a convolution's kernels need, forward and backward. */
export function convolutionScratch(
  convolution: Convolution,
  filters: number,
  batch: number,
): number {
  const { channels, columns, kernelSize, rows } = convolution;
  const area = kernelSize * kernelSize;
  const pixels = convolvedSize(rows, convolution) * convolvedSize(columns, convolution);
  const forward = forwardScratch(convolution, filters);
  return Math.max(forward, packedLength(channels, filters * area), 4 * pixels * batch);
}
