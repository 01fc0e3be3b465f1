import type { TrainingPlan } from "../dqn/memoryPlan.ts";
import { stateStride } from "../dqn/stateRing.ts";
import { STEP_NUMBERS } from "../dqn/transition.ts";
import type { LayerArrays } from "../network/forward.ts";
import { count } from "../numberText.ts";

/** Names and shapes of arrays by their byte offset, such as "online.fc1.weight (64, 4)". */
export interface RegionNames {
  /** Arrays and parts of arrays. */
  readonly parts: ReadonlyMap<number, string>;
  /** Arrays with named parts, the first of which has the same offset. */
  readonly wholes: ReadonlyMap<number, string>;
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

export function nameRegions(plan: TrainingPlan): RegionNames {
  const { batch, layers, parameters, replay, scratch, shape, state, transition } = plan;
  const { acting, transitions } = scratch;
  const parts = new Map<number, string>();
  const wholes = new Map<number, string>();
  const add = (name: string, { offset, length }: Place, ...sizes: number[]) => {
    if (length > 0) parts.set(offset, `${name} (${sizes.map(count).join(", ")})`);
  };
  const addLayers = (name: string, base: Place, trainable: boolean) => {
    wholes.set(base.offset, `${name} (${count(parameters.trainable)})`);
    for (const { layer, offsets } of parameters.layers) {
      for (const [key, parameter] of Object.entries(layer.parameters)) {
        if (trainable && !parameter.trainable) continue;
        const place = { offset: base.offset + offsets[key]!, length: 1 };
        add(`${name}.${layer.name}.${key}`, place, ...parameter.shape);
      }
    }
  };

  // First, because the last layer's arrays are also `q` and `dQ`.
  parameters.layers.forEach(({ layer: { name, outputs } }, k) => {
    const addArrays = ({ arrays, output }: LayerArrays, ...columns: number[]) => {
      add(`${name}.output`, output, outputs, ...columns);
      for (const [key, array] of Object.entries(arrays)) add(`${name}.${key}`, array, array.length);
    };
    addArrays(layers[k]!, batch);
    addArrays(acting.layers[k]!);
    add(`${name}.gradient`, layers[k]!.gradient, outputs, batch);
  });

  const { stride } = transition;
  add("replay.table", replay.table, replay.table.length / stride, stride);
  const rolloutRows = state.rolloutOrder.length + 1;
  const { greedyValues, rolloutObservations, rolloutSteps } = state;
  add("rollout.observations", rolloutObservations, rolloutRows, stateStride(shape.observationSize));
  add("rollout.steps", rolloutSteps, rolloutRows, STEP_NUMBERS);
  add("greedyValues", greedyValues, greedyValues.length);
  for (const name of [
    "indices",
    "rolloutRows",
    "singleIndex",
    "targets",
    "errors",
    "weights",
  ] as const) {
    add(name, scratch[name], batch);
  }
  for (const name of ["q", "nextQ", "onlineNextQ", "dQ"] as const) {
    add(name, scratch[name], shape.actionCount, batch);
  }
  add("loss", scratch.loss, 1);
  const { observationSize } = shape;
  const stateWidth = stateStride(observationSize);
  add("replay.states", replay.states, replay.states.length / stateWidth, stateWidth);
  const { observation, nextObservation, action, reward, discount, target } = transition;
  const feature = (index: number) => ({
    offset: transitions.offset + 4 * batch * index,
    length: 1,
  });
  if (target === transition.size) {
    wholes.set(transitions.offset, `transitions (${transition.size}, ${batch})`);
  } else {
    wholes.set(transitions.offset, `observation (${count(shape.observationSize)}, ${batch})`);
    wholes.set(feature(action).offset, `step (${STEP_NUMBERS}, ${batch})`);
  }
  const { states } = scratch;
  const hasBytes = states.length > 0;
  const bytes = [states, { ...states, offset: states.offset + 4 * batch * observationSize }];
  const floats = [feature(observation), feature(nextObservation)];
  const [current, next] = hasBytes ? bytes : floats;
  add("observation", current!, observationSize, batch);
  add("nextObservation", next!, observationSize, batch);
  const stateRows = hasBytes
    ? { observationRow: observation, nextObservationRow: nextObservation }
    : {};
  for (const [name, index] of Object.entries({ ...stateRows, action, reward, discount, target })) {
    if (index === transition.size) continue;
    add(name, feature(index), batch);
  }
  add("observation", acting.observation, shape.observationSize);
  add("q", acting.q, shape.actionCount);
  addLayers("online", state.online, false);
  addLayers("target", state.target, false);
  addLayers("gradient", scratch.gradient, true);
  for (const name of ["firstMoment", "secondMoment"] as const) {
    wholes.set(state[name].offset, `${name} (${count(parameters.trainable)})`);
  }
  return { parts, wholes };
}
