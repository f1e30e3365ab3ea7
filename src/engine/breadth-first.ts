/**
 * Exhaustive exploration, breadth first: level by level from the initial states, so that the first schedule
 * found to any state is a shortest one. The caller drives it in slices and owns the clock; nothing here
 * depends on time.
 */
import { type Expectations, exclusion } from '../spec/claims.js';
import { diagnose } from '../spec/diagnosis.js';
import { AbsentEntryWritten, GuardWrites, NoInitialState } from '../spec/errors.js';
import { Machine } from '../spec/machine.js';
import { checkExpectations, type Model } from '../spec/model.js';
import type { Reading, StructType } from '../spec/types.js';
import { expectedCollisions, fingerprintOf } from './fingerprint.js';
import { Frontier } from './frontier.js';
import { DEADLOCK, type Outcome, type Schedule, type Violation } from './outcome.js';
import { Predecessors } from './predecessors.js';
import { brokenScenarios } from './scenarios.js';
import { SeenSet } from './seen-set.js';
import { BATCH, createExpander, type Expander, NO_STEP } from './successors.js';

export interface Limits {
  /** Stop when this many distinct states are known. */
  readonly states?: number;
  /** Stop before the seen-set would grow beyond this many bytes of data, or once all data exceed it. */
  readonly memory?: number;
}

/** Figures of a search under way. */
export interface Progress {
  readonly distinct: number;
  readonly generated: number;
  readonly queued: number;
  readonly level: number;
  readonly bytes: number;
}

interface Found {
  readonly state: number;
  readonly code: number;
}

/** A search in slices: `while (search.advance(50_000)) …`, then `outcome()`. `check` runs one to the end. */
export class BreadthFirst<S extends StructType> {
  readonly #machine: Machine<S>;
  readonly #expectations: Expectations<Reading<S>>;
  readonly #limits: Required<Limits>;
  readonly #expander: Expander;
  readonly #seen = new SeenSet();
  readonly #frontier: Frontier;
  readonly #predecessors = new Predecessors();
  /** The state being expanded, to see whether a guard wrote to it. */
  readonly #current: Int32Array;
  readonly #counts: Float64Array;
  readonly #violated = new Map<string, Found>();
  readonly #brokenScenarios: readonly Violation[];
  readonly #found = new Map<number, Found>();
  #waiting = 0;
  #expanded = 0;
  #level = 0;
  #levelEnd = 0;
  #stopped: string | null = null;
  #finished = false;

