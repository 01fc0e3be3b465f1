// A training step in C: the native limit that native.ts compares wasm-dqn with. It does the work of `Dqn.learn`: sampling,
// target network, Q-network, squared loss, backward, Adam. native.ts compiles it twice: WIDTH is the number of floats in a
// vector, 4 (128 bits) or 8 (AVX2).
//
//   native ACTIVATION BATCH UPDATES SIZES...
//
// reads a random stream, the replay buffer and the parameters from stdin. It prints the losses of the first UPDATES updates,
// then the microseconds of one update, one number a line. Hidden sizes are multiples of 4, BATCH is a multiple of 16.
//
// Activations are panels: (batch / LANES, features, LANES). A block of the matrix product then reads contiguous memory.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LANES (2 * WIDTH)
#define CAPACITY 10000
#define OBSERVATION 4
#define ACTIONS 2
#define FEATURES (2 * OBSERVATION + 3)
#define MOST_LAYERS 8
#define INLINE static inline __attribute__((always_inline))

typedef float Vector __attribute__((vector_size(4 * WIDTH)));
typedef int32_t Mask __attribute__((vector_size(4 * WIDTH)));

// Features of a transition: observation, next observation, action, reward, discount.
enum { ACTION = 2 * OBSERVATION, REWARD, DISCOUNT };

typedef struct {
  int inputs, outputs;
  int weight, bias;  // offsets in the parameters: weight (outputs, inputs), bias (outputs)
  float *values, *gradients;  // panels of (outputs)
} Layer;

static Layer layers[MOST_LAYERS];
static int layerCount, parameterCount, batch, isTanh;
static float *online, *target, *gradient, *firstMoment, *secondMoment;
static float *transitions, *nextQ;  // panels of (FEATURES) and (ACTIONS)
static float replay[CAPACITY][FEATURES];
static uint32_t randomState[4], lastSampled[CAPACITY], batchNumber;

static float *allocate(long count) {
  float *values = aligned_alloc(64, (4 * count + 63) / 64 * 64);
  if (values == NULL) exit(1);
  return memset(values, 0, 4 * count);
}

// xoshiro128**, as src/numerics/random.ts
static uint32_t nextUint32(void) {
  uint32_t *s = randomState, scrambled = s[1] * 5, shifted = s[1] << 9;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = s[3] << 11 | s[3] >> 21;
  return (scrambled << 7 | scrambled >> 25) * 9;
}

static uint32_t nextBelow(uint32_t bound) {
  for (;;) {
    uint64_t product = (uint64_t)nextUint32() * bound;
    if ((uint32_t)product >= bound || (uint32_t)product >= -bound % bound) return product >> 32;
  }
}

// Floyd's algorithm, as `ReplayBuffer.sample`: distinct rows, copied into panels.
static void sample(void) {
  batchNumber++;
  for (int k = 0; k < batch; k++) {
    uint32_t row = nextBelow(CAPACITY - batch + 1 + k);
    if (lastSampled[row] == batchNumber) row = CAPACITY - batch + k;
    lastSampled[row] = batchNumber;
    float *column = transitions + k / LANES * FEATURES * LANES + k % LANES;
    for (int f = 0; f < FEATURES; f++) column[f * LANES] = replay[row][f];
  }
}

// Block of `multiply`: `rows` rows of one panel.
INLINE void multiplyBlock(
    const int rows, float *out, const float *a, long rowStep, long columnStep, const float *bias, const float *b,
    int inner, int isRelu) {
  Vector sums[4][2];
  for (int r = 0; r < rows; r++) {
    float start = bias == NULL ? 0 : bias[r];
    sums[r][0] = sums[r][1] = start - (Vector){};
  }
  for (int k = 0; k < inner; k++) {
    const Vector *values = (const Vector *)(b + k * LANES);
    for (int r = 0; r < rows; r++) {
      float factor = a[r * rowStep + k * columnStep];
      sums[r][0] += factor * values[0];
      sums[r][1] += factor * values[1];
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int half = 0; half < 2; half++) {
      Mask kept = isRelu ? sums[r][half] > 0 : (Mask){} - 1;
      ((Vector *)(out + r * LANES))[half] = (Vector)((Mask)sums[r][half] & kept);
    }
  }
}

