/**
 * The shortest way to a violation that a random run has found: a breadth-first search at its reduced bounds;
 * and among the shortest the one that is easiest to follow.
 */
import { BreadthFirst } from '../engine/breadth-first.js';
import type { Schedule } from '../engine/outcome.js';
import { fewestSwitches } from './fewest-switches.js';
import { type Counterexample, narrow } from './reduce.js';
import type { Built, Subject } from './schedule.js';

/** States expanded between two looks at the search's level. */
const SLICE = 4_096;

export interface Shortest {
  readonly schedule: Schedule;
  /** Whether no schedule as short has fewer switches between servers. */
  readonly fewest: boolean;
}

/**
 * A shortest schedule that violates the claim at the counterexample's bounds, of those one with the fewest
 * switches between servers; null if the search for it would know more than `statesMax` states first. If only
 * the search for the fewest would, it is the schedule that was found first.
 */
export function shortest(
  subject: Subject,
  claim: string,
  { bounds, schedule }: Counterexample,
  statesMax: number,
): Shortest | null {
  const built = narrow(subject.build(bounds), claim);
  const found = breadthFirst(built, schedule, statesMax);
  if (found === null) return null;
  const best = fewestSwitches(built, found.steps.length, statesMax);
  return { schedule: best ?? found, fewest: best !== null };
}

/** Once all shorter schedules have been excluded the one that is known is the answer. */
function breadthFirst({ model, expectations }: Built, known: Schedule, statesMax: number): Schedule | null {
  const search = new BreadthFirst(model, expectations, { states: statesMax });
  while (search.progress().level < known.steps.length && search.advance(SLICE));
  const violation = search.outcome().violation;
  if (violation !== null) return violation.schedule;
  return search.progress().level >= known.steps.length ? known : null;
}
