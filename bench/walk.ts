/**
 * Model steps a second of the random walk on one core: `fast-leader-election` at 3 and at 5 servers, all
 * claims checked at each step and all witnesses looked for. Prints medians; exits with 1 if one misses its
 * target.
 */
import { pathToFileURL } from 'node:url';
import { findRuleSet, findRung } from '../models/index.js';
import { caseOf } from '../properties/index.js';
import { expandChoices } from '../src/random/schedule.js';
import { Walker } from '../src/random/walk.js';

const RUNS = 7;
const SCHEDULES = 100;
const CHOICES = 10_000;

/** Steps a second that a walk must reach, by the number of servers. */
export const WALK_TARGETS: readonly (readonly [servers: number, rate: number])[] = [
  [3, 3_000_000],
  [5, 1_500_000],
];

/** Steps a second of CPU time at so many servers: the median of several runs, after one that compiles. */
export function walkRate(servers: number): number {
  const rung = findRung('fast-leader-election')!;
  const bounds = { ...rung.presets.ci, servers, rounds: 8, crashes: 6, abandons: 6, slots: 2 };
  const walker = new Walker(caseOf(rung, bounds, findRuleSet('correct')!));
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

const inMillions = (rate: number): string => `${(rate / 1e6).toFixed(2)} M steps/s`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(`random walks of fast-leader-election, medians of ${RUNS} runs on one core:`);
  for (const [servers, target] of WALK_TARGETS) {
    const rate = walkRate(servers);
    console.log(`  ${servers} servers  ${inMillions(rate)}, target ${inMillions(target)}`);
    if (rate < target) process.exitCode = 1;
  }
}
