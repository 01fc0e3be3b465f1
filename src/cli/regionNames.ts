import type { TrainingPlan } from "../dqn/memoryPlan.ts";
import { stateStride } from "../dqn/stateRing.ts";
import { count } from "../numberText.ts";

/** Names and shapes of arrays by their byte offset, such as "online.layer1.weight (64, 4)". */
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
  const { batch, parameters, replay, scratch, shape, state, transition } = plan;
  const { acting, transitions } = scratch;
  const parts = new Map<number, string>();
  const wholes = new Map<number, string>();
  const add = (name: string, { offset, length }: Place, ...sizes: number[]) => {
    if (length > 0) parts.set(offset, `${name} (${sizes.map(count).join(", ")})`);
  };
  const addLayers = (name: string, base: Place, trainable: boolean) => {
    wholes.set(base.offset, `${name} (${count(parameters.trainable)})`);
    parameters.layers.forEach(({ bias, inputs, norm, outputs, weight }, k) => {
      const layer = `${name}.layer${k + 1}`;
      const at = (offset: number) => ({ offset: base.offset + offset, length: outputs });
      add(`${layer}.weight`, at(weight), outputs, inputs);
      add(`${layer}.bias`, at(bias), outputs);
      for (const [part, offset] of Object.entries(norm ?? {})) {
        if (trainable && part.startsWith("running")) continue;
        add(`${layer}.${part}`, at(offset), outputs);
      }
    });
  };

  const { stride } = transition;
  add("replay.table", replay.table, replay.table.length / stride, stride);
  for (const name of ["indices", "singleIndex", "targets", "errors", "weights"] as const) {
    add(name, scratch[name], batch);
  }
  for (const name of ["q", "nextQ", "onlineNextQ", "dQ"] as const) {
    add(name, scratch[name], shape.actionCount, batch);
  }
  add("loss", scratch.loss, 1);
  const { observationSize } = shape;
  const stateWidth = stateStride(observationSize);
  add("replay.states", replay.states, replay.states.length / stateWidth, stateWidth);
  const { observation, nextObservation, action, reward, discount } = transition;
  const feature = (index: number) => ({
    offset: transitions.offset + 4 * batch * index,
    length: 1,
  });
  wholes.set(transitions.offset, `transitions (${transition.size}, ${batch})`);
  const { states } = scratch;
  const hasBytes = states.length > 0;
  const bytes = [states, { ...states, offset: states.offset + 4 * batch * observationSize }];
  const floats = [feature(observation), feature(nextObservation)];
  const [current, next] = hasBytes ? bytes : floats;
  add("observation", current!, observationSize, batch);
  add("nextObservation", next!, observationSize, batch);
  const rows = hasBytes ? { observationRow: observation, nextObservationRow: nextObservation } : {};
  for (const [name, index] of Object.entries({ ...rows, action, reward, discount })) {
    add(name, feature(index), batch);
  }
  parameters.layers.forEach(({ outputs }, k) => {
    const { beforeNorm, gradient, inverseStd, mean, output } = scratch.layers[k]!;
    const layer = `layer${k + 1}`;
    add(`${layer}.output`, output, outputs, batch);
    add(`${layer}.gradient`, gradient, outputs, batch);
    add(`${layer}.beforeNorm`, beforeNorm, outputs, batch);
    add(`${layer}.mean`, mean, outputs);
    add(`${layer}.inverseStd`, inverseStd, outputs);
    add(`${layer}.output`, acting.outputs[k]!, outputs);
  });
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
