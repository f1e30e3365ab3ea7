/**
 * Random exploration. fast-check draws schedules, a walker runs each, and a violation is shrunk and then
 * searched for breadth first. The caller drives it in slices and owns the clock; its result depends only on
 * the seed.
 */
import * as fc from 'fast-check';
import { DEADLOCK, inSteps } from '../engine/outcome.js';
import { checkAgain } from '../engine/stability.js';
import { exclusion } from '../language/claims.js';
import { UnstableModel } from '../language/errors.js';
import { Machine } from '../language/machine.js';
import { checkExpectations } from '../language/model.js';
import { drawPalette, ScheduleArbitrary } from './arbitrary.js';
import { switchesIn } from './fewest-switches.js';
import type { RandomOutcome, RandomViolation } from './outcome.js';
import { narrow, reduce } from './reduce.js';
import { type DrawnBounds, plainSchedule, type RandomSchedule, type Subject } from './schedule.js';
import { shortest } from './shortest.js';
import { type Walk, Walker } from './walk.js';

export interface ExplorationOptions {
  readonly seed: number;
  /** May be Infinity; then the caller ends the exploration. */
  readonly runs: number;
  /** Choices of one run. */
  readonly choices?: number;
  /** States that the search for a shortest violation may know before it gives up. */
  readonly statesMax?: number;
}

/** Figures of an exploration under way. */
export interface RandomProgress {
  readonly runs: number;
  readonly steps: number;
  readonly walks: number;
}

const DEFAULT_CHOICES = 10_000;
const DEFAULT_STATES = 1_000_000;
/** Schedules that fast-check may try while it shrinks; afterwards it keeps what it has. */
const MOST_SHRINKS = 1_000;
/** The runs of one slice share a seed of fast-check; a path tells them apart. */
const SLICE = 8;
const MOST_WALKERS = 32;

interface Failure {
  readonly claim: string;
  readonly run: number;
  readonly steps: number;
  readonly found: RandomSchedule;
}

/**
 * An exploration in slices: `while (exploration.advance()) …`, then `outcome()`. `exploreSubject` runs one to
 * the end.
 */
export class Exploration {
  readonly #subject: Subject;
  readonly #options: Required<ExplorationOptions>;
  readonly #palette: readonly DrawnBounds[];
  readonly #arbitrary: ScheduleArbitrary;
  readonly #walkers = new Map<string, Walker>();
  readonly #actions = new Map<string, number>();
  readonly #allowed = new Set<string>();
  readonly #witnesses = new Map<string, number>();
  readonly #claims = new Set<string>();
  #asked: number;
  #runs = 0;
  #steps = 0;
  #walks = 0;
  #longest = 0;
  #shrinks = 0;
  #failure: Failure | null = null;
  #violation: RandomViolation | null = null;
  #error: unknown = null;
  #stopped: string | null = null;

