import { describe, expect, it } from "vitest";
import { RandomStream, streamSeed } from "../../src/numerics/random.ts";

const seeded = (seed: number) => new RandomStream(new Uint32Array(4)).seed(seed);

describe("RandomStream", () => {
  it("generates the xoshiro128** sequence for the state 1, 2, 3, 4", () => {
    const random = new RandomStream(Uint32Array.of(1, 2, 3, 4));
    const drawn = Array.from({ length: 6 }, () => random.nextUint32());
    expect(drawn).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  it("continues from a saved state", () => {
    const words = new Uint32Array(4);
    const random = new RandomStream(words).seed(3);
    random.nextUint32();
    const copy = new RandomStream(words.slice());
    expect(copy.nextUint32()).toBe(random.nextUint32());
  });

  it.each([1, 2, 3, 10, 1000])(
    "draws whole numbers below %i uniformly (chi-square test)",
    (bound) => {
      const random = seeded(11);
      const draws = 200 * bound;
      const counts = new Float64Array(bound);
      for (let k = 0; k < draws; k++) counts[random.nextBelow(bound)]! += 1;
      const chiSquare = counts.reduce((sum, found) => sum + (found - 200) ** 2 / 200, 0);
      expect(chiSquare).toBeLessThan(bound - 1 + 5 * Math.sqrt(2 * bound));
    },
  );

  it.each([1, 3, 9_969, 2 ** 31 + 5, 3 * 2 ** 30])(
    "fills an array like nextBelow(%i), nextBelow(%i + 1), ...",
    (bound) => {
      const [one, many] = [seeded(8), seeded(8)];
      const out = new Uint32Array(50);
      many.fillBelow(out, 40, bound);
      const expected = Array.from({ length: 40 }, (_, k) => one.nextBelow(bound + k));
      expect([...out]).toEqual([...expected, ...new Array(10).fill(0)]);
      expect(many.nextUint32()).toBe(one.nextUint32());
    },
  );

  it("fills with the same first number for every seed, where a quarter are drawn again", () => {
    const out = new Uint32Array(1);
    for (let seed = 0; seed < 40; seed++) {
      seeded(seed).fillBelow(out, 1, 3 * 2 ** 30);
      expect(out[0]).toBe(seeded(seed).nextBelow(3 * 2 ** 30));
    }
  });

  it("covers the whole range of 32 bits", () => {
    const random = seeded(5);
    const drawn = Array.from({ length: 1000 }, () => random.nextBelow(2 ** 32));
    expect(Math.min(...drawn)).toBeLessThan(2 ** 32 / 100);
    expect(Math.max(...drawn)).toBeGreaterThan(2 ** 32 * 0.99);
  });
});

describe("streamSeed", () => {
  it("gives different sequences for neighbouring seeds and streams", () => {
    const found = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      for (let stream = 0; stream < 6; stream++) {
        found.add(seeded(streamSeed(seed, stream)).nextUint32());
      }
    }
    expect(found.size).toBe(1200);
  });
});

it("a seed and a stream give the same numbers in every version", () => {
  const first = (seed: number, stream: number) => seeded(streamSeed(seed, stream)).nextUint32();
  expect([first(0, 0), first(1, 0), first(1, 1), first(2 ** 32 - 1, 5)]).toEqual([
    3374865041, 2491226266, 1516811711, 1504049595,
  ]);
});
