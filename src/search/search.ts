/**
 * Drives a breadth-first search: alone at first, then with all workers, with progress on a terminal, a time
 * limit, checkpoints, and Ctrl-C.
 */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../../properties/index.js';
import { BreadthFirst, type Progress } from '../engine/breadth-first.js';
import { Crew } from '../engine/crew.js';
import type { ModelSource } from '../engine/model-source.js';
import type { Outcome } from '../engine/outcome.js';
import type { StructType } from '../language/index.js';
import { INTERRUPTED, type Interrupt } from '../process/interrupt.js';
import { StatusLine } from '../process/status-line.js';
import { tellMoves } from '../process/supervisor.js';
import { BadUsage } from '../process/usage.js';
import { sourceOf } from './case-source.js';
import { type CheckpointOptions, Checkpoints } from './checkpoints.js';
import { Growth, type Point } from './growth.js';

/** States expanded before the first look at the clock and at Ctrl-C; then as many as take about TURN. */
const FIRST_SLICE = 500;
const LARGEST_SLICE = 20_000;
/** Milliseconds between two looks, more or less. */
const TURN = 50;
/** Smaller searches are over before workers have started. */
const STATES_WORTH_WORKERS = 50_000;

/** More initial states than this are refused: they are made before the search can be interrupted. */
const MOST_INITIALS = 1_000_000;

/** The limits at which a search ends as inconclusive. */
export interface LimitOptions {
  /** Milliseconds. */
  readonly time?: number;
  readonly statesMax?: number;
  /** Bytes. */
  readonly memoryMax: number;
}

export interface SearchOptions extends LimitOptions, CheckpointOptions {
  /** The number of this search among several, for the status line: `2/6 `; empty if there is one. */
  readonly turn?: string;
  readonly workers: number;
  readonly exact?: boolean;
}

export interface Timed {
  readonly outcome: Outcome;
  /** Why it stopped early; null if it did not. */
  readonly stopped: string | null;
  readonly seconds: number;
  /** Distinct states of the checkpoint that the search went on from; null if it began at the beginning. */
  readonly resumedAt: number | null;
  /** How many distinct states have each depth, from 0 on. */
  readonly levels: readonly number[];
  /** Distinct states over time, from the beginning or the checkpoint to the end. */
  readonly growth: readonly Point[];
  /** Removes the checkpoint of a search that has ended. To be called once its result is written. */
  readonly release: () => void;
}

/** Explores a case to its end, a limit, or an interrupt. Throws what the model throws, as ModelFailed. */
export async function search(
  subject: Case,
  options: SearchOptions,
  interrupt: Interrupt,
  source: ModelSource = sourceOf(subject),
): Promise<Timed> {
  const drive = new Drive(subject, options, interrupt, source);
  try {
    await drive.alone();
    await drive.together();
  } finally {
    await drive.end();
  }
  return drive.result();
}

class Drive {
  readonly #subject: Case;
  /** The data from which a worker builds the same case. */
  readonly #source: ModelSource;
  readonly #options: SearchOptions;
  readonly #interrupt: Interrupt;
  readonly #checkpoints: Checkpoints;
  readonly #run: BreadthFirst<StructType>;
  readonly #resumedAt: number | null;
  readonly #status = new StatusLine(process.stderr);
  readonly #started = performance.now();
  readonly #growth = new Growth();
  /** The workers, once the search is large enough. They start while it goes on. */
  #crew: Promise<Crew<StructType>> | null = null;
  #workers: { readonly ready?: Crew<StructType>; readonly failed?: unknown } = {};

