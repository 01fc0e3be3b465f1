/// <reference types="vite/client" />
import table from "../../../records/records.json" with { type: "json" };
import type { RecordRow } from "../../runs/record.ts";
import { Check } from "./check.ts";

type Row = RecordRow & { readonly by: string };

const rows = table as readonly Row[];

/** Addresses of the policy files by their paths. */
const addresses = import.meta.glob<string>("../../../records/*.safetensors", {
  query: "?url&no-inline",
  import: "default",
  eager: true,
});

const count = new Intl.NumberFormat("en");
const titles = { fastest: "Fewest steps", smallest: "Smallest network" };

function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A record's card. `run` trains it again. */
function makeCard(row: Row): { card: HTMLElement; check: Check; run: () => Promise<void> } {
  const { by, env, file, kind, network, parameters, seed, steps, weightsSha256 } = row;
  const address = addresses[`../../../records/${file}`] ?? "";
  const [figure, unit] = kind === "fastest" ? [steps, " steps"] : [parameters, " parameters"];
  const link = element("a", "", "policy file");
  link.href = address;
  link.download = file;
  const facts = element(
    "p",
    "facts",
    kind === "fastest" ? `${count.format(parameters)} parameters` : `${count.format(steps)} steps`,
    `, network ${network}, seed ${count.format(seed)}, by ${by}. The SHA-256 of its weights begins with ${weightsSha256.slice(0, 12)}. Download the `,
    link,
    ".",
  );
  const button = element("button", "", "Train it again");
  button.type = "button";
  const title = element("h3", "", `${titles[kind]}, ${env}`);
  title.id = file;
  button.setAttribute("aria-describedby", file);
  const status = element("p", "status", "Not checked yet.");
  status.setAttribute("role", "status");
  const number = element("p", "figure", count.format(figure), element("span", "", unit));
  const card = element("article", "", title, number, facts, button, status);
  const check = new Check(status, card);
  const run = async () => {
    button.textContent = "Stop";
    await check.run(file, true, () => load(address));
    button.textContent = "Train it again";
  };
  button.addEventListener("click", () => (check.isRunning ? check.stop() : void run()));
  return { card, check, run };
}

async function load(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The policy file could not be loaded: ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

const main = document.getElementById("records")!;
const cards = rows.map((row) => ({ env: row.env, ...makeCard(row) }));
for (const env of new Set(rows.map((row) => row.env))) {
  const ofEnvironment = cards.filter((each) => each.env === env).map(({ card }) => card);
  const grid = element("div", "cards", ...ofEnvironment);
  main.append(element("section", "", element("h2", "", env), grid));
}

const all = document.getElementById("all")!;
let checksAll = false;
all.addEventListener("click", async () => {
  checksAll = !checksAll;
  if (!checksAll) {
    for (const { check } of cards) check.stop();
    return;
  }
  all.textContent = "Stop";
  for (const { run } of cards) if (checksAll) await run();
  checksAll = false;
  all.textContent = "Check all";
});

const own = new Check(document.getElementById("own-status")!);
document.getElementById("own")!.addEventListener("change", ({ target }) => {
  const [file] = (target as HTMLInputElement).files ?? [];
  if (file === undefined) return;
  void own.run(file.name, false, async () => new Uint8Array(await file.arrayBuffer()));
});
