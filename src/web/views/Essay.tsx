import { Term } from "./Term.tsx";
import { updateCode } from "./updateCode.ts";

/** A short introduction to the algorithm. */
export function Essay() {
  return (
    <section id="essay" aria-labelledby="essay-title">
      <h2 id="essay-title">How it learns</h2>
      <div class="columns">
        <p>
          The network sees the state as a few numbers and gives one number for each action: its{" "}
          <Term means="The total future reward that the network expects if it takes the action and then always the best one.">
            Q-value
          </Term>
          . It takes the action with the highest one, or sometimes a random action (
          <Term means="The fraction of random actions. It falls while the network learns.">
            epsilon
          </Term>
          ). It stores every step in a{" "}
          <Term means="The latest steps: state, action, reward and next state.">replay buffer</Term>
          , draws a few of them at random and moves the Q-value of each towards its target:
        </p>
        <p class="formula">
          Q(s, a) → r +{" "}
          <Term means="Discount factor: what a reward is worth one step later.">γ</Term> · max Q
          <sub>
            <Term means="An older copy of the network. It stays fixed for a while, which keeps the estimates from chasing themselves.">
              target
            </Term>
          </sub>
          (s′, a′)
        </p>
        <pre>
          <code>{updateCode}</code>
        </pre>
        <p>
          These eight lines are the formula in the library: for each transition b of a batch, the
          best Q-value of the next state times the discount, plus the reward. An optimizer then
          changes the weights so that the difference becomes smaller.
        </p>
        <p>
          The network learns from its own estimates, because the value of the next state is one of
          them. That is why learning is noisy, why a test score can collapse, and why the target
          network helps.
        </p>
        <p>
          The race trains the same seed with WebAssembly SIMD and with plain JavaScript. All sums
          are added in the same order, so both end with the same bits, here and on every other
          machine. A link to this page is therefore an exact experiment.
        </p>
        <p>
          Papers: Mnih et al., <cite>Human-level control through deep reinforcement learning</cite>{" "}
          (2015); van Hasselt et al.,{" "}
          <cite>Deep reinforcement learning with double Q-learning</cite> (2016); Schaul et al.,{" "}
          <cite>Prioritized experience replay</cite> (2016). To use it in your own page:{" "}
          <code>npm install wasm-dqn</code>.
        </p>
      </div>
    </section>
  );
}
