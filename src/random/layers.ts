/**
 * The states and steps of all shortest schedules to a violation. Such a schedule visits each state at that
 * state's distance from the initial states, or a shorter one would violate the claim. So a search by levels
 * keeps only the steps from one level to the next. If the claim is on steps, the last step may lead anywhere.
 */
import { createExpander, type Expander, NO_STEP } from '../engine/successors.js';
import { concerns } from '../language/claims.js';
import { diagnose } from '../language/diagnosis.js';
import { AbsentEntryWritten, GuardWrites, ResultIgnored } from '../language/errors.js';
import { Machine } from '../language/machine.js';
import type { Model } from '../language/model.js';
import { canonicalizer } from '../language/permutations.js';
import type { StructType } from '../language/types.js';
import type { Built } from './schedule.js';
import { StateTable } from './state-table.js';

/** Successors that may be looked at for each state that may be known: large ensembles have fifty. */
const SUCCESSORS = 8;

/** The target of a step that itself violates the claim. */
export const END = -1;

/** Whether the search keeps the state at `offset`. */
export type Keeps = (memory: Int32Array, offset: number) => boolean;

export class Layers {
  /** The initial states that were kept, by their codes. */
  readonly initials: { readonly code: number; readonly state: number }[] = [];
  readonly table: StateTable;
  /** Last states of shortest schedules; none if a claim on steps is violated. */
  readonly ends = new Set<number>();
  /** The steps of state `s` are those from `first[s]` to `first[s + 1] - 1`, by code. */
  readonly first: number[] = [0];
  readonly codes: number[] = [];
  readonly targets: number[] = [];
  readonly #machine: Machine<StructType>;
  readonly #built: Built;
  readonly #keeps: Keeps;
  readonly #successors: { readonly states: Int32Array; readonly codes: Uint16Array };
  readonly #counts: Float64Array;
  readonly #position = new Float64Array(2);
  readonly #violating = new Set<number>();
  /** Successors of the state visited last. */
  #visited = 0;

  /** Makes empty layers, for a model narrowed to the claim. */
  constructor(built: Built, keeps: Keeps) {
    const { model } = built;
    this.#built = built;
    this.#keeps = keeps;
    this.#machine = new Machine(model);
    const { words } = this.#machine;
    this.table = new StateTable(words);
    const states = new Int32Array(model.instances * words);
    this.#successors = { states, codes: new Uint16Array(model.instances) };
    this.#counts = new Float64Array(model.actions.length);
  }

  /**
   * Fills in all shortest schedules, of so many steps; false once more than `most` states are known, or too
   * many successors have been looked at.
   */
  fill(length: number, most: number): boolean {
    const onStep = this.#built.expectations.claims.some(({ kind }) => kind === 'step');
    const last = onStep ? length - 1 : length;
    this.#addInitials();
    const expander = this.#expanderOf(this.#machine);
    const lastExpander = this.#expanderOf(new Machine(lastStepsOf(this.#built)));
    let [state, looked] = [0, 0];
    for (let level = 0; level <= last; level++) {
      for (const end = this.table.size; state < end; state++) {
        if (this.table.size > most || looked > most * SUCCESSORS) return false;
        this.#visit(level < last ? expander : lastExpander, state);
        looked += this.#visited;
        if (level < last) this.#addSteps(end);
        else this.#addEnds(state);
        this.first.push(this.codes.length);
      }
    }
    return true;
  }

  /** For each state 1 if a shortest schedule passes through it. */
  passed(): Uint8Array {
    const passed = new Uint8Array(this.table.size);
    for (let state = passed.length - 1; state >= 0; state--) {
      if (this.ends.has(state)) passed[state] = 1;
      for (let i = this.first[state]; i < this.first[state + 1]; i++) {
        if (this.targets[i] === END || passed[this.targets[i]] === 1) passed[state] = 1;
      }
    }
    return passed;
  }

  #addInitials(): void {
    const { memory, initials, model } = this.#machine;
    const canonicalize = canonicalizer(model);
    for (let code = 0; code < initials; code++) {
      if (!this.#machine.start(code)) continue;
      canonicalize?.(memory, 0);
      if (this.#keeps(memory, 0)) this.initials.push({ code, state: this.table.add(memory, 0) });
    }
  }

  #expanderOf(machine: Machine<StructType>): Expander {
    return createExpander(machine, this.#built.expectations, this.#successors, {
      violated: (_claim, code) => this.#violating.add(code),
      deadlocked: () => this.#violating.add(NO_STEP),
      found: () => {},
      absentEntryWritten: (code) => {
        machine.memory.fill(0, 2 * machine.words);
        throw new AbsentEntryWritten(machine.print(code));
      },
      resultReturned: () => {
        throw new ResultIgnored('a result');
      },
      stateWritten: (code) => {
        throw new GuardWrites(`a claim on ${machine.print(code)}`);
      },
      guardWrote: () => {
        throw new GuardWrites('a guard, a claim or a predicate');
      },
    });
  }

  #visit(expander: Expander, state: number): void {
    const { words } = this.#machine;
    this.#violating.clear();
    const { states } = this.table;
    try {
      this.#visited = expander.visit(states, state * words, 0, this.#counts, this.#position);
    } catch (error) {
      this.#machine.load(states, state * words);
      throw diagnose(this.#machine, this.#built.expectations, error);
    }
  }

  /** The steps to states of the next level, which begins with state number `next`. */
  #addSteps(next: number): void {
    const { words } = this.#machine;
    const { states, codes } = this.#successors;
    for (let n = 0; n < this.#visited; n++) {
      if (!this.#keeps(states, n * words)) continue;
      const target = this.table.add(states, n * words);
      if (target < next) continue;
      this.codes.push(codes[n]);
      this.targets.push(target);
    }
  }

  /** Notes the violations at a state: the state itself, or steps from it. */
  #addEnds(state: number): void {
    for (const code of this.#violating) {
      if (code === NO_STEP) this.ends.add(state);
      else {
        this.codes.push(code);
        this.targets.push(END);
      }
    }
  }
}

/**
 * The model with only the steps that may violate the claim, because the last level is larger than all before
 * it.
 */
function lastStepsOf({ model, expectations }: Built): Model {
  const [claim] = expectations.claims;
  if (claim === undefined) return model;
  const actions = model.actions.filter(({ name }) => claim.kind === 'step' && concerns(claim, name));
  return { ...model, actions, terminal: () => true };
}
