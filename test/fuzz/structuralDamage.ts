import type { Mutator } from "./mutator.ts";

/** An entry of a safetensors header, as JSON. */
interface Entry {
  dtype: unknown;
  shape: unknown[];
  data_offsets: unknown[];
}

/** A parsed safetensors file: the header's entries in order, as pairs so that one may occur twice. */
interface Parts {
  entries: [name: string, value: unknown][];
  data: Uint8Array;
  /** Error of the header's length in bytes. */
  lengthError: number;
  /** Text around the header's JSON. */
  before: string;
  after: string;
}

const oddSizes = [0, 1, -1, 0.5, 4, 7, 2 ** 31, 2 ** 53 - 1, 2 ** 53, 1e308, null, "3", [3], true];
const types = ["F32", "F64", "U32", "U8", "F16", "BF16", "I64", "BOOL", "f32", "", 3, null];

/** Changes a file's structure. Returns a description, or null if the change does not apply to the file. */
type Damage = (parts: Parts, mutator: Mutator) => string | null;

/** The entries of tensors. Metadata under another name is not a tensor. */
function tensorsOf(parts: Parts): [name: string, entry: Entry][] {
  const isTensor = (value: unknown) => Array.isArray((value as Partial<Entry>).data_offsets);
  return parts.entries.filter(([, value]) => isTensor(value)) as [string, Entry][];
}

function metadataOf(parts: Parts): Record<string, unknown> {
  const [, metadata] = parts.entries.find(([name]) => name === "__metadata__") ?? [];
  return (metadata ?? {}) as Record<string, unknown>;
}

