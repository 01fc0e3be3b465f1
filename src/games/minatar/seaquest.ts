import { SIDE } from "./gridPicture.ts";
import {
  DOWN,
  FIRE,
  GAME,
  LEFT,
  MinAtarGame,
  type MinAtarOptions,
  RIGHT,
  UP,
} from "./minAtarGame.ts";
import {
  columnOf,
  isOnBoard,
  MOVE_STEP,
  MOVE_TIMER,
  moved,
  ObjectList,
  PLACE,
  placeAt,
  placeBehind,
  RIGHTWARD,
  rowOf,
  SHOT_STEP,
  SHOT_TIMER,
} from "./objectList.ts";

/** Places of the numbers in the state. */
export const PLAYER_X = GAME;
export const PLAYER_Y = GAME + 1;
/** 1 if the player faces right. */
export const FACES_RIGHT = GAME + 2;
export const OXYGEN = GAME + 3;
export const DIVERS_ABOARD = GAME + 4;
/** 1 if this visit to the surface has already had its effect. */
export const AT_SURFACE = GAME + 5;
const PLAYER_SHOT_TIMER = GAME + 6;
export const SPAWN_PERIOD = GAME + 7;
export const SPAWN_TIMER = GAME + 8;
export const DIVER_TIMER = GAME + 9;
/** Move timer of new enemies. */
export const ENEMY_MOVE = GAME + 10;
const LEVEL = GAME + 11;

/**
 * Upper bounds of the lengths of the lists. An enemy leaves the board at most 59 steps after its spawn, and at most one spawns per step. A
 * bullet leaves after 10 steps, and a submarine shoots every 11 steps. A diver spawns every 30 steps.
 */
const MAX_BULLETS = 4;
const MAX_ENEMY_BULLETS = 72;
const MAX_ENEMIES = 60;
const MAX_DIVERS = 4;

/** Places of the lists; each has its length and then its objects. */
export const BULLETS = GAME + 12;
export const ENEMY_BULLETS = BULLETS + 1 + MAX_BULLETS;
export const ALL_FISH = ENEMY_BULLETS + 1 + MAX_ENEMY_BULLETS;
export const SUBMARINES = ALL_FISH + 1 + MAX_ENEMIES;
export const DIVERS = SUBMARINES + 1 + MAX_ENEMIES;
const END = DIVERS + 1 + MAX_DIVERS;

const SURFACE = 0;
const DEPTH = 8;
const FULL_OXYGEN = 200;
/** Steps of air per cell of the gauge and per point of reward. */
const OXYGEN_CELL = FULL_OXYGEN / SIDE;
const CREW = 6;
const SHOT_PERIOD = 5;
const ENEMY_SHOT_PERIOD = 10;
const DIVER_PERIOD = 30;
const DIVER_MOVE = 5;
const CHANNELS = 10;
const GAUGES = SIDE - 1;

/** Channels. */
const FRONT = 0;
const BACK = 1;
const BULLET = 2;
const TRAIL = 3;
const ENEMY_BULLET = 4;
const FISH = 5;
const SUBMARINE = 6;
const OXYGEN_GAUGE = 7;
const DIVER_GAUGE = 8;
const DIVER = 9;

/** MinAtar's Seaquest: 1 for each enemy hit, and up to 9 at the surface with six divers aboard, by the oxygen left. */
export class Seaquest extends MinAtarGame {
  readonly #bullets: ObjectList;
  readonly #enemyBullets: ObjectList;
  readonly #fish: ObjectList;
  readonly #submarines: ObjectList;
  readonly #divers: ObjectList;

  constructor(options: MinAtarOptions = {}) {
    super(
      {
        minimalActions: [0, LEFT, UP, RIGHT, DOWN, FIRE],
        marks: [
          { shape: "disc", color: 1 },
          { shape: "bar", color: 1 },
          { shape: "dash", color: 1 },
          { shape: "dot", color: 0 },
          { shape: "dash", color: 2 },
          { shape: "ring", color: 2 },
          { shape: "block", color: 2 },
          { shape: "bar", color: 0 },
          { shape: "cross", color: 1 },
          { shape: "cross", color: 1 },
        ],
        stateSize: END - GAME,
      },
      options,
    );
    this.#bullets = new ObjectList(this.state, BULLETS);
    this.#enemyBullets = new ObjectList(this.state, ENEMY_BULLETS);
    this.#fish = new ObjectList(this.state, ALL_FISH);
    this.#submarines = new ObjectList(this.state, SUBMARINES);
    this.#divers = new ObjectList(this.state, DIVERS);
  }

  /** Times that the game has become harder. */
  get level(): number {
    return this.state[LEVEL]!;
  }

  protected start(): void {
    const { state } = this;
    state[PLAYER_X] = 5;
    state[OXYGEN] = FULL_OXYGEN;
    state[AT_SURFACE] = 1;
    state[SPAWN_PERIOD] = state[SPAWN_TIMER] = 20;
    state[DIVER_TIMER] = DIVER_PERIOD;
    state[ENEMY_MOVE] = 5;
  }

