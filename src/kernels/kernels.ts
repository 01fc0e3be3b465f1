/**
 * The numeric operations, as pure functions over byte offsets into one memory. Two implementations exist, `wasm`
 * and `js`, and for finite numbers they write the same bits.
 *
 * Every number is float32 unless said otherwise; every `...Ptr` is a byte offset, 16-byte aligned. Activations are
 * feature-major, (features, batch), and `batch` is a multiple of 8: the memory plan pads it, and padding columns carry
 * action -1, so that they add nothing to any loss or gradient.
 */
export interface Kernels {
  /**
   * output[o][b] = max(bias[o] + sum_i weight[o][i] * input[i][b], lowerBound), summed with i ascending.
   * output (outputs, batch), input (inputs, batch), weight (outputs, inputs), bias (outputs).
   * lowerBound: 0 for ReLU, -Infinity for none.
   */
  denseForward(
    outputPtr: number,
    inputPtr: number,
    weightPtr: number,
    biasPtr: number,
    outputs: number,
    inputs: number,
    batch: number,
    lowerBound: number,
  ): void;

  /**
   * The same layer for a single observation: output (outputs), input (inputs). Sums over i in four lanes
   * (i mod 4) as (0 + 1) + (2 + 3), then the inputs after the last whole four, then the bias.
   */
  denseForwardOne(
    outputPtr: number,
    inputPtr: number,
    weightPtr: number,
    biasPtr: number,
    outputs: number,
    inputs: number,
    lowerBound: number,
  ): void;

  /**
   * dWeight[o][i] = sum_b dOutput[o][b] * input[i][b]; dBias[o] = sum_b dOutput[o][b]. Sums over b in four lanes
   * (b mod 4) as (0 + 1) + (2 + 3).
   */
  denseBackwardWeights(
    dWeightPtr: number,
    dBiasPtr: number,
    dOutputPtr: number,
    inputPtr: number,
    outputs: number,
    inputs: number,
    batch: number,
  ): void;

  /** dInput[i][b] = sum_o weight[o][i] * dOutput[o][b], o ascending. */
  denseBackwardInput(
    dInputPtr: number,
    dOutputPtr: number,
    weightPtr: number,
    outputs: number,
    inputs: number,
    batch: number,
  ): void;

  /** values[k] = tanh(values[k]) for k < count, rounded up to a multiple of 4; relative error below 4e-7. */
  tanhForward(valuesPtr: number, count: number): void;

  /** d[k] *= 1 - y[k]^2, where y is what tanhForward returned; count a multiple of 4. */
  tanhBackward(dPtr: number, yPtr: number, count: number): void;

  /** d[k] = 0 where y[k] <= 0, where y is a ReLU's output; count a multiple of 4. */
  reluBackward(dPtr: number, yPtr: number, count: number): void;

  /** target[b] = reward[b] + discount[b] * max_a nextQ[a][b]. nextQ (actions, batch), the others (batch). */
  tdTarget(
    targetPtr: number,
    nextQPtr: number,
    rewardPtr: number,
    discountPtr: number,
    actions: number,
    batch: number,
  ): void;

  /**
   * Returns the mean of (q[action] - target)^2 over `samples` columns and writes its gradient to dQ.
   * dQ and q (actions, batch), action and target (batch); action holds whole numbers as float32, -1 in padding.
   */
  mseGradient(
    dQPtr: number,
    qPtr: number,
    actionPtr: number,
    targetPtr: number,
    actions: number,
    batch: number,
    samples: number,
  ): number;

  /**
   * The same for the Huber loss in PyTorch's SmoothL1 form: e^2 / (2 beta) where |e| < beta, else |e| - beta / 2. beta > 0.
   */
  huberGradient(
    dQPtr: number,
    qPtr: number,
    actionPtr: number,
    targetPtr: number,
    actions: number,
    batch: number,
    samples: number,
    beta: number,
  ): number;

  /**
   * One step of Adam (Kingma & Ba 2015) in PyTorch's form over `count` floats, a multiple of 4:
   *   m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
   *   weight -= stepSize * m / (sqrt(v) * varianceScale + epsilon),
   * stepSize = learningRate / (1 - beta1^t), varianceScale = 1 / sqrt(1 - beta2^t).
   */
  adam(
    weightPtr: number,
    gradientPtr: number,
    meanPtr: number,
    variancePtr: number,
    count: number,
    stepSize: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    varianceScale: number,
  ): void;

  /** target[k] = tau * online[k] + (1 - tau) * target[k], `count` floats, a multiple of 4. */
  softUpdate(targetPtr: number, onlinePtr: number, count: number, tau: number): void;

  /**
   * batch[c][k] = table[rows[k]][c]. batch (width, count), table (any, rowStride), rows (count) u32; count and rowStride
   * multiples of 4, width <= rowStride.
   */
  gatherRows(
    batchPtr: number,
    tablePtr: number,
    rowsPtr: number,
    width: number,
    rowStride: number,
    count: number,
  ): void;

  /**
   * One step of `count` CartPoles, as Gymnasium's CartPole-v1 with explicit Euler. state (4, count) float64, updated:
   * position m, velocity m/s, angle rad, angular velocity rad/s. observation (4, count), the new state. action (count)
   * u32: 0 pushes left, else right. terminated (count) u32: 1 beyond 2.4 m or 12 degrees. Returns how many are.
   */
  cartPoleStep(
    statePtr: number,
    observationPtr: number,
    terminatedPtr: number,
    actionPtr: number,
    count: number,
  ): number;
}

/** Which implementation of the kernels: the WebAssembly SIMD one, or the JavaScript baseline with the same bits. */
export type Backend = "wasm" | "js";