// out (rows) = a (rows, inner) b (inner) + bias (rows), for each column of the batch. Panels of b have bRows rows. Element
// (r, k) of a is a[r * rowStep + k * columnStep], so that a may be a transposed matrix. bias may be NULL.
// With isRelu, negative results become 0.
static void multiply(
    float *out, const float *a, long rowStep, long columnStep, const float *bias, const float *b, int bRows, int rows,
    int inner, int isRelu) {
  for (int r = 0; r < rows; r += 4) {
    for (int panel = 0; panel < batch / LANES; panel++) {
      float *to = out + (panel * rows + r) * LANES;
      const float *from = b + panel * bRows * LANES, *factors = a + r * rowStep, *start = bias == NULL ? NULL : bias + r;
      if (r + 4 <= rows) multiplyBlock(4, to, factors, rowStep, columnStep, start, from, inner, isRelu);
      else multiplyBlock(2, to, factors, rowStep, columnStep, start, from, inner, isRelu);
    }
  }
}

INLINE float sumLanes(Vector v) {
  float sum = 0;
  for (int k = 0; k < WIDTH; k++) sum += v[k];
  return sum;
}

// Block of `weightGradient`: `rows` outputs and `columns` inputs.
INLINE void gradientBlock(
    const int rows, const int columns, float *out, const float *dy, const float *x, int outputs, int inputs, int xRows) {
  Vector sums[4][4];
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) sums[r][c] = (Vector){};
  for (int panel = 0; panel < batch / LANES; panel++) {
    for (int half = 0; half < LANES; half += WIDTH) {
      for (int r = 0; r < rows; r++) {
        Vector d = *(const Vector *)(dy + (panel * outputs + r) * LANES + half);
        for (int c = 0; c < columns; c++)
          sums[r][c] += d * *(const Vector *)(x + (panel * xRows + c) * LANES + half);
      }
    }
  }
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) out[r * inputs + c] = sumLanes(sums[r][c]);
}

// Gradients of a layer's weights and biases. x: panels of xRows rows, of which the first are the layer's inputs.
static void weightGradient(const Layer *layer, const float *x, int xRows) {
  int inputs = layer->inputs, outputs = layer->outputs;
  const float *dy = layer->gradients;
  float *dWeight = gradient + layer->weight, *dBias = gradient + layer->bias;
  if (outputs % 4 == 0) {
    for (int r = 0; r < outputs; r += 4)
      for (int c = 0; c < inputs; c += 2)
        gradientBlock(4, 2, dWeight + r * inputs + c, dy + r * LANES, x + c * LANES, outputs, inputs, xRows);
  } else {
    for (int r = 0; r < outputs; r += 2)
      for (int c = 0; c < inputs; c += 4)
        gradientBlock(2, 4, dWeight + r * inputs + c, dy + r * LANES, x + c * LANES, outputs, inputs, xRows);
  }
  for (int r = 0; r < outputs; r++) {
    Vector sum = {};
    for (int panel = 0; panel < batch / LANES; panel++) {
      const Vector *values = (const Vector *)(dy + (panel * outputs + r) * LANES);
      sum += values[0] + values[1];
    }
    dBias[r] = sumLanes(sum);
  }
}

// The rational approximation of assembly/activation.ts
static void tanhForward(float *values, long count) {
  for (long k = 0; k < count; k++) {
    float x = values[k] < -7.75f ? -7.75f : values[k] > 7.75f ? 7.75f : values[k], u = x * x;
    float numerator = ((u + 259.72824f) * u + 11405.158f) * u + 88296.74f;
    float denominator = (((0.021422675f * u + 20.95508f) * u + 2099.414f) * u + 40837.297f) * u + 88296.76f;
    values[k] = x * numerator / denominator;
  }
}

static void activationGradient(float *restrict d, const float *restrict y, long count) {
  if (isTanh) {
    for (long k = 0; k < count; k++) d[k] *= 1 - y[k] * y[k];
  } else {
    for (long k = 0; k < count; k++) d[k] = y[k] > 0 ? d[k] : 0;
  }
}

// Writes the values of all layers. input: panels of FEATURES rows.
static void forward(const float *parameters, const float *input) {
  int rows = FEATURES;
  for (int k = 0; k < layerCount; k++) {
    Layer *layer = layers + k;
    int isHidden = k + 1 < layerCount;
    const float *weight = parameters + layer->weight, *bias = parameters + layer->bias;
    multiply(layer->values, weight, layer->inputs, 1, bias, input, rows, layer->outputs, layer->inputs, isHidden && !isTanh);
    if (isHidden && isTanh) tanhForward(layer->values, (long)layer->outputs * batch);
    input = layer->values;
    rows = layer->outputs;
  }
}

