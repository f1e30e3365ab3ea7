/**
 * Exhaustive exploration, breadth first: level by level from the initial states, so that the first schedule
 * found to any state is a shortest one. The caller drives it in slices and owns the clock; nothing here
 * depends on time.
 */
import type { Expectations } from '../language/claims.js';
import { diagnose } from '../language/diagnosis.js';
import {
  AbsentEntryWritten,
  NoInitialState,
  SpecError,
  UnsoundPermutations,
  UnstableModel,
} from '../language/errors.js';
import { layoutOf, wordsOf } from '../language/layout.js';
import { checkExpectations, decodeStep, type Model, printStep } from '../language/model.js';
import { canonicalizer } from '../language/permutations.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import { Board, Stop } from './board.js';
import { addInitialStates } from './initial-states.js';
import { judge } from './judgement.js';
import { type Limits, limitsOf, refuseEmptySlice } from './limits.js';
import { identityOfModel } from './model-source.js';
import type { Outcome, Violation } from './outcome.js';
import { Participant } from './participant.js';
import { brokenScenarios } from './scenarios.js';
import { NOTHING, type Shape, Store, type StoreHandles } from './store.js';
import { concretize, isCheckedThoroughly, SymmetryCheck } from './symmetry.js';

/** Figures of a search under way. */
export interface Progress {
  readonly distinct: number;
  readonly generated: number;
  readonly queued: number;
  readonly level: number;
  readonly bytes: number;
}

export interface Options extends Limits {
  /** Compare whole states, not fingerprints: slower and larger, and no collision can hide a state. */
  readonly exact?: boolean;
  /** Fills the empty store instead of the initial states: from a checkpoint. */
  readonly restore?: (store: Store) => void;
}

/** What another thread needs to go on with a search. */
export interface HandOver {
  readonly store: StoreHandles;
  readonly limits: Required<Limits>;
  readonly lastLevel: number;
  /** What the model that another thread makes must be like. */
  readonly likeness: string;
}

/** A search in slices: `while (search.advance(50_000)) …`, then `outcome()`. `check` runs one to the end. */
export class BreadthFirst<S extends StructType> {
  readonly #model: Model<S>;
  readonly #expectations: Expectations<Reading<S>>;
  readonly #limits: Required<Limits>;
  /** What is known so far. Other threads may work on it while this one does not. */
  readonly store: Store;
  readonly #board: Board;
  readonly #participant: Participant<S>;
  readonly #brokenScenarios: readonly Violation[];
  #stopped: string | null = null;