const damages: readonly Damage[] = [
  function changeType(parts, mutator) {
    const [name, entry] = mutator.pick(tensorsOf(parts));
    entry.dtype = mutator.pick(types);
    return `${name} has the type ${entry.dtype}`;
  },
  function changeOffset(parts, mutator) {
    const [name, entry] = mutator.pick(tensorsOf(parts));
    const at = mutator.below(2);
    const near = Number(entry.data_offsets[at]) + mutator.pick([-8, -4, -1, 1, 4, 8]);
    entry.data_offsets[at] = mutator.pick([near, near, ...oddSizes]);
    return `${name} has the offsets ${JSON.stringify(entry.data_offsets)}`;
  },
  function changeShape(parts, mutator) {
    const [name, entry] = mutator.pick(tensorsOf(parts));
    const [first = 1, ...rest] = entry.shape;
    const size = Number(first);
    entry.shape = mutator.pick([
      [...rest, first],
      [first, 1, ...rest],
      [size / 2, 2, ...rest],
      [mutator.pick(oddSizes), ...rest],
      [],
    ]);
    return `${name} has the shape ${JSON.stringify(entry.shape)}`;
  },
  function swapOffsets(parts, mutator) {
    const tensors = tensorsOf(parts);
    const [a, first] = mutator.pick(tensors);
    const [b, second] = mutator.pick(tensors);
    [first.data_offsets, second.data_offsets] = [second.data_offsets, first.data_offsets];
    return `${a} and ${b} have each other's offsets`;
  },
  function swapNames(parts, mutator) {
    const tensors = tensorsOf(parts);
    const first = mutator.pick(tensors);
    const second = mutator.pick(tensors);
    [first[0], second[0]] = [second[0], first[0]];
    return `${first[0]} and ${second[0]} have each other's names`;
  },
  function duplicate(parts, mutator) {
    const [name, entry] = mutator.pick(tensorsOf(parts));
    const [, other] = mutator.pick(tensorsOf(parts));
    const copy = structuredClone(mutator.pick([entry, other]));
    parts.entries.splice(mutator.below(parts.entries.length + 1), 0, [name, copy]);
    return `${name} is there twice`;
  },
  function remove(parts, mutator) {
    const [removed] = parts.entries.splice(mutator.below(parts.entries.length), 1);
    return `${removed?.[0]} is missing`;
  },
  function rename(parts, mutator) {
    const entry = mutator.pick(parts.entries);
    const old = entry[0];
    entry[0] = mutator.pick(["__proto__", "toString", "", `${old} `, old.toUpperCase()]);
    return `${old} is called ${JSON.stringify(entry[0])}`;
  },
  function addEmpty(parts) {
    parts.entries.push(["empty", { dtype: "U8", shape: [0], data_offsets: [0, 0] }]);
    return "there is an empty tensor";
  },
  function changeMetadata(parts, mutator) {
    const metadata = metadataOf(parts);
    const keys = Object.keys(metadata);
    if (keys.length === 0) return null;
    const key = mutator.pick(keys);
    const kind = mutator.below(4);
    if (kind === 0) delete metadata[key];
    else if (kind === 1) metadata[key] = metadata[mutator.pick(keys)];
    else if (kind === 2) metadata[key] = mutator.text(String(metadata[key]));
    else metadata[key] = mutator.pick<unknown>(["", "0", "2", "true", "none", 1, null, []]);
    return `${key} in the metadata is ${JSON.stringify(metadata[key])}`;
  },
  function reorder(parts, mutator) {
    const from = mutator.below(parts.entries.length);
    parts.entries.push(...parts.entries.splice(from, 1));
    return `${parts.entries.at(-1)?.[0]} is last`;
  },
  function surround(parts, mutator) {
    parts.before = mutator.pick(["", " ", "\ufeff", "\n"]);
    parts.after = mutator.pick(["", " ", "\0", "\n\t", "{}", "x"]);
    return `${JSON.stringify(parts.before)} and ${JSON.stringify(parts.after)} around the header`;
  },
  function changeLength(parts, mutator) {
    parts.lengthError = mutator.pick([-9, -8, -1, 1, 8, 9, 1e6, 2 ** 40]);
    return `the header's length is wrong by ${parts.lengthError}`;
  },
  function truncate(parts, mutator) {
    const left = mutator.below(parts.data.length + 1);
    parts.data = parts.data.subarray(0, left);
    return `only ${left} bytes of the tensors are left`;
  },
  function extend(parts, mutator) {
    const more = 1 + mutator.below(64);
    parts.data = Uint8Array.from([...parts.data, ...new Uint8Array(more)]);
    return `there are ${more} more bytes at the end`;
  },
  function moveBlock(parts, mutator) {
    const half = 4 * mutator.below(parts.data.length / 8 + 1);
    const at = 4 * mutator.below(Math.max(1, (parts.data.length - half) / 4));
    parts.data = parts.data.slice();
    parts.data.copyWithin(at, 0, half);
    return `the first ${half} bytes of the tensors are at byte ${at} too`;
  },
];

function takeApart(file: Uint8Array): Parts {
  const headerBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const text = new TextDecoder().decode(file.subarray(8, 8 + headerBytes));
  const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const data = file.subarray(8 + headerBytes);
  return { entries, data, lengthError: 0, before: "", after: "" };
}

/** Encodes the file, including duplicate entries. */
function putTogether({ after, before, data, entries, lengthError }: Parts): Uint8Array {
  const list = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const header = new TextEncoder().encode(`${before}{${list.join()}}${after}`);
  const bytes = new Uint8Array(8 + header.length + data.length);
  const length = Math.max(0, header.length + lengthError);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length);
  return bytes;
}

/** Makes one or two changes to a safetensors file's structure. Returns the file and a description. */
export function structuralDamage(
  mutator: Mutator,
  file: Uint8Array,
): { readonly bytes: Uint8Array; readonly how: string } {
  const parts = takeApart(file);
  const done: string[] = [];
  for (let left = 1 + mutator.below(2); left > 0; left--) {
    const how = tensorsOf(parts).length === 0 ? null : mutator.pick(damages)(parts, mutator);
    if (how !== null) done.push(how);
  }
  return { bytes: putTogether(parts), how: done.join("; ") };
}