  constructor(subject: Subject, options: ExplorationOptions) {
    this.#subject = subject;
    this.#options = { choices: DEFAULT_CHOICES, statesMax: DEFAULT_STATES, ...options };
    this.#asked = options.runs;
    this.#palette = drawPalette(subject.space, options.seed);
    for (const bounds of this.#palette) this.#introduce(bounds);
    const actions = [...this.#actions.keys()];
    this.#arbitrary = new ScheduleArbitrary(subject.space, this.#palette, actions, this.#options.choices);
  }

  /**
   * Makes a run; true while there are more to make. Throws what the model throws, as ModelFailed.
   */
  advance(): boolean {
    if (this.#stopped !== null || this.#violation !== null || this.#runs >= this.#asked) return false;
    const [slice, inSlice] = [Math.floor(this.#runs / SLICE), this.#runs % SLICE];
    const details = fc.check(
      fc.property(this.#arbitrary, (schedule) => this.#holds(schedule)),
      { seed: sliceSeed(this.#options.seed, slice), path: String(inSlice), numRuns: 1 },
    );
    if (this.#error !== null) throw this.#error;
    if (details.failed && details.counterexample !== null) this.#minimise(details.counterexample[0]);
    // A time limit that someone has set for all of fast-check ends a check as if it had passed.
    else if (details.interrupted) this.stop("fast-check's own time limit was reached");
    return this.#violation === null && this.#stopped === null && this.#runs < this.#asked;
  }

  /** Ends the exploration before its last run; the verdict becomes *inconclusive*, for this reason. */
  stop(reason: string): void {
    this.#stopped ??= reason;
  }

  /** Ends the exploration as if the runs made so far were all that were asked for. */
  conclude(): void {
    this.#asked = Math.min(this.#asked, this.#runs);
  }

  progress(): RandomProgress {
    return { runs: this.#runs, steps: this.#steps, walks: this.#walks };
  }

  outcome(): RandomOutcome {
    const violation = this.#violation;
    const reason = violation === null ? this.#unfinished() : describe(violation);
    return {
      verdict: violation !== null ? 'violated' : reason !== null ? 'inconclusive' : 'passed',
      reason,
      seed: this.#options.seed,
      palette: this.#palette,
      runs: this.#runs,
      walks: this.#walks,
      steps: this.#steps,
      longest: this.#longest,
      actions: Object.fromEntries(this.#actions),
      neverTaken: [...this.#allowed].filter((name) => this.#actions.get(name) === 0),
      claims: [...this.#claims],
      witnesses: Object.fromEntries(this.#witnesses),
      violation,
    };
  }

  #unfinished(): string | null {
    if (this.#runs >= this.#asked) return null;
    return this.#stopped ?? `${this.#runs} of ${this.#asked} runs were made`;
  }

  /**
   * Notes the actions and witnesses of the model at these bounds, so that those that no run meets are
   * reported.
   */
  #introduce(bounds: DrawnBounds): void {
    const { model, expectations } = this.#subject.build(bounds);
    checkExpectations(model, expectations);
    for (const { name, excludedBecause } of model.actions) {
      this.#actions.set(name, 0);
      if (!excludedBecause) this.#allowed.add(name);
    }
    for (const { name, kind } of expectations.claims) if (kind !== 'scenario') this.#claims.add(name);
    for (const witness of expectations.witnesses) {
      if (exclusion(witness) === null) this.#witnesses.set(witness.name, 0);
    }
  }

  /** One run of the property: the first to fail decides which claim the others must violate to be smaller. */
  #holds(schedule: RandomSchedule): boolean {
    if (this.#error !== null) return true;
    try {
      return this.#failure === null
        ? this.#explore(schedule)
        : this.#holdsStill(schedule, this.#failure.claim);
    } catch (error) {
      this.#error = error;
      return true;
    }
  }

  #explore(schedule: RandomSchedule): boolean {
    const walker = this.#walkerAt(schedule.setting.bounds);
    const { steps, walks, longest, violation } = walker.walk(schedule);
    this.#runs++;
    this.#steps += steps;
    this.#walks += walks;
    this.#longest = Math.max(this.#longest, longest);
    this.#collect(walker);
    if (violation === null) return true;
    const length = violation.schedule.steps.length;
    this.#failure = {
      claim: violation.claim,
      run: this.#runs,
      steps: length,
      found: plainSchedule(schedule),
    };
    return false;
  }

  #holdsStill(schedule: RandomSchedule, claim: string): boolean {
    if (this.#shrinks++ >= MOST_SHRINKS) return true;
    return this.#walkerAt(schedule.setting.bounds, claim).walk(schedule).violation === null;
  }

  #collect({ built: { model, expectations }, counts, witnessed }: Walker): void {
    for (const [k, { name }] of model.actions.entries()) {
      this.#actions.set(name, (this.#actions.get(name) ?? 0) + counts[k]);
    }
    for (const [i, { name }] of expectations.witnesses.entries()) {
      if (witnessed[i] > 0) this.#witnesses.set(name, (this.#witnesses.get(name) ?? 0) + witnessed[i]);
    }
    counts.fill(0);
    witnessed.fill(0);
  }

  /** The walker for the model at these bounds; with one claim alone if one is given. */
  #walkerAt(bounds: DrawnBounds, claim: string | null = null): Walker {
    const key = JSON.stringify([bounds, claim]);
    let walker = this.#walkers.get(key);
    if (walker === undefined) {
      if (this.#walkers.size >= MOST_WALKERS) this.#walkers.clear();
      const built = this.#subject.build(bounds);
      walker = new Walker(claim === null ? built : narrow(built, claim));
      this.#walkers.set(key, walker);
    }
    return walker;
  }

  /**
   * Turns the schedule that fast-check has shrunk into steps, leaves some out, and looks for a shortest list.
   */
  #minimise(shrunk: RandomSchedule): void {
    const { claim, run, steps, found } = this.#failure!;
    const { bounds } = shrunk.setting;
    const { violation } = this.#walkerAt(bounds, claim).walk(shrunk);
    if (violation === null) {
      const what = `claim ${claim} was violated after ${inSteps(steps)}, but not when the same steps were taken again`;
      throw new UnstableModel(what, `the seed: ${this.#options.seed}, run ${run}`);
    }
    const reduced = reduce(this.#subject, claim, { bounds, schedule: violation.schedule });
    const best = shortest(this.#subject, claim, reduced, this.#options.statesMax);
    const schedule = best?.schedule ?? reduced.schedule;
    const { model, expectations } = this.#subject.build(reduced.bounds);
    checkAgain(new Machine(model), expectations, claim, schedule);
    this.#violation = {
      claim,
      run,
      found,
      bounds: reduced.bounds,
      schedule,
      lengths: {
        found: steps,
        shrunk: reduced.schedule.steps.length,
        shortest: best === null ? null : schedule.steps.length,
      },
      switches: {
        count: switchesIn(model, schedule),
        fewest: best?.fewest ?? false,
      },
    };
  }
}

/**
 * Different seeds for the slices of one exploration, and for the same slice of two explorations with nearby
 * seeds.
 */
function sliceSeed(seed: number, slice: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(slice + 1, 0xc2b2ae35);
  x ^= x >>> 15;
  x = Math.imul(x, 0x2c1b3c6d);
  return x ^ (x >>> 13);
}

function describe({ claim, run, lengths }: RandomViolation): string {
  const what = claim === DEADLOCK ? 'a state that is not terminal has no step' : `claim ${claim} is violated`;
  const steps = lengths.shortest ?? lengths.shrunk;
  const how = lengths.shortest === null ? 'not proved shortest' : 'none is shorter';
  return `${what}, after ${inSteps(steps)} (${how}); found by run ${run} after ${lengths.found}`;
}

/** Makes all runs, or as many as it takes to violate a claim. */
export function exploreSubject(subject: Subject, options: ExplorationOptions): RandomOutcome {
  const exploration = new Exploration(subject, options);
  while (exploration.advance());
  return exploration.outcome();
}

/** Runs a schedule from its data alone. */
export const replaySchedule = (subject: Subject, schedule: RandomSchedule): Walk =>
  new Walker(subject.build(schedule.setting.bounds)).walk(schedule);
