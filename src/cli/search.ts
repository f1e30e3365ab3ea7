/** Drives a breadth-first search: in slices, with progress on a terminal, a time limit, and Ctrl-C. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Case } from '../../properties/index.js';
import { BreadthFirst, type Progress } from '../engine/breadth-first.js';
import type { Outcome } from '../engine/outcome.js';
import type { LimitOptions } from './options.js';
import { StatusLine } from './status-line.js';
import { BadUsage } from './usage.js';

/** States expanded before the first look at the clock and at Ctrl-C; then as many as take about TURN. */
const FIRST_SLICE = 500;
const LARGEST_SLICE = 20_000;
/** Milliseconds between two looks, more or less. */
const TURN = 50;

/** More initial states than this are refused: they are made before the search can be interrupted. */
const MOST_INITIALS = 1_000_000;

/** The reason of a search that Ctrl-C ended. */
export const INTERRUPTED = 'interrupted';

export interface Timed {
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** Explores a case to its end, a limit, or an interrupt. Throws what the model throws, as ModelFailed. */
export async function search(subject: Case, limits: LimitOptions, interrupt: Interrupt): Promise<Timed> {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const { statesMax, memoryMax, time } = limits;
  const run = new BreadthFirst(subject.model, subject.expectations, {
    memory: memoryMax,
    ...(statesMax === undefined ? {} : { states: statesMax }),
  });
  const status = new StatusLine(process.stderr);
  let [slice, turn] = [FIRST_SLICE, started];
  try {
    while (run.advance(slice)) {
      if (performance.now() - turn > TURN) slice = Math.max(1, slice >>> 1);
      else slice = Math.min(2 * slice, LARGEST_SLICE);
      await nextTurn();
      turn = performance.now();
      if (interrupt.requested) run.stop(INTERRUPTED);
      if (time !== undefined && elapsed() >= time) run.stop(`the time limit of ${time / 1000} s was reached`);
      status.show(() => describe(subject.rung.name, run.progress(), elapsed() / 1000));
    }
  } finally {
    status.clear();
  }
  return { outcome: run.outcome(), seconds: elapsed() / 1000 };
}

/** Throws `BadUsage` for bounds with so many initial states that making them would seem to hang. */
export function refuseTooManyInitials({ rung, model }: Case): void {
  const { instances } = model.initial;
  if (instances <= MOST_INITIALS) return;
  const limit = `the limit is ${MOST_INITIALS.toLocaleString('en-US')}`;
  const count = instances.toLocaleString('en-US');
  throw new BadUsage(`${rung.name} has ${count} initial states within these bounds; ${limit}: lower them`);
}

function describe(model: string, { distinct, queued, level, bytes }: Progress, seconds: number): string {
  const states = `${short(distinct)} states (+${short(queued)} queued)`;
  const rate = `${short(distinct / seconds)} states/s`;
  const memory = `${Math.round(bytes / 1024 ** 2)} MB`;
  return `${model}  level ${level} · ${states} · ${rate} · ${memory} · ${Math.round(seconds)} s`;
}

/** `4.1 M`, `38 k`, `120`. */
function short(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return count >= 1e4 ? `${Math.round(count / 1e3)} k` : String(Math.round(count));
}

/** Ctrl-C: the first asks for an end with all figures so far, the second ends the process at once. */
export class Interrupt {
  #requested = false;
  readonly #listener = (): void => {
    if (this.#requested) process.exit(130);
    this.#requested = true;
  };

  get requested(): boolean {
    return this.#requested;
  }

  listen(): void {
    process.on('SIGINT', this.#listener);
  }

  stopListening(): void {
    process.off('SIGINT', this.#listener);
  }
}
