import { Fragment } from "preact";
import { session, tab } from "../state/app.ts";
import { DqnUpdate } from "./DqnUpdate.tsx";
import { PqnUpdate } from "./PqnUpdate.tsx";
import { Term } from "./Term.tsx";

/** Authors, title, address and year. */
const papers = [
  [
    "Mnih et al.",
    "Human-level control through deep reinforcement learning",
    "doi.org/10.1038/nature14236",
    2015,
  ],
  [
    "van Hasselt et al.",
    "Deep reinforcement learning with double Q-learning",
    "arxiv.org/abs/1509.06461",
    2016,
  ],
  ["Schaul et al.", "Prioritized experience replay", "arxiv.org/abs/1511.05952", 2016],
  [
    "Gallici et al.",
    "Simplifying deep temporal difference learning",
    "arxiv.org/abs/2407.04811",
    2024,
  ],
  ["Young and Tian", "MinAtar: An Atari-inspired testbed", "arxiv.org/abs/1903.03176", 2019],
] as const;

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
          Papers:{" "}
          {papers.map(([authors, title, address, year], k) => (
            <Fragment key={address}>
              {k === 0 ? "" : "; "}
              {authors}, <a href={`https://${address}`}>{title}</a> ({year})
            </Fragment>
          ))}
          . To use it in your own page: <code>npm pack</code> in the library's folder, then{" "}
          <code>npm install path/wasm-dqn-0.1.0.tgz</code> in yours.
        </p>
      </div>
    </section>
  );
}
