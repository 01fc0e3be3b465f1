import type { Config } from "../../config/config.ts";
import { count } from "./numbers.ts";
import { Term } from "./Term.tsx";
import { pqnCode } from "./updateCode.ts";

/** How PQN learns: its formula, and the same as code. */
export function PqnUpdate({
  config: { layerNorm, numEnvs, numSteps, updateEpochs },
}: {
  readonly config: Config;
}) {
  return (
    <>
      <p>
        {count.format(numEnvs)} copies of the environment run at the same time. Each takes{" "}
        {count.format(numSteps)} steps. Together they are a{" "}
        <Term means="The newest steps of all copies. The network learns from them, and then new steps replace them.">
          rollout
        </Term>
        . The network learns from each of these steps{" "}
        {updateEpochs === 1 ? "once" : `${updateEpochs} times`}, in random order: the Q-value of the
        step moves towards its target.
      </p>
      <p class="formula">
        Q(s<sub>t</sub>, a<sub>t</sub>) → target<sub>t</sub> = r<sub>t</sub> +{" "}
        <Term means="Discount factor: what a reward is worth one step later.">γ</Term> · [ (1 −{" "}
        <Term means="How much the target relies on the rewards that followed. At 0, it uses one reward and an estimate. At 1, it adds up all rewards of the rollout.">
          λ
        </Term>
        ) · max Q(s<sub>t+1</sub>, a′) + λ ·{" "}
        <Term means="The target of the next step. It is already known, because the last step comes first.">
          target
        </Term>
        <sub>t+1</sub> ]
      </p>
      <pre>
        <code>{pqnCode}</code>
      </pre>
      <p>
        These lines are the formula in the library's source, in{" "}
        <code>src/kernels/js/lambdaTargets.ts</code>, for the steps t of one copy e, the last step
        first. <code>value</code> is the best Q-value of the next state, <code>factor</code> is λ,
        and <code>mixed</code> is the sum in brackets. A row has four numbers: action, reward,{" "}
        <Term means="The factor γ. It is 0 after the last step of an episode, because no reward follows.">
          discount
        </Term>{" "}
        and value, which the target replaces. An{" "}
        <Term means="The method that changes the weights, such as RAdam.">optimizer</Term> then
        changes the weights so that the difference becomes smaller.
      </p>
      <p>
        This is PQN. Unlike DQN, it stores no old steps and needs no target network. The many copies
        give varied steps
        {layerNorm && (
          <>
            , and{" "}
            <Term means="It scales the outputs of a layer to mean 0 and variance 1.">
              layer normalisation
            </Term>{" "}
            keeps the Q-values stable
          </>
        )}
        . It still learns from its own estimates, so a test score can collapse.
      </p>
    </>
  );
}