  constructor(model: Model<S>, expectations: Expectations<Reading<S>>, options: Options = {}) {
    checkExpectations(model, expectations);
    this.#model = model;
    this.#expectations = expectations;
    this.#limits = limitsOf(options);
    this.store = new Store(shapeOf(model, expectations, options.exact ?? false));
    this.#board = new Board(this.store.shape, { workers: 1 });
    this.#participant = new Participant(model, expectations, this.store, this.#board, 0, this.#limits);
    this.#brokenScenarios = brokenScenarios(this.#participant.machine, expectations.claims);
    this.#participant.lastLevel = Math.min(
      ...this.#brokenScenarios.map(({ schedule }) => schedule.steps.length),
    );
    if (model.permutations !== null) new SymmetryCheck(model, expectations).checkInitials();
    if (options.restore === undefined) {
      addInitialStates(this.#participant.machine, this.store, this.#board, this.#limits);
    } else options.restore(this.store);
    this.#noteStop(this.#board.stop);
    if (this.store.distinct === 0 && this.#stopped === null) throw new NoInitialState(model.name);
  }

  /**
   * Expands at least `slice` states, in whole blocks; true while there is more to do. Throws what the model
   * throws, as ModelFailed; InvalidOption of a slice of nothing.
   */
  advance(slice: number): boolean {
    refuseEmptySlice(slice);
    const end = this.store.expanded + slice;
    this.#board.requestPause(true);
    while (!this.ended && this.store.expanded < end) {
      this.#participant.run();
      this.takeBack(this.#board, this.#participant.error);
    }
    return !this.ended;
  }

  /** True when nothing is left to do, or the search has been stopped. */
  get ended(): boolean {
    return this.#stopped !== null || this.store.finished;
  }

  /**
   * Ends the search; the verdict becomes *inconclusive*, for this reason, unless the search had finished
   * before.
   */
  stop(reason: string): void {
    if (!this.store.finished) this.#stopped ??= reason;
  }

  progress(): Progress {
    const { distinct, generated, expanded, level, bytes } = this.store;
    return { distinct, generated, queued: distinct - expanded, level, bytes };
  }

  /**
   * How many distinct states have each depth, from 0 on: of those found so far, however many were expanded.
   */
  levels(): readonly number[] {
    return this.store.predecessors.levels(this.store.expanded);
  }

  outcome(): Outcome {
    return judge({
      machine: this.#participant.machine,
      expectations: this.#expectations,
      store: this.store,
      brokenScenarios: this.#brokenScenarios,
      stopped: this.#stopped,
    });
  }

  #noteStop(stop: number): void {
    const { states, memory } = this.#limits;
    if (stop === Stop.states) this.stop(`the limit of ${states} distinct states was reached`);
    if (stop === Stop.memory) this.stop(`the limit of ${memory} bytes for the search's data was reached`);
    if (stop === Stop.machine) this.stop('the machine had no memory for more states');
  }

  /** What threads that go on with this search must be told. */
  get handOver(): HandOver {
    const { lastLevel } = this.#participant;
    const likeness = identityOfModel(this.#model as never, this.#expectations as never);
    return { store: this.store.handles, limits: this.#limits, lastLevel, likeness };
  }

  /** Notes why threads have stopped: a limit, or the model threw, which is thrown with step and state. */
  takeBack({ stop, failed }: Board, error: unknown): void {
    this.store.refresh();
    const state = Math.min(...failed);
    if (state !== NOTHING) throw this.#diagnosed(state, error);
    this.#noteStop(stop);
  }

  actionName(index: number): string {
    return this.#model.actions[index].name;
  }

  /** Loads a state that waits to be expanded; what a person reads of it. */
  show(state: number): string {
    const { machine } = this.#participant;
    this.#load(state);
    return JSON.stringify(machine.plain());
  }

  #load(state: number): { readonly memory: Int32Array; readonly at: number } {
    this.store.refresh();
    const { memory, at } = this.store.frontier.locate(state);
    this.#participant.machine.load(memory, at);
    return { memory, at };
  }

  /** What the model threw in this state, with the step, the state, and the shortest run to it. */
  #diagnosed(state: number, error: unknown): unknown {
    const fault = this.#faultIn(state, error);
    if (!(fault instanceof SpecError) || fault instanceof UnsoundPermutations) return fault;
    const run = this.#runTo(state);
    return run === null ? fault : fault.reachedBy(run, canonicalizer(this.#model) !== null);
  }

  /** The steps by which a state was first reached; null if representatives lead nowhere. */
  #runTo(state: number): readonly string[] | null {
    const { machine } = this.#participant;
    const { initial } = this.#model;
    const canonicalize = canonicalizer(this.#model);
    let schedule = this.store.predecessors.scheduleTo(state);
    try {
      if (canonicalize !== null) schedule = concretize(machine, canonicalize, schedule);
    } catch (error) {
      if (error instanceof SpecError) return null;
      throw error;
    }
    const start = printStep(initial, decodeStep([initial], schedule.initial).args);
    return [start, ...schedule.steps.map((code) => machine.print(code))];
  }

  #faultIn(state: number, error: unknown): unknown {
    const { memory, at } = this.#load(state);
    if (error instanceof AbsentEntryWritten || error instanceof UnsoundPermutations) return error;
    // Asked again it may do otherwise once more, so there is nothing to find out.
    if (error instanceof Error && error.name === UnstableModel.name) return UnstableModel.as(error);
    if (error instanceof Error && error.name === UnsoundPermutations.name) {
      try {
        new SymmetryCheck(this.#model, this.#expectations).check(memory, at, isCheckedThoroughly(state));
      } catch (again) {
        return again;
      }
    }
    return diagnose(this.#participant.machine, this.#expectations, error);
  }
}

function shapeOf<S extends StructType>(
  model: Model<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
  exact: boolean,
): Shape {
  return {
    words: wordsOf(layoutOf(model.schema)),
    instances: model.instances,
    actions: model.actions.length,
    claims: claims.length,
    witnesses: witnesses.length,
    exact,
  };
}
