/**
 * The shortest way to a violation that a random run has found: a breadth-first search at its reduced bounds.
 */
import { BreadthFirst } from '../engine/breadth-first.js';
import type { Schedule } from '../engine/outcome.js';
import { type Counterexample, narrow } from './reduce.js';
import type { Subject } from './schedule.js';

/** States expanded between two looks at the search's level. */
const SLICE = 4_096;

/**
 * A shortest schedule that violates the claim at the counterexample's bounds; null if the search would know
 * more than `statesMax` states first. Once all shorter schedules have been excluded the counterexample itself
 * is the answer.
 */
export function shortest(
  subject: Subject,
  claim: string,
  { bounds, schedule }: Counterexample,
  statesMax: number,
): Schedule | null {
  const { model, expectations } = narrow(subject.build(bounds), claim);
  const search = new BreadthFirst(model, expectations, { states: statesMax });
  while (search.progress().level < schedule.steps.length && search.advance(SLICE));
  const violation = search.outcome().violation;
  if (violation !== null) return violation.schedule;
  return search.progress().level >= schedule.steps.length ? schedule : null;
}
