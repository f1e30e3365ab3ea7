/** Long work in slices, between which the clock, Ctrl-C and the terminal have their turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Case } from '../../properties/index.js';
import { BreadthFirst, type Options } from '../engine/breadth-first.js';
import type { Outcome } from '../engine/outcome.js';
import { INTERRUPTED, type Interrupt } from '../process/interrupt.js';

/** Work that takes so many steps at a time; true while there is more. */
export interface Sliced {
  advance(slice: number): boolean;
}

/** States of the first slice; then as many as take about TURN, at most LARGEST. */
const FIRST = 500;
const LARGEST = 20_000;
/** Milliseconds between two looks, more or less. */
const TURN = 50;

/** Works to the end, and looks around between two slices. */
export async function inSlices(work: Sliced, look: () => void): Promise<void> {
  let slice = FIRST;
  for (let from = performance.now(); work.advance(slice); from = performance.now()) {
    slice = performance.now() - from > TURN ? Math.max(1, slice >>> 1) : Math.min(2 * slice, LARGEST);
    await nextTurn();
    look();
  }
}

/** Explores a model to its end, a limit, or an interrupt, in this thread. */
export async function checkInSlices(
  { model, expectations }: Pick<Case, 'model' | 'expectations'>,
  options: Options,
  interrupt: Interrupt,
): Promise<Outcome> {
  const run = new BreadthFirst(model, expectations, options);
  await inSlices(run, () => {
    if (interrupt.requested) run.stop(INTERRUPTED);
  });
  return run.outcome();
}
