import { Term } from "./Term.tsx";
import { dqnCode } from "./updateCode.ts";

/** How DQN learns: its formula, and the same as code. */
export function DqnUpdate() {
  return (
    <>
      <p>
        It stores every step in a{" "}
        <Term means="The latest steps: state, action, reward and next state.">replay buffer</Term>,
        draws a few of them at random and moves the Q-value of each towards its target:
      </p>
      <p class="formula">
        Q(s, a) → r + <Term means="Discount factor: what a reward is worth one step later.">γ</Term>{" "}
        · max Q
        <sub>
          <Term means="An older copy of the network. It stays fixed for a while, so that the estimates do not chase themselves.">
            target
          </Term>
        </sub>
        (s′, a′)
      </p>
      <pre>
        <code>{dqnCode}</code>
      </pre>
      <p>
        These lines are the formula in the library's source, in{" "}
        <code>src/kernels/js/tdError.ts</code>. They run for each of the drawn steps b: the best
        Q-value of the next state times the{" "}
        <Term means="The factor γ. It is 0 after the last step of an episode, because no reward follows.">
          discount
        </Term>
        , plus the reward. An{" "}
        <Term means="The method that changes the weights, such as Adam.">optimizer</Term> then
        changes the weights so that the difference becomes smaller.
      </p>
      <p>
        The network learns from its own estimates, because the value of the next state is one of
        them. That is why learning is noisy and why a test score can collapse. The target network
        makes both rarer.
      </p>
    </>
  );
}
