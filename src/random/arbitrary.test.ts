import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawPalette, ScheduleArbitrary, smaller } from './arbitrary.js';
import { expandChoices, plainSchedule, type RandomSchedule, type Space } from './schedule.js';

const space: Space = {
  servers: { values: [3, 4, 5, 6, 7], least: 3 },
  crashes: { values: [0, 2, 6] },
  start: { values: ['together', 'staggered'] },
};
const arbitrary = (seed: number) =>
  new ScheduleArbitrary(space, drawPalette(space, seed), ['Start', 'Stop'], 64);
const draw = (seed: number) => fc.sample(arbitrary(seed), { seed, numRuns: 20 });

test('a palette has four settings, each bound from the space, each number of servers once', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const palette = drawPalette(space, seed);
    expect(palette).toHaveLength(4);
    expect(new Set(palette.map(({ servers }) => servers)).size).toBe(4);
    for (const bounds of palette) {
      for (const [name, { values }] of Object.entries(space)) expect(values).toContain(bounds[name]);
    }
  }
});

test('palettes of different seeds reach every value of every bound', () => {
  const all = Array.from({ length: 30 }, (_, seed) => drawPalette(space, seed)).flat();
  for (const [name, { values }] of Object.entries(space)) {
    expect(new Set(all.map((bounds) => bounds[name]))).toEqual(new Set(values));
  }
});

test('the same seed draws the same schedules, another seed others', () => {
  expect(draw(5)).toEqual(draw(5));
  expect(draw(5)).not.toEqual(draw(6));
});

test('each schedule draws its own choices and its own mix', () => {
  const drawn = draw(1).map(plainSchedule);
  expect(new Set(drawn.map(({ choices }) => JSON.stringify(choices))).size).toBe(drawn.length);
  expect(new Set(drawn.map(({ setting }) => JSON.stringify(setting.mix))).size).toBeGreaterThan(5);
});

test('choices fill the 16 bits evenly, whatever the seed', () => {
  for (const seed of [0, 1, 2, -1, 0x7fff_ffff]) {
    const choices = expandChoices(seed, 6_400);
    const counts = Array.from({ length: 64 }, () => 0);
    for (const choice of choices) counts[choice >>> 10]++;
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(160);
  }
});

/** A measure that every step of shrinking lowers. */
function size({ setting: { bounds, mix }, choices }: RandomSchedule): number {
  const ofBounds = Object.entries(space).reduce(
    (sum, [name, { values }]) => sum + values.indexOf(bounds[name]),
    0,
  );
  const ofMix = Object.values(mix).reduce((sum, weight) => sum + weight, 0);
  return 1e6 * ofBounds + 1e4 * choices.length + 10 * ofMix + Array.from(choices).filter((c) => c > 0).length;
}

test('each smaller schedule is smaller and as plain, so that shrinking ends', () => {
  for (const schedule of draw(3)) {
    for (const candidate of smaller(space, schedule)) {
      expect(size(candidate)).toBeLessThan(size(schedule));
      expect(JSON.parse(JSON.stringify(plainSchedule(candidate)))).toEqual(plainSchedule(candidate));
    }
  }
});

test('fewer choices are some of the choices, in their order', () => {
  const [schedule] = draw(4);
  for (const { choices } of smaller(space, schedule)) {
    if (choices.length === schedule.choices.length) continue;
    let at = -1;
    for (const choice of Array.from(choices)) {
      at = Array.from(schedule.choices).indexOf(choice, at + 1);
      expect(at).toBeGreaterThanOrEqual(0);
    }
  }
});

test('fast-check shrinks to the simplest setting and to few choices', () => {
  const details = fc.check(
    fc.property(arbitrary(2), ({ setting, choices }) => setting.mix.Stop === 0 || choices.length < 10),
    { seed: 2, numRuns: 100 },
  );
  const [{ setting, choices }] = details.counterexample!;
  expect(setting.bounds).toEqual({ servers: 3, crashes: 0, start: 'together' });
  expect(setting.mix).toEqual({ Start: 0, Stop: 1 });
  expect(choices.length).toBeLessThan(20);
  expect(Array.from(choices).every((choice) => choice === 0)).toBe(true);
});
