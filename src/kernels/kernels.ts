/** How kernels are told an activation. */
export const activationCodes = { identity: 0, relu: 1, tanh: 2 } as const;

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
   * (b mod 4) as (0 + 1) + (2 + 3). scratch (4, batch): its content is undefined before and after.
   */
  denseBackwardWeights(
    dWeightPtr: number,
    dBiasPtr: number,
    dOutputPtr: number,
    inputPtr: number,
    scratchPtr: number,
    outputs: number,
    inputs: number,
    batch: number,
  ): void;

  /**
   * dInput[i][b] = f'(input[i][b]) * sum_o weight[o][i] * dOutput[o][b], o ascending. `input` is the output of the activation
   * f, one of `activationCodes`: f' is 1 for identity, 0 or 1 for ReLU, 1 - input^2 for tanh.
   * dInput, input (inputs, batch); scratch (outputs, 4).
   */
  denseBackwardInput(
    dInputPtr: number,
    dOutputPtr: number,
    weightPtr: number,
    inputPtr: number,
    scratchPtr: number,
    outputs: number,
    inputs: number,
    batch: number,
    activation: number,
  ): void;

  /** values[k] = tanh(values[k]) for k < count, rounded up to a multiple of 4; relative error below 5e-7. */
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
   * Double DQN (van Hasselt et al. 2016): target[b] = reward[b] + discount[b] * nextQ[a*][b], where a* is the first action of
   * the greatest choosingQ[a][b]. choosingQ and nextQ (actions, batch), the others (batch).
   */
  doubleTarget(
    targetPtr: number,
    choosingQPtr: number,
    nextQPtr: number,
    rewardPtr: number,
    discountPtr: number,
    actions: number,
    batch: number,
  ): void;

  /**
   * Returns the mean of weight * error^2 over `samples` columns, error = q[action] - target, and writes the errors and the
   * gradient with respect to q. dQ and q (actions, batch), the others (batch); action holds whole numbers as float32,
   * -1 in padding; weight is 1, or an importance weight.
   */
  mseGradient(
    dQPtr: number,
    errorPtr: number,
    qPtr: number,
    actionPtr: number,
    targetPtr: number,
    weightPtr: number,
    actions: number,
    batch: number,
    samples: number,
  ): number;

  /**
   * The same for the Huber loss in PyTorch's SmoothL1 form: e^2 / (2 beta) where |e| < beta, else |e| - beta / 2. beta > 0.
   */
  huberGradient(
    dQPtr: number,
    errorPtr: number,
    qPtr: number,
    actionPtr: number,
    targetPtr: number,
    weightPtr: number,
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
   * A moment that decays becomes 0 where its square is 0 in float32: smaller numbers are slow, and a dead unit's would stay.
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

  /**
   * One step of RMSprop in PyTorch's form over `count` floats, a multiple of 4: square = alpha square + (1 - alpha) g^2;
   * buffer = momentum buffer + g / (sqrt(square) + epsilon); weight -= learningRate * buffer.
   */
  rmsprop(
    weightPtr: number,
    gradientPtr: number,
    bufferPtr: number,
    squarePtr: number,
    count: number,
    learningRate: number,
    alpha: number,
    epsilon: number,
    momentum: number,
  ): void;

  /** buffer = momentum buffer + g; weight -= learningRate * buffer, `count` floats, a multiple of 4. */
  sgd(
    weightPtr: number,
    gradientPtr: number,
    bufferPtr: number,
    count: number,
    learningRate: number,
    momentum: number,
  ): void;

  /** values[k] limited to +-limit, `count` floats, a multiple of 4. */
  clampValues(valuesPtr: number, count: number, limit: number): void;

  /**
   * Scales `count` floats, a multiple of 4, by maxNorm / (their Euclidean norm + 1e-6) where that is below 1, as
   * PyTorch's clip_grad_norm_ does.
   */
  clipNorm(valuesPtr: number, count: number, maxNorm: number): void;

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
   * Batch normalisation (Ioffe & Szegedy 2015) of training: output[f][b] = max((input - mean) * inverseStd * scale[f] +
   * shift[f], lowerBound) with the mean and biased variance of the first `samples` columns. mean and inverseStd are kept for
   * the backward pass; the running statistics move by `momentum`, the variance unbiased. output and input (features,
   * batch), the others (features); samples >= 2.
   */
  batchNormForward(
    outputPtr: number,
    inputPtr: number,
    scalePtr: number,
    shiftPtr: number,
    runningMeanPtr: number,
    runningVariancePtr: number,
    meanPtr: number,
    inverseStdPtr: number,
    features: number,
    batch: number,
    samples: number,
    momentum: number,
    epsilon: number,
    lowerBound: number,
  ): void;

  /** The same with the running statistics, which stay as they are. batch may also be 1: a row of features. */
  batchNormEvaluate(
    outputPtr: number,
    inputPtr: number,
    scalePtr: number,
    shiftPtr: number,
    runningMeanPtr: number,
    runningVariancePtr: number,
    features: number,
    batch: number,
    epsilon: number,
    lowerBound: number,
  ): void;

  /**
   * With normal = (input - mean) * inverseStd: dShift[f] = sum_b d; dScale[f] = sum_b d * normal; then d becomes
   * scale * inverseStd * (d - dShift / samples - normal * dScale / samples), and 0 in padding columns.
   * d and input (features, batch), the others (features).
   */
  batchNormBackward(
    dPtr: number,
    dScalePtr: number,
    dShiftPtr: number,
    inputPtr: number,
    scalePtr: number,
    meanPtr: number,
    inverseStdPtr: number,
    features: number,
    batch: number,
    samples: number,
  ): void;

  /**
   * The dueling head (Wang et al. 2016): q[a] = (value + advantage[a]) - mean over a of advantage. head (1 + actions, batch):
   * the value's row, then the advantages'; q (actions, batch).
   */
  duelingForward(qPtr: number, headPtr: number, actions: number, batch: number): void;

  /** The same for one observation: head (1 + actions), q (actions). */
  duelingForwardOne(qPtr: number, headPtr: number, actions: number): void;

  /** dValue = sum over a of dQ[a]; dAdvantage[a] = dQ[a] - dValue / actions. Shapes as in duelingForward. */
  duelingBackward(dHeadPtr: number, dQPtr: number, actions: number, batch: number): void;

  /**
   * One step of `count` CartPoles, as Gymnasium's CartPole-v1 with explicit Euler. state (4, count) float64, updated:
   * position m, velocity m/s, angle rad, angular velocity rad/s. observation (4, count), the new state. force (count)
   * float64 in N, to the right. terminated (count) u32: 1 beyond 2.4 m or 12 degrees. Returns how many are.
   */
  cartPoleStep(
    statePtr: number,
    observationPtr: number,
    terminatedPtr: number,
    forcePtr: number,
    count: number,
  ): number;

  /**
   * One step of Gymnasium's MountainCar-v0. state (2) float64, updated: position, velocity. observation (2), the new state.
   * action 0 left, 1 none, 2 right. Returns 1 at the goal, else 0.
   */
  mountainCarStep(statePtr: number, observationPtr: number, action: number): number;

  /**
   * One step of Gymnasium's Acrobot-v1, Runge-Kutta over 0.2 s. state (4) float64, updated: both angles rad, both velocities
   * rad/s. observation (6): cosine and sine of each angle, then the velocities. action 0, 1, 2: torque -1, 0, 1. Returns 1
   * where the tip is high enough, else 0.
   */
  acrobotStep(statePtr: number, observationPtr: number, action: number): number;
}

/** Which implementation of the kernels: the WebAssembly SIMD one, or the JavaScript baseline with the same bits. */
export type Backend = "wasm" | "js";