  constructor(model: Model<S>, expectations: Expectations<Reading<S>>, limits: Limits = {}) {
    checkExpectations(model, expectations);
    this.#machine = new Machine(model);
    this.#expectations = expectations;
    this.#limits = { states: limits.states ?? Infinity, memory: limits.memory ?? Infinity };
    this.#frontier = new Frontier(this.#machine.words);
    this.#current = new Int32Array(this.#machine.words);
    this.#counts = new Float64Array(model.actions.length);
    this.#expander = createExpander(this.#machine, this.#expectations, {
      violated: (claim, code) => this.#recordViolation(this.#expectations.claims[claim].name, code),
      found: (witness, code) => this.#recordWitness(witness, code),
      absentEntryWritten: (code) => {
        this.#machine.memory.fill(0, 2 * this.#machine.words);
        throw new AbsentEntryWritten(this.#machine.print(code));
      },
      stateWritten: (code) => {
        throw new GuardWrites(`a claim or a witness on ${this.#machine.print(code)}`);
      },
    });
    this.#brokenScenarios = brokenScenarios(this.#machine, expectations.claims);
    this.#start();
  }

  /**
   * Expands up to `slice` states; true while there is more to do. Throws what the model throws, as
   * ModelFailed.
   */
  advance(slice: number): boolean {
    for (let i = 0; i < slice; i++) {
      if (this.#stopped !== null || !this.#levelReady()) return false;
      this.#expandNext();
      if (this.#waiting >= BATCH) this.#flush();
    }
    return true;
  }

  /**
   * Ends the search; the verdict becomes *inconclusive*, for this reason, unless the search had finished
   * before.
   */
  stop(reason: string): void {
    if (!this.#finished) this.#stopped ??= reason;
  }

  progress(): Progress {
    return {
      distinct: this.#seen.size,
      generated: this.#generated(),
      queued: this.#frontier.length,
      level: this.#level,
      bytes: this.#bytes(),
    };
  }

  outcome(): Outcome {
    const { claims, witnesses } = this.#expectations;
    const violations = this.#violations();
    const expected = witnesses.filter((witness) => exclusion(witness) === null);
    const excluded = witnesses.filter((witness) => exclusion(witness) !== null);
    const scheduleOf = (witness: (typeof witnesses)[number]) =>
      this.#scheduleTo(this.#found.get(witnesses.indexOf(witness)));
    const model = this.#machine.model;
    const actions = model.actions.map(({ name }, k) => [name, this.#counts[k]] as const);
    const unmet = this.#finished ? this.#unmetDemand() : null;
    const broken = violations.length > 0 || unmet !== null;
    const unfinished = this.#stopped ?? (this.#finished ? null : 'the search has not been run to its end');
    return {
      verdict: broken ? 'violated' : unfinished === null ? 'holds' : 'inconclusive',
      reason: violations.length > 0 ? describe(violations[0]) : (unmet ?? unfinished),
      distinct: this.#seen.size,
      generated: this.#generated(),
      depth: this.#level,
      actions: Object.fromEntries(actions),
      claims: claims.map(({ name }) => name),
      witnesses: Object.fromEntries(expected.map((witness) => [witness.name, scheduleOf(witness)])),
      excluded: Object.fromEntries(excluded.map((witness) => [witness.name, exclusion(witness) ?? ''])),
      violation: violations[0] ?? null,
      violations,
      expectedCollisions: expectedCollisions(this.#seen.size),
      bytes: this.#bytes(),
    };
  }

  /** Puts the initial states into the seen-set, the frontier and the predecessors. */
  #start(): void {
    const machine = this.#machine;
    const fingerprint = fingerprintOf(machine.words);
    const lanes = new Int32Array(2);
    for (let code = 0; code < machine.initials; code++) {
      if (!machine.start(code)) continue;
      fingerprint(machine.memory, 0, lanes);
      if (!this.#makeRoom(1)) break;
      if (!this.#seen.add(lanes[0], lanes[1])) continue;
      this.#predecessors.pushInitial(code);
      this.#frontier.push(machine.memory, 0);
      this.#countStates();
    }
    if (this.#predecessors.length === 0 && this.#stopped === null)
      throw new NoInitialState(machine.model.name);
    this.#levelEnd = this.#predecessors.length;
  }

  /** True if the next state of the frontier may be expanded; closes a level when its last state has been. */
  #levelReady(): boolean {
    if (this.#expanded < this.#levelEnd) return true;
    this.#flush();
    if (this.#stopped !== null) return false;
    this.#finished =
      this.#violated.size > 0 ||
      this.#brokenScenarios.some(({ schedule }) => schedule.steps.length <= this.#level) ||
      this.#frontier.length === 0;
    if (this.#finished) return false;
    this.#level++;
    this.#levelEnd = this.#predecessors.length;
    return true;
  }

  #expandNext(): void {
    const { model, pre } = this.#machine;
    this.#frontier.shift(this.#current);
    this.#machine.load(this.#current, 0);
    const first = this.#waiting;
    try {
      this.#expander.inspect();
      this.#waiting = this.#expander.expand(first, this.#counts);
      if (this.#waiting === first && model.terminal?.(pre) !== true) this.#recordViolation(DEADLOCK, NO_STEP);
      this.#refuseWrites();
    } catch (error) {
      this.#machine.load(this.#current, 0);
      if (error instanceof AbsentEntryWritten) throw error;
      throw diagnose(this.#machine, this.#expectations, error);
    }
    this.#expander.batch.parents.fill(this.#expanded, first, this.#waiting);
    this.#expanded++;
  }

  /** Throws if the state before is no longer the state that is expanded. */
  #refuseWrites(): void {
    const { memory, words } = this.#machine;
    for (let i = 0; i < words; i++) {
      if (memory[i] !== this.#current[i]) throw new GuardWrites('a guard, a claim or a predicate');
    }
  }

  /** Looks up all waiting successors: first touches every home slot, so that the cache misses overlap. */
  #flush(): void {
    const count = this.#waiting;
    this.#waiting = 0;
    if (!this.#makeRoom(count)) return;
    const { states, fingerprints, codes, parents } = this.#expander.batch;
    const [seen, words] = [this.#seen, this.#machine.words];
    touch(seen, fingerprints, count);
    for (let i = 0; i < count; i++) {
      if (!seen.add(fingerprints[2 * i], fingerprints[2 * i + 1])) continue;
      this.#predecessors.push(parents[i], codes[i]);
      this.#frontier.push(states, i * words);
    }
    this.#countStates();
  }

  #countStates(): void {
    const { states } = this.#limits;
    if (this.#seen.size >= states) this.stop(`the limit of ${states} distinct states was reached`);
  }

  #makeRoom(extra: number): boolean {
    const { memory } = this.#limits;
    const tooMuch = `the limit of ${memory} bytes for the search's data was reached`;
    if (this.#bytes() > memory) this.stop(tooMuch);
    while (this.#stopped === null && !this.#seen.fits(extra)) {
      if (this.#bytes() + this.#seen.bytesToGrow > memory) {
        this.stop(tooMuch);
        break;
      }
      try {
        this.#seen.grow();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        this.stop(`the machine had no memory for ${this.#seen.bytesToGrow} more bytes`);
      }
    }
    return this.#stopped === null;
  }

  #recordViolation(claim: string, code: number): void {
    if (!this.#violated.has(claim)) this.#violated.set(claim, { state: this.#expanded, code });
  }

  #recordWitness(witness: number, code: number): void {
    this.#expander.sought[witness] = 0;
    this.#found.set(witness, { state: this.#expanded, code });
  }

  /** Violations at the least depth, in the order in which the claims are declared. */
  #violations(): readonly Violation[] {
    const found = [...this.#violated].map(([claim, at]) => ({ claim, schedule: this.#scheduleTo(at)! }));
    const all = [...this.#brokenScenarios, ...found];
    const least = Math.min(...all.map(({ schedule }) => schedule.steps.length));
    const order = [...this.#expectations.claims.map(({ name }) => name), DEADLOCK];
    return all
      .filter(({ schedule }) => schedule.steps.length === least)
      .sort((a, b) => order.indexOf(a.claim) - order.indexOf(b.claim));
  }

  #scheduleTo(found: Found | undefined): Schedule | null {
    if (found === undefined) return null;
    const { initial, steps } = this.#predecessors.scheduleTo(found.state);
    return { initial, steps: found.code === NO_STEP ? steps : [...steps, found.code] };
  }

  /** What a complete search without a violation still demands: every witness found, every action taken. */
  #unmetDemand(): string | null {
    for (const [i, witness] of this.#expectations.witnesses.entries()) {
      const [found, because] = [this.#found.has(i), exclusion(witness)];
      if (!found && because === null) {
        return `witness ${witness.name} cannot be reached within these bounds, so a claim may hold for want of a case`;
      }
      if (found && because !== null) {
        return `witness ${witness.name} is reached, although it is declared as excluded: ${because}`;
      }
    }
    for (const [k, { name, excludedBecause }] of this.#machine.model.actions.entries()) {
      if (this.#counts[k] === 0 && !excludedBecause) {
        return `action ${name} is never taken: mend its guard, or declare why these bounds exclude it (excludedBecause)`;
      }
      if (this.#counts[k] > 0 && excludedBecause) {
        return `action ${name} is taken, although it is declared as excluded: ${excludedBecause}`;
      }
    }
    return null;
  }

  #generated(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  #bytes(): number {
    return this.#seen.bytes + this.#predecessors.bytes + this.#frontier.bytes;
  }
}

const describe = ({ claim, schedule }: Violation): string =>
  `${claim === DEADLOCK ? 'a state that is not terminal has no step' : `claim ${claim} is violated`}, after ${schedule.steps.length} step(s)`;

function touch({ table, mask }: SeenSet, fingerprints: Int32Array, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum ^= table[2 * (fingerprints[2 * i] & mask)];
  return sum;
}

/** Explores a model to the end, or to a limit. */
export function check<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  limits: Limits = {},
): Outcome {
  const search = new BreadthFirst(model, expectations, limits);
  while (search.advance(1 << 20));
  return search.outcome();
}