static void backward(void) {
  for (int k = layerCount - 1; k >= 0; k--) {
    Layer *layer = layers + k, *below = layer - 1;
    if (k == 0) weightGradient(layer, transitions, FEATURES);
    else {
      weightGradient(layer, below->values, below->outputs);
      const float *weight = online + layer->weight;
      multiply(below->gradients, weight, 1, layer->inputs, NULL, layer->gradients, layer->outputs, layer->inputs, layer->outputs, 0);
      activationGradient(below->gradients, below->values, (long)below->outputs * batch);
    }
  }
}

// Writes the gradient of the mean squared TD error. Returns the error.
static float lossGradient(void) {
  Layer *last = layers + layerCount - 1;
  float loss = 0;
  for (int panel = 0; panel < batch / LANES; panel++) {
    const float *q = last->values + panel * ACTIONS * LANES, *next = nextQ + panel * ACTIONS * LANES;
    const float *transition = transitions + panel * FEATURES * LANES;
    float *dQ = last->gradients + panel * ACTIONS * LANES;
    for (int k = 0; k < LANES; k++) {
      float best = next[k] > next[LANES + k] ? next[k] : next[LANES + k], action = transition[ACTION * LANES + k];
      float goal = transition[REWARD * LANES + k] + transition[DISCOUNT * LANES + k] * best;
      float error = (action == 0 ? q[k] : q[LANES + k]) - goal, d = 2.0f / batch * error;
      loss += error * error;
      dQ[k] = action == 0 ? d : 0;
      dQ[LANES + k] = action == 0 ? 0 : d;
    }
  }
  return loss / batch;
}

static void adam(float *restrict p, const float *restrict g, float *restrict m, float *restrict v) {
  static double power1 = 1, power2 = 1;
  power1 *= 0.9;
  power2 *= 0.999;
  float step = 1e-3 / (1 - power1), scale = 1 / sqrt(1 - power2);
  for (int k = 0; k < parameterCount; k++) {
    m[k] = 0.9f * m[k] + 0.1f * g[k];
    v[k] = 0.999f * v[k] + 0.001f * g[k] * g[k];
    p[k] -= step * m[k] / (sqrtf(v[k]) * scale + 1e-8f);
  }
}

static float update(void) {
  sample();
  forward(target, transitions + OBSERVATION * LANES);
  memcpy(nextQ, layers[layerCount - 1].values, 4L * ACTIONS * batch);
  forward(online, transitions);
  float loss = lossGradient();
  backward();
  adam(online, gradient, firstMoment, secondMoment);
  return loss;
}

static double microseconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// Median time of an update over samples of 20 ms, after 100 ms of warm-up.
static double timeUpdate(void) {
  double start = microseconds(), samples[5];
  long warm = 0;
  while (microseconds() - start < 100e3) update(), warm++;
  long times = warm / 5 + 1;
  for (int k = 0; k < 5; k++) {
    start = microseconds();
    for (long n = 0; n < times; n++) update();
    samples[k] = (microseconds() - start) / times;
  }
  qsort(samples, 5, sizeof *samples, compare);
  return samples[2];
}

int main(int count, char **arguments) {
  if (count < 6 || count - 5 > MOST_LAYERS) return 2;
  isTanh = strcmp(arguments[1], "tanh") == 0;
  batch = atoi(arguments[2]);
  layerCount = count - 5;
  for (int k = 0; k < layerCount; k++) {
    int inputs = atoi(arguments[k + 4]), outputs = atoi(arguments[k + 5]), weight = parameterCount;
    float *values = allocate((long)outputs * batch), *gradients = allocate((long)outputs * batch);
    layers[k] = (Layer){inputs, outputs, weight, weight + inputs * outputs, values, gradients};
    parameterCount += (inputs + 1) * outputs;
  }
  online = allocate(parameterCount);
  target = allocate(parameterCount);
  gradient = allocate(parameterCount);
  firstMoment = allocate(parameterCount);
  secondMoment = allocate(parameterCount);
  transitions = allocate((long)FEATURES * batch);
  nextQ = allocate((long)ACTIONS * batch);
  if (fread(randomState, sizeof randomState, 1, stdin) != 1 || fread(replay, sizeof replay, 1, stdin) != 1) return 1;
  if (fread(online, 4, parameterCount, stdin) != (size_t)parameterCount) return 1;
  memcpy(target, online, 4L * parameterCount);
  for (int updates = atoi(arguments[3]); updates > 0; updates--) printf("%.9g\n", update());
  printf("%.4f\n", timeUpdate());
  return 0;
}
