import { session, tab } from "../state/app.ts";
import { DqnUpdate } from "./DqnUpdate.tsx";
import { PqnUpdate } from "./PqnUpdate.tsx";
import { Term } from "./Term.tsx";

/** A short introduction to the run's algorithm. */
export function Essay() {
  const config = session.run.value?.config.value;
  return (
    <section id="essay" aria-labelledby="essay-title">
      <h2 id="essay-title">How it learns</h2>
      <div class="columns">
        <p>
          The network reads the state as numbers and gives one number for each action: its{" "}
          <Term means="The total future reward that the network expects if it takes this action and then always the best one.">
            Q-value
          </Term>
          . It takes the action with the highest one, or sometimes a random action. The fraction of
          random actions is{" "}
          <Term means="1 means only random actions, 0 means none. It falls while the network learns.">
            epsilon
          </Term>
          .
          {config?.evalEvery != null &&
            ` The test score is the mean of ${config.evalEpisodes} episodes without random actions.`}
        </p>
        {config?.algorithm === "pqn" ? <PqnUpdate config={config} /> : <DqnUpdate />}
        {tab.value.players === 2 && (
          <p>
            Here the next state is the opponent's. What is good for the opponent is bad for the
            network, so γ has a minus sign.
          </p>
        )}
        <p>
          The race trains the same seed with WebAssembly SIMD and with plain JavaScript. All sums
          are added in the same order, and <code>fround</code> rounds each result to 32 bits, as
          WebAssembly does. So both end with the same bits, here and on every other machine. A link
          to this page is therefore an exact experiment.
        </p>
        <p>
          Papers: Mnih et al., <cite>Human-level control through deep reinforcement learning</cite>{" "}
          (2015); van Hasselt et al.,{" "}
          <cite>Deep reinforcement learning with double Q-learning</cite> (2016); Schaul et al.,{" "}
          <cite>Prioritized experience replay</cite> (2016); Gallici et al.,{" "}
          <cite>Simplifying deep temporal difference learning</cite> (2024); Young and Tian,{" "}
          <cite>MinAtar: An Atari-inspired testbed</cite> (2019). To use it in your own page:{" "}
          <code>npm install wasm-dqn</code>.
        </p>
      </div>
    </section>
  );
}
