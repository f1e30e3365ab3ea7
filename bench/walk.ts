/**
 * Model steps a second of the random walk on one core: `fast-leader-election` at 5 servers, all claims
 * checked at each step and all witnesses looked for. Prints each run and the median. The target is 1,000,000
 * steps a second.
 */
import { findRuleSet, findRung } from '../models/index.js';
import { caseOf } from '../properties/index.js';
import { expandChoices } from '../src/random/schedule.js';
import { Walker } from '../src/random/walk.js';

const RUNS = 7;
const SCHEDULES = 100;
const CHOICES = 10_000;
const TARGET = 1_000_000;

const rung = findRung('fast-leader-election')!;
const bounds = { ...rung.presets.ci, servers: 5, rounds: 8, crashes: 6, abandons: 6, slots: 2 };
const subject = caseOf(rung, bounds, findRuleSet('correct')!);
const walker = new Walker(subject);

/** Steps a second over schedules from consecutive seeds. */
function measure(firstSeed: number): number {
  const setting = { bounds: {}, mix: {}, horizon: 1_000 };
  const schedules = Array.from({ length: SCHEDULES }, (_, i) => expandChoices(firstSeed + i, CHOICES));
  const started = performance.now();
  let steps = 0;
  for (const choices of schedules) {
    const walk = walker.walk({ setting, choices });
    if (walk.violation !== null) throw new Error(`claim ${walk.violation.claim} is violated`);
    steps += walk.steps;
  }
  return (steps / (performance.now() - started)) * 1_000;
}

const inMillions = (rate: number): string => `${(rate / 1e6).toFixed(2)} M steps/s`;

const rates = Array.from({ length: RUNS }, (_, i) => {
  const rate = measure(1 + i * SCHEDULES);
  console.log(`run ${i + 1}  ${inMillions(rate)}`);
  return rate;
});
const median = rates.sort((a, b) => a - b)[RUNS >> 1];
const claims = subject.expectations.claims.length;
console.log(`median ${inMillions(median)} at 5 servers, ${claims} claims; target ${inMillions(TARGET)}`);
