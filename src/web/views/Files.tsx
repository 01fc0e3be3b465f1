import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { attempt, copyLink, openFile, savePolicy, saveRun, session } from "../state/app.ts";
import { copyEmbedCode, uncopied } from "../state/embedding.ts";

/** Saves an episode of the policy on the stage as an animated GIF. Its code is loaded with the first click. */
function GifButton() {
  const progress = useSignal<number | null>(null);
  const save = async () => {
    progress.value = 0;
    try {
      const { saveGif } = await import("../gif/saveGif.ts");
      await saveGif((done) => {
        progress.value = done;
      });
    } finally {
      progress.value = null;
    }
  };
  const { value } = progress;
  return (
    <button
      id="save-gif"
      disabled={session.run.value === null || value !== null}
      type="button"
      onClick={() => attempt(save)}
    >
      {value === null ? "Save GIF" : `GIF: ${Math.floor(100 * value)}%`}
    </button>
  );
}

const COPIED_MILLISECONDS = 2_000;

/** Copies, and then says so for a while. */
function CopyButton(props: {
  readonly copy: () => Promise<void>;
  readonly id: string;
  readonly label: string;
}) {
  const { copy, id, label } = props;
  const copied = useSignal(false);
  const press = async () => {
    await copy();
    copied.value = uncopied.value === "";
    setTimeout(() => {
      copied.value = false;
    }, COPIED_MILLISECONDS);
  };
  return (
    <button
      id={id}
      disabled={session.run.value === null}
      type="button"
      onClick={() => attempt(press)}
    >
      {copied.value ? "Copied" : label}
    </button>
  );
}

/** Saves and opens policies and checkpoints, and copies the link. */
export function Files() {
  const input = useRef<HTMLInputElement>(null);
  const none = session.run.value === null;
  return (
    <section id="files" aria-labelledby="files-title">
      <h2 id="files-title">Take it along</h2>
      <div class="row">
        <CopyButton copy={copyLink} id="copy-link" label="Copy link" />
        <CopyButton copy={copyEmbedCode} id="copy-embed" label="Copy embed code" />
        <button id="save-policy" disabled={none} type="button" onClick={() => attempt(savePolicy)}>
          Save policy
        </button>
        <button id="save-run" disabled={none} type="button" onClick={() => attempt(saveRun)}>
          Save run
        </button>
        <GifButton />
        <button id="open" disabled={none} type="button" onClick={() => input.current?.click()}>
          Open a file
        </button>
        <input
          ref={input}
          id="file"
          type="file"
          accept=".safetensors"
          hidden
          aria-label="A policy or a checkpoint file"
          onChange={({ currentTarget }) => {
            for (const file of currentTarget.files ?? []) attempt(() => openFile(file));
            currentTarget.value = "";
          }}
        />
      </div>
      {uncopied.value !== "" && (
        <label class="help">
          The browser does not allow this page to copy. Copy the code from here:
          <textarea
            id="embed-code"
            readOnly
            rows={3}
            value={uncopied.value}
            onFocus={({ currentTarget }) => currentTarget.select()}
          />
        </label>
      )}
      {session.run.value !== null && Object.keys(session.run.value.changed.value).length > 0 && (
        <p id="changed-run" class="help">
          A slider has moved during this run. The link and the embed code start a new run with the
          sliders' values. <em>Save run</em> keeps this one.
        </p>
      )}
      <p class="help">
        The link describes the run. On every machine, it trains the same weights, bit for bit. The
        embed code shows the run in another page. A policy is the network, for the command{" "}
        <code>play</code> and for PyTorch. A run is a checkpoint, which continues here or with{" "}
        <code>train --resume</code>. A GIF shows an episode of the network on the stage. You can
        also drop a policy or a run anywhere on the page to open it. The{" "}
        <a id="records-link" href="records/index.html">
          records
        </a>{" "}
        are runs that your browser can check.
      </p>
    </section>
  );
}
