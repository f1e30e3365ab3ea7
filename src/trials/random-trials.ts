/** Tries rule sets at random: how short is the schedule that random exploration ends with? */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hasSteps, type RandomSubject, subjectOf } from '../cases/random-subject.js';
import { INTERRUPTED, Interrupt } from '../process/interrupt.js';
import { type DrawnBounds, Exploration, type RandomViolation } from '../random/index.js';
import { narrow } from '../random/reduce.js';
import type { RandomPart, Row } from '../report/schemas.js';
import { checkInSlices } from '../search/in-slices.js';
import { MOST_STATES, type Trial } from './trials.js';

export const SEED = 1;
/** Enough for all but those that are hard to meet, in a few seconds each. */
export const RANDOM_RUNS = 120;

/**
 * Explores a rule set at random with only the claim that must catch it. The declared bounds stay fixed, and
 * so do the servers and their start; the others are drawn, as `explore` draws them. Null if no claim must
 * catch it. After an interrupt the result means nothing.
 */
export async function tryAtRandom(
  { ruleSet, family, declared }: Trial,
  runs = RANDOM_RUNS,
  interrupt: Interrupt = new Interrupt(),
): Promise<RandomPart | null> {
  if (!('claim' in declared)) return null;
  if (!hasSteps(family, ruleSet)) return { runs: 0, violation: null, seconds: 0 };
  const { claim, bounds } = declared;
  const { servers, start } = family.presets.tiny;
  const drawn = subjectOf(family, ruleSet, { servers, start, ...bounds }, [claim], 'tiny');
  const subject = { ...drawn, build: (at: DrawnBounds) => narrow(drawn.build(at), claim) };
  const from = performance.now();
  const exploration = new Exploration(subject, { seed: SEED, runs });
  while (exploration.advance()) {
    await nextTurn();
    if (interrupt.requested) exploration.stop(INTERRUPTED);
  }
  const { runs: made, violation } = exploration.outcome();
  const seconds = (performance.now() - from) / 1000;
  const found = violation === null ? null : await shown(subject, violation, interrupt);
  return { runs: made, violation: found, seconds };
}

/** A violation with the length that a separate breadth-first search finds at its bounds. */
async function shown(
  subject: RandomSubject,
  violation: RandomViolation,
  interrupt: Interrupt,
): Promise<RandomPart['violation']> {
  const { bounds, schedule, lengths, switches } = violation;
  const { violation: exhaustive } = await checkInSlices(
    subject.build(bounds),
    { states: MOST_STATES },
    interrupt,
  );
  return {
    bounds: subject.caseAt(bounds).stated as Row['bounds'],
    found: lengths.found,
    shrunk: lengths.shrunk,
    steps: schedule.steps.length,
    breadthFirst: exhaustive === null ? null : exhaustive.schedule.steps.length,
    switches,
  };
}

/** The row of a trial with its random result; unexplained if breadth-first search finds another length. */
export function withRandom(row: Row, random: RandomPart | null): Row {
  const violation = random?.violation ?? null;
  if (row.verdict === 'unexplained' || violation === null || violation.steps === violation.breadthFirst) {
    return { ...row, random };
  }
  const { steps, breadthFirst } = violation;
  const because = `at random ${steps} steps, breadth-first ${breadthFirst ?? 'none'} at the same bounds`;
  return { ...row, random, verdict: 'unexplained', because };
}