  constructor(subject: Case, options: SearchOptions, interrupt: Interrupt, source: ModelSource) {
    this.#subject = subject;
    this.#source = source;
    this.#options = options;
    this.#interrupt = interrupt;
    this.#checkpoints = new Checkpoints(subject, options);
    const { restore } = this.#checkpoints;
    const { statesMax, memoryMax, exact } = options;
    this.#run = new BreadthFirst(subject.model, subject.expectations, {
      memory: memoryMax,
      exact: exact === true,
      ...(statesMax === undefined ? {} : { states: statesMax }),
      ...(restore === null ? {} : { restore }),
    });
    this.#resumedAt = restore === null ? null : this.#run.store.distinct;
    this.#growth.note(0, this.#run.store.distinct);
  }

  /** Goes on in this thread until the search ends or the workers are ready. */
  async alone(): Promise<void> {
    let [slice, turn] = [FIRST_SLICE, this.#started];
    while (this.#workers.ready === undefined && this.#run.advance(slice)) {
      if ('failed' in this.#workers) throw this.#workers.failed;
      if (performance.now() - turn > TURN) slice = Math.max(1, slice >>> 1);
      else slice = Math.min(2 * slice, LARGEST_SLICE);
      this.#startWorkers();
      await nextTurn();
      turn = performance.now();
      this.#look();
      if (!this.#run.ended && this.#checkpoints.due) this.#checkpoints.save(this.#run);
    }
  }

  /** Goes on with all workers until the search ends. */
  async together(): Promise<void> {
    const crew = this.#workers.ready;
    while (crew !== undefined && !this.#run.ended) {
      let going = true;
      const stint = crew.run().finally(() => {
        going = false;
      });
      while (going) {
        await Promise.race([stint, sleep(TURN)]);
        this.#look();
        if (this.#run.ended || this.#checkpoints.due) crew.pause();
      }
      await stint;
      if (!this.#run.ended) this.#checkpoints.save(this.#run);
    }
  }

  async end(): Promise<void> {
    this.#status.clear();
    // We may have stopped while the workers started: ignore that start's rejection.
    await this.#crew?.then((crew) => crew.end()).catch(() => {});
  }

  result(): Timed {
    const { finished } = this.#run.store;
    if (!finished) this.#checkpoints.save(this.#run);
    const outcome = this.#run.outcome();
    const seconds = this.#elapsed() / 1000;
    return {
      outcome,
      stopped: finished ? null : outcome.reason,
      seconds,
      resumedAt: this.#resumedAt,
      levels: this.#run.levels(),
      growth: this.#growth.until(seconds, this.#run.store.distinct),
      release: () => {
        if (finished) this.#checkpoints.discard();
      },
    };
  }

  #startWorkers(): void {
    const { workers } = this.#options;
    if (this.#crew !== null || workers === 1 || this.#run.store.distinct < STATES_WORTH_WORKERS) return;
    this.#crew = Crew.start(this.#run, this.#source, workers);
    const note = (key: 'ready' | 'failed') => (what: unknown) => {
      this.#workers = { ...this.#workers, [key]: what };
    };
    this.#crew.then(note('ready'), note('failed'));
  }

  /** Stops the search if it is time, and shows how far it is. */
  #look(): void {
    const { time, turn = '' } = this.#options;
    this.#growth.note(this.#elapsed() / 1000, this.#run.store.distinct);
    tellMoves(this.#run.progress().generated);
    if (this.#interrupt.requested) this.#run.stop(INTERRUPTED);
    if (time !== undefined && this.#elapsed() >= time) {
      this.#run.stop(`the time limit of ${time / 1000} s was reached`);
    }
    const name = turn + this.#subject.family.name;
    this.#status.show(() => describe(name, this.#run.progress(), this.#elapsed() / 1000));
  }

  #elapsed(): number {
    return performance.now() - this.#started;
  }
}
/** Throws `BadUsage` for bounds with so many initial states that making them would seem to hang. */
export function refuseTooManyInitials({ family, model }: Case): void {
  const { instances } = model.initial;
  if (instances <= MOST_INITIALS) return;
  const limit = `the limit is ${MOST_INITIALS.toLocaleString('en-US')}`;
  const count = instances.toLocaleString('en-US');
  throw new BadUsage(`${family.name} has ${count} initial states within these bounds; ${limit}: lower them`);
}

function describe(model: string, { distinct, queued, level, bytes }: Progress, seconds: number): string {
  const states = `${short(distinct)} states (+${short(queued)} queued)`;
  const rate = `${short(distinct / seconds)}/s`;
  const memory = `${Math.round(bytes / 1024 ** 2)} MB`;
  return `${model}  level ${level} · ${states} · ${rate} · ${memory} · ${Math.round(seconds)} s`;
}

/** `4.1 M`, `38 k`, `120`. */
function short(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return count >= 1e4 ? `${Math.round(count / 1e3)} k` : String(Math.round(count));
}