  protected play(action: number): number {
    const { state } = this;
    if (state[SPAWN_TIMER] === 0) {
      this.#spawnEnemy();
      state[SPAWN_TIMER] = state[SPAWN_PERIOD]!;
    }
    if (state[DIVER_TIMER] === 0) {
      this.#divers.append(this.#drawDirection() + this.#drawRow() + DIVER_MOVE * MOVE_STEP);
      state[DIVER_TIMER] = DIVER_PERIOD;
    }
    this.#movePlayer(action);
    const player = placeAt(state[PLAYER_X]!, state[PLAYER_Y]!);
    let reward = this.#moveBullets();
    this.#moveDivers(player);
    reward += this.#moveEnemies(this.#submarines, player);
    this.#moveEnemyBullets(player);
    reward += this.#moveEnemies(this.#fish, player);
    if (state[SPAWN_TIMER]! > 0) state[SPAWN_TIMER]!--;
    if (state[DIVER_TIMER]! > 0) state[DIVER_TIMER]!--;
    if (state[PLAYER_SHOT_TIMER]! > 0) state[PLAYER_SHOT_TIMER]!--;
    if (state[OXYGEN]! <= 0) this.end();
    if (state[PLAYER_Y]! > SURFACE) {
      state[OXYGEN]!--;
      state[AT_SURFACE] = 0;
    } else if (state[AT_SURFACE] === 0) {
      if (state[DIVERS_ABOARD] === 0) this.end();
      else reward += this.#surface();
    }
    return reward;
  }

