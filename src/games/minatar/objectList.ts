/** Columns of a place, with one column outside the board on either side. */
const COLUMN = 15;
const LAST_COLUMN = 10;

/** Bits of an object. The lowest eight are its place: the column plus 1, and the row. */
export const PLACE = 255;
/** Set if the object moves right. */
export const RIGHTWARD = 1 << 8;
/** Steps until the object moves, in units of `MOVE_STEP`. */
export const MOVE_STEP = 1 << 9;
export const MOVE_TIMER = 15 << 9;
/** Steps until the object shoots, in units of `SHOT_STEP`. */
export const SHOT_STEP = 1 << 13;
export const SHOT_TIMER = 15 << 13;

export const placeAt = (x: number, y: number) => (y << 4) | (x + 1);
export const columnOf = (place: number) => (place & COLUMN) - 1;
export const rowOf = (object: number) => (object & PLACE) >> 4;

export function isOnBoard(object: number): boolean {
  const column = object & COLUMN;
  return column >= 1 && column <= LAST_COLUMN;
}

/** The object, one cell further. */
export const moved = (object: number) => object + ((object & RIGHTWARD) !== 0 ? 1 : -1);

/** The place one cell behind the object. */
export const placeBehind = (object: number) =>
  (object & PLACE) - ((object & RIGHTWARD) !== 0 ? 1 : -1);

/** List of objects in an array: their number at `start`, then the objects, oldest first. */
export class ObjectList {
  readonly #array: Int32Array;
  readonly #start: number;

  constructor(array: Int32Array, start: number) {
    this.#array = array;
    this.#start = start;
  }

  get length(): number {
    return this.#array[this.#start]!;
  }

  at(index: number): number {
    return this.#array[this.#start + 1 + index]!;
  }

  set(index: number, object: number): void {
    this.#array[this.#start + 1 + index] = object;
  }

  append(object: number): void {
    const array = this.#array;
    const index = array[this.#start]!++;
    array[this.#start + 1 + index] = object;
  }

  /** Index of the first object in a place; -1 if the place is free. */
  find(place: number): number {
    const length = this.length;
    for (let k = 0; k < length; k++) if ((this.at(k) & PLACE) === place) return k;
    return -1;
  }

  /**
   * Removes the first object that equals the one at `index`. Returns the index that the latter has then; -1 if it is the removed one.
   */
  remove(index: number): number {
    const object = this.at(index);
    let first = 0;
    while (this.at(first) !== object) first++;
    const length = --this.#array[this.#start]!;
    for (let k = first; k < length; k++) this.set(k, this.at(k + 1));
    return first === index ? -1 : index - 1;
  }
}
