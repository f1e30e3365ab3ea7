/**
 * Model steps a second of the random walk on one core: `fast-leader-election`, all claims checked at each
 * step and all witnesses looked for. Prints the figure as JSON.
 *
 *     node dist/bench/walk.js <servers>
 */
import { findFamily, findRuleSet } from '../models/index.js';
import { caseOf } from '../properties/index.js';
import { inlineMore } from '../src/engine/inlining.js';
import { expandChoices } from '../src/random/schedule.js';
import { Walker } from '../src/random/walk.js';

const RUNS = 3;
const SCHEDULES = 100;
const CHOICES = 10_000;

/** Steps a second of CPU time at so many servers: the median of several runs, after one that compiles. */
function walkRate(servers: number): number {
  const family = findFamily('fast-leader-election')!;
  const bounds = { ...family.presets.ci, servers, rounds: 8, crashes: 6, abandons: 6, slots: 2 };
  const walker = new Walker(caseOf(family, bounds, findRuleSet('correct')!));
  measure(walker, 1);
  const rates = Array.from({ length: RUNS }, (_, i) => measure(walker, 1 + (i + 1) * SCHEDULES));
  return rates.sort((a, b) => a - b)[RUNS >> 1];
}

/** Steps a second over schedules from consecutive seeds. */
function measure(walker: Walker, firstSeed: number): number {
  const setting = { bounds: {}, mix: {}, horizon: 1_000 };
  const schedules = Array.from({ length: SCHEDULES }, (_, i) => expandChoices(firstSeed + i, CHOICES));
  const before = process.cpuUsage();
  let steps = 0;
  for (const choices of schedules) {
    const walk = walker.walk({ setting, choices });
    if (walk.violation !== null) throw new Error(`claim ${walk.violation.claim} is violated`);
    steps += walk.steps;
  }
  const { user, system } = process.cpuUsage(before);
  return (steps / (user + system)) * 1e6;
}

inlineMore();
console.log(JSON.stringify(walkRate(Number(process.argv[2]))));
