import { Player } from "../stage/player.ts";
import { announcement, foreign, foreignPolicy, replayed, session } from "../state/app.ts";
import { saveAs } from "../state/files.ts";
import { loadedGame } from "../state/loadedCode.ts";
import type { Run } from "../state/session.ts";
import { recordGif } from "./recordGif.ts";

/** Returns the policy that is on the stage: of an opened file, of an earlier moment of the run, or its current one. */
async function shownPolicy({ trainer }: Run): Promise<Uint8Array> {
  if (foreign.value !== "") return foreignPolicy;
  const { value } = replayed;
  return value === null ? trainer.policy() : trainer.policyAt(value);
}

/**
 * Saves an episode of the policy on the stage as an animated GIF.
 * @param onProgress receives the finished part, from 0 to 1
 */
export async function saveGif(onProgress: (done: number) => void): Promise<void> {
  const run = session.run.value!;
  const { tab } = run;
  const player = new Player(await shownPolicy(run), "policy", loadedGame(tab.env));
  saveAs("episode.gif", await recordGif(player, tab, onProgress));
  announcement.value = "The GIF is saved.";
}