  /** Draws a direction. Returns it with the column where the object enters the board. */
  #drawDirection(): number {
    return this.random.next() < 1 / 2 ? RIGHTWARD | placeAt(0, 0) : placeAt(SIDE - 1, 0);
  }

  /** Draws a row below the surface. */
  #drawRow(): number {
    return (1 + this.random.nextBelow(DEPTH)) << 4;
  }

  /** Adds a submarine or fish, unless one in its row comes the other way. */
  #spawnEnemy(): void {
    const direction = this.#drawDirection();
    const isSubmarine = this.random.next() < 1 / 3;
    const enemy = direction + this.#drawRow() + this.state[ENEMY_MOVE]! * MOVE_STEP;
    if (meets(this.#fish, enemy) || meets(this.#submarines, enemy)) return;
    if (isSubmarine) this.#submarines.append(enemy + ENEMY_SHOT_PERIOD * SHOT_STEP);
    else this.#fish.append(enemy);
  }

  #movePlayer(action: number): void {
    const { state } = this;
    const x = state[PLAYER_X]!;
    const y = state[PLAYER_Y]!;
    if (action === FIRE && state[PLAYER_SHOT_TIMER] === 0) {
      this.#bullets.append(placeAt(x, y) | (state[FACES_RIGHT] === 1 ? RIGHTWARD : 0));
      state[PLAYER_SHOT_TIMER] = SHOT_PERIOD;
    } else if (action === LEFT) {
      state[FACES_RIGHT] = 0;
      if (x > 0) state[PLAYER_X] = x - 1;
    } else if (action === RIGHT) {
      state[FACES_RIGHT] = 1;
      if (x < SIDE - 1) state[PLAYER_X] = x + 1;
    } else if (action === UP && y > SURFACE) {
      state[PLAYER_Y] = y - 1;
    } else if (action === DOWN && y < DEPTH) {
      state[PLAYER_Y] = y + 1;
    }
  }

  /** Returns the number of enemies hit. */
  #moveBullets(): number {
    const bullets = this.#bullets;
    let hits = 0;
    for (let k = bullets.length - 1; k >= 0; k--) {
      const bullet = moved(bullets.at(k));
      bullets.set(k, bullet);
      if (!isOnBoard(bullet)) bullets.remove(k);
      else if (hit(this.#fish, bullet) || hit(this.#submarines, bullet)) {
        bullets.remove(k);
        hits++;
      }
    }
    return hits;
  }

  #moveDivers(player: number): void {
    const divers = this.#divers;
    for (let k = divers.length - 1; k >= 0; k--) {
      if (this.#takesAboard(k, player)) continue;
      const diver = divers.at(k);
      if ((diver & MOVE_TIMER) !== 0) {
        divers.set(k, diver - MOVE_STEP);
        continue;
      }
      divers.set(k, moved(diver) + DIVER_MOVE * MOVE_STEP);
      if (!isOnBoard(divers.at(k))) divers.remove(k);
      else this.#takesAboard(k, player);
    }
  }

  /** Takes the diver aboard if it is in the player's cell and there is room. */
  #takesAboard(index: number, player: number): boolean {
    const { state } = this;
    const divers = this.#divers;
    if ((divers.at(index) & PLACE) !== player || state[DIVERS_ABOARD]! >= CREW) return false;
    divers.remove(index);
    state[DIVERS_ABOARD]!++;
    return true;
  }

  /** Moves fish or submarines. Returns the number of those hit by the player's bullets. */
  #moveEnemies(enemies: ObjectList, player: number): number {
    const move = this.state[ENEMY_MOVE]! * MOVE_STEP;
    let hits = 0;
    for (let k = enemies.length - 1; k >= 0; k--) {
      let enemy = enemies.at(k);
      if ((enemy & PLACE) === player) this.end();
      // Index of the enemy; -1 once it is removed.
      let index = k;
      if ((enemy & MOVE_TIMER) !== 0) {
        enemy -= MOVE_STEP;
        enemies.set(k, enemy);
      } else {
        enemy = moved(enemy) + move;
        enemies.set(k, enemy);
        if (!isOnBoard(enemy)) index = enemies.remove(k);
        else if ((enemy & PLACE) === player) this.end();
        else if (hit(this.#bullets, enemy)) {
          index = enemies.remove(k);
          hits++;
        }
      }
      if (enemies === this.#submarines) this.#aim(enemy, index);
    }
    return hits;
  }

  /** Counts down a submarine's shot timer, and shoots. A submarine shoots also in the step in which it disappears. */
  #aim(submarine: number, index: number): void {
    let aimed = submarine - SHOT_STEP;
    if ((submarine & SHOT_TIMER) === 0) {
      aimed = submarine + ENEMY_SHOT_PERIOD * SHOT_STEP;
      this.#enemyBullets.append(submarine & (PLACE | RIGHTWARD));
    }
    if (index !== -1) this.#submarines.set(index, aimed);
  }

  #moveEnemyBullets(player: number): void {
    const bullets = this.#enemyBullets;
    for (let k = bullets.length - 1; k >= 0; k--) {
      if ((bullets.at(k) & PLACE) === player) this.end();
      const bullet = moved(bullets.at(k));
      bullets.set(k, bullet);
      if (!isOnBoard(bullet)) bullets.remove(k);
      else if ((bullet & PLACE) === player) this.end();
    }
  }

  /** Brings divers to the surface and takes in oxygen. Returns the reward for a full crew. */
  #surface(): number {
    const { state } = this;
    let reward = 0;
    state[AT_SURFACE] = 1;
    if (state[DIVERS_ABOARD] === CREW) {
      reward = Math.floor(state[OXYGEN]! / OXYGEN_CELL);
      state[DIVERS_ABOARD] = 0;
    }
    state[OXYGEN] = FULL_OXYGEN;
    // Also after a full crew, which leaves -1.
    state[DIVERS_ABOARD]!--;
    if (this.ramping && (state[SPAWN_PERIOD]! > 1 || state[ENEMY_MOVE]! > 2)) {
      if (state[ENEMY_MOVE]! > 2 && state[LEVEL]! % 2 === 1) state[ENEMY_MOVE]!--;
      if (state[SPAWN_PERIOD]! > 1) state[SPAWN_PERIOD]!--;
      state[LEVEL]!++;
    }
    return reward;
  }

  protected draw(observation: Uint8Array): void {
    const { state } = this;
    const x = state[PLAYER_X]!;
    const y = state[PLAYER_Y]!;
    observation[(y * SIDE + x) * CHANNELS + FRONT] = 1;
    // Always on the board: a player at the edge has moved towards it.
    const back = state[FACES_RIGHT] === 1 ? x - 1 : x + 1;
    observation[(y * SIDE + back) * CHANNELS + BACK] = 1;
    drawList(observation, this.#bullets, BULLET, false);
    drawList(observation, this.#enemyBullets, ENEMY_BULLET, false);
    drawList(observation, this.#fish, FISH, true);
    drawList(observation, this.#submarines, SUBMARINE, true);
    drawList(observation, this.#divers, DIVER, true);
    const air = Math.floor(Math.max(0, state[OXYGEN]!) / OXYGEN_CELL);
    for (let k = 0; k < air; k++) observation[(GAUGES * SIDE + k) * CHANNELS + OXYGEN_GAUGE] = 1;
    for (let k = 1; k <= state[DIVERS_ABOARD]!; k++) {
      observation[(GAUGES * SIDE + SIDE - 1 - k) * CHANNELS + DIVER_GAUGE] = 1;
    }
  }
}

/** Whether an object of the list is in the enemy's row and moves the other way. */
function meets(list: ObjectList, enemy: number): boolean {
  const length = list.length;
  for (let k = 0; k < length; k++) {
    const other = list.at(k);
    if (rowOf(other) === rowOf(enemy) && ((other ^ enemy) & RIGHTWARD) !== 0) return true;
  }
  return false;
}

/** Removes the first object of the list in the cell of `object`. Returns whether there is one. */
function hit(list: ObjectList, object: number): boolean {
  const index = list.find(object & PLACE);
  if (index === -1) return false;
  list.remove(index);
  return true;
}

function drawList(
  observation: Uint8Array,
  list: ObjectList,
  channel: number,
  hasTrail: boolean,
): void {
  const length = list.length;
  for (let k = 0; k < length; k++) {
    const object = list.at(k);
    const row = rowOf(object) * SIDE;
    observation[(row + columnOf(object)) * CHANNELS + channel] = 1;
    const behind = placeBehind(object);
    if (hasTrail && isOnBoard(behind)) observation[(row + columnOf(behind)) * CHANNELS + TRAIL] = 1;
  }
}
