import { isatty, ReadStream } from "node:tty";
import { greedyActions } from "../dqn/evaluate.ts";
import { type ChooseAction, randomActions } from "../environments/againstOpponent.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Policy } from "../formats/policy.ts";
import type { ActingNetwork } from "../network/actingNetwork.ts";
import { HumanPlayer } from "./humanPlayer.ts";
import { KeyPlayer } from "./keyPlayer.ts";
import { openPolicyFile } from "./policyFile.ts";

/** A player that needs no person. */
export interface AutomaticPlayer {
  readonly name: string;
  readonly choose: ChooseAction;
}

/** A player of a game. */
export interface Player {
  readonly name: string;
  readonly isHuman: boolean;
  /** Whether a person plays with single keys while the screen shows the game; false by default. */
  readonly hasKeys?: boolean;
  /** Chooses an action; null if the input of a person ends. */
  choose(...input: Parameters<ChooseAction>): number | Promise<number | null>;
}

/** Plays greedily. */
export function policyPlayer(name: string, network: ActingNetwork): AutomaticPlayer {
  return { name, choose: greedyActions(network) };
}

/** Asks a person on standard input. */
export function humanPlayer(spec: Policy["spec"]): Player {
  const human = new HumanPlayer(actionNames(spec));
  return { name: "you", isHuman: true, choose: (_, legal) => human.choose(legal) };
}

/** Lets a person play with single keys, if standard input and output are a terminal. */
export function keyPlayer(spec: Policy["spec"]): Player | null {
  if (!isatty(0) || !process.stdout.isTTY) return null;
  const input = new ReadStream(0);
  process.once("exit", () => input.setRawMode(false));
  const person = new KeyPlayer(actionNames(spec), input);
  console.log(person.help);
  return { name: "you", isHuman: true, hasKeys: true, choose: (_, legal) => person.choose(legal) };
}

/** Opponent that --against names. */
export interface OpponentChoice {
  /** `random`, `human`, `policy` for the same policy, or a policy file or run folder. */
  readonly against: string;
  readonly policy: Policy;
  /** Value of --env. */
  readonly env: string | undefined;
  readonly seed: number;
}

/** Returns the opponent. @throws RunError for a policy that cannot be read or is of another game */
export async function chooseOpponent(choice: OpponentChoice): Promise<Player> {
  if (choice.against !== "human") {
    return { ...(await automaticOpponent(choice)), isHuman: false };
  }
  return humanPlayer(choice.policy.spec);
}

/**
 * Returns the opponent that --against names, if it is not a person.
 * @throws RunError for a policy that cannot be read or is of another game
 */
export async function automaticOpponent(choice: OpponentChoice): Promise<AutomaticPlayer> {
  const { against, env, policy, seed } = choice;
  const { network, spec } = policy;
  if (against === "policy") return policyPlayer("the same policy", network);
  if (against === "random") {
    return { name: "random play", choose: randomActions(spec.actionCount, seed) };
  }
  const { path, policy: other } = await openPolicyFile(against, env);
  const fits = other.spec.id === spec.id && other.spec.observationSize === spec.observationSize;
  if (fits) return policyPlayer(path, other.network);
  throw new RunError(
    `${path} plays ${other.spec.id} with ${other.spec.observationSize} inputs, but the game is ${spec.id} with ${spec.observationSize}.`,
  );
}

/** Names of the actions, by default their numbers. */
export function actionNames({ actionCount, actionNames }: Policy["spec"]): readonly string[] {
  return actionNames ?? Array.from({ length: actionCount }, (_, action) => String(action));
}

/** @throws UsageError if --against is given for a game for one player */
export function refuseUnlessTwoPlayers(against: string | undefined, spec: Policy["spec"]): void {
  if (against === undefined || spec.players === 2) return;
  throw new UsageError(`--against needs a game for two players, but ${spec.id} is for one.`);
}
