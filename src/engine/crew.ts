/**
 * The threads of a parallel search, as the thread that started them sees them. They go on with a search that
 * stands between two blocks, and leave it between two blocks; what they find is what one thread would have
 * found.
 */
import { Worker } from 'node:worker_threads';
import { SpecError } from '../language/errors.js';
import type { StructType } from '../language/types.js';
import { Board, POSITION_STRIDE } from './board.js';
import type { BreadthFirst } from './breadth-first.js';
import { refuseNoCrew } from './limits.js';
import type { ModelSource } from './model-source.js';
import type { Assignment, Report } from './worker.js';

/** A thread is gone before it had done its part: it was killed, or ran out of memory. */
export class WorkerLost extends SpecError {
  constructor(worker: number, why: string, where: string) {
    super(
      `worker ${worker} ended before its time (${why}) ${where}. ` +
        'The search has no result. Try fewer --workers, or look at what that action allocates.',
    );
  }
}

/** A thread could not make the model. */
export class WorkerNotStarted extends SpecError {
  constructor(worker: number, { module, export: name }: ModelSource, why: string) {
    super(
      `worker ${worker} could not make the model with ${name} of ${module}: ${why}. ` +
        'Workers need a compiled module that exports a function, which returns the model and its expectations ' +
        'from plain data.',
    );
  }
}

/** The threads were ended while they worked, or before they were asked to. */
export class CrewEnded extends SpecError {
  constructor() {
    super('the workers have been ended, so the search cannot go on. Their unfinished work is lost.');
  }
}

const SCRIPT = new URL('./worker.js', import.meta.url);

export interface CrewOptions {
  /** Limits of each thread's own heap: Node's `resourceLimits`. */
  readonly heapMegabytes?: number;
}

export class Crew<S extends StructType> {
  readonly #search: BreadthFirst<S>;
  readonly #source: ModelSource;
  readonly #board: Board;
  readonly #workers: readonly Worker[];
  readonly #waiting: ((report: Report | Error) => void)[] = [];
  /** What each thread has told that no one has waited for yet. */
  readonly #told: (Report | Error)[][];
  #ready = false;
  #ending = false;

  private constructor(search: BreadthFirst<S>, source: ModelSource, size: number, options: CrewOptions) {
    this.#search = search;
    this.#source = source;
    const { handOver } = search;
    const { store } = handOver;
    this.#board = new Board(store.shape, { workers: size });
    this.#told = Array.from({ length: size }, () => []);
    const board = this.#board.handles;
    this.#workers = Array.from({ length: size }, (_, me) => {
      const workerData: Assignment = { ...handOver, source, board, me };
      const { heapMegabytes } = options;
      const resourceLimits = heapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: heapMegabytes };
      const worker = new Worker(SCRIPT, { workerData, resourceLimits });
      worker.on('message', (report: Report) => this.#hear(me, report));
      worker.on('error', (error) =>
        this.#hear(me, error instanceof Error ? error : new Error(String(error))),
      );
      worker.on('exit', (code) => this.#hear(me, new Error(`exit code ${code}`)));
      return worker;
    });
  }

  /** Starts the threads, and waits until each has made the model. Throws InvalidOption without any. */
  static async start<S extends StructType>(
    search: BreadthFirst<S>,
    source: ModelSource,
    size: number,
    options: CrewOptions = {},
  ): Promise<Crew<S>> {
    refuseNoCrew(size);
    const crew = new Crew(search, source, size, options);
    await crew.#all();
    crew.#ready = true;
    return crew;
  }

  /**
   * Lets the threads go on until the search ends, a limit is reached, or `pause` is called. Throws what the
   * model throws, WorkerLost, and CrewEnded.
   */
  async run(): Promise<void> {
    if (this.#ending) throw new CrewEnded();
    if (this.#search.ended) return;
    this.#board.requestPause(false);
    for (const worker of this.#workers) worker.postMessage('run');
    const reports = await this.#all().catch((error) => {
      // They may stand inside a block, where the store is not whole: no one may go on with it.
      this.#search.stop('the workers ended in the midst of their work');
      throw error;
    });
    const { failed } = this.#board;
    const first = failed.indexOf(Math.min(...failed));
    const report = reports[first];
    const error = report.kind === 'paused' ? report.error : null;
    this.#search.takeBack(this.#board, Object.assign(new Error(error?.message), { name: error?.name }));
  }

  /** Asks the threads to pause after this block; `run` then returns. */
  pause(): void {
    this.#board.requestPause(true);
  }

  /** Ends the threads, wherever they are. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#board.abort();
    for (const tell of this.#waiting) tell?.(new CrewEnded());
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** The next report of every thread; an error if one of them ends instead. */
  async #all(): Promise<readonly Report[]> {
    const waits = this.#workers.map(async (_, me) => {
      const report = this.#told[me].shift() ?? (await this.#next(me));
      if (!(report instanceof Error)) return report;
      if (report instanceof CrewEnded) throw report;
      // The others may wait for the lost one for ever.
      this.#board.abort();
      if (!this.#ready) throw new WorkerNotStarted(me + 1, this.#source, report.message);
      throw new WorkerLost(me + 1, report.message, this.#whereabouts(me));
    });
    try {
      return await Promise.all(waits);
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  #next(me: number): Promise<Report | Error> {
    return new Promise((resolve) => {
      this.#waiting[me] = resolve;
    });
  }

  #hear(me: number, report: Report | Error): void {
    if (this.#ending) return;
    const waiting = this.#waiting[me];
    delete this.#waiting[me];
    if (waiting === undefined) this.#told[me].push(report);
    else waiting(report);
  }

  /** The state and the action that a thread was at. */
  #whereabouts(me: number): string {
    const [state, action] = this.#board.position.subarray(me * POSITION_STRIDE);
    const { expanded, distinct } = this.#search.store;
    if (state < expanded || state >= distinct) return 'before it had expanded a state';
    const name = this.#search.actionName(action);
    return `while it expanded, or after it had expanded, state ${state} by ${name}\n  in the state ${this.#search.show(state)}`;
  }
}
