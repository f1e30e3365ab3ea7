/**
 * The oracle: explores a small model with plain objects and a Map, written to be obviously right. It shares
 * nothing with the engine but the model and the claims: no packing, no fingerprints, no generated code.
 */

import type { Domain, NamedAction } from '../language/action.js';
import { concerns, type Expectations } from '../language/claims.js';
import { refuseResult } from '../language/definition.js';
import { NoInitialState, TooLarge } from '../language/errors.js';
import { checkExpectations, type Model, printStep } from '../language/model.js';
import { assign, plainView, settlePlain } from '../language/plain.js';
import { type Plain, toPlain } from '../language/to-plain.js';
import type { StructType } from '../language/types.js';
import type { Reading, View } from '../language/view-types.js';

/** A step from one state to another, both by their index in `states`. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** `HandleNotification(s1, s2)`. */
  readonly step: string;
}

/**
 * The whole reachable graph of a model, and what the claims say of it. Violations do not end the exploration.
 */
export interface Graph {
  /** In order of discovery: no state is farther from the initial states than one after it. */
  readonly states: readonly Plain[];
  readonly edges: readonly Edge[];
  readonly distinct: number;
  /** Transitions, those to known states included. */
  readonly generated: number;
  readonly depth: number;
  /** How many states have each depth, from 0 on. */
  readonly levels: readonly number[];
  readonly actions: { readonly [name: string]: number };
  /** States without a step that are not terminal, by their index. */
  readonly deadlocks: readonly number[];
  /** Steps to the nearest violation of each claim, or case of each witness; null if there is none. */
  readonly distances: { readonly [name: string]: number | null };
}

/** Explores a model, of at most `most` states, with its claims and witnesses. Scenarios are left out. */
export function oracle<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>> = { claims: [], witnesses: [] },
  most = 100_000,
): Graph {
  checkExpectations(model, expectations);
  const exploration = new Exploration(model, expectations, most);
  exploration.start();
  for (let from = 0; from < exploration.known.length; from++) exploration.expand(from);
  return exploration.graph();
}

interface Known<S extends StructType> {
  readonly state: View<S>;
  readonly depth: number;
}

class Exploration<S extends StructType> {
  readonly known: Known<S>[] = [];
  readonly #model: Model<S>;
  readonly #expectations: Expectations<Reading<S>>;
  readonly #most: number;
  readonly #index = new Map<string, number>();
  readonly #edges: Edge[] = [];
  readonly #deadlocks: number[] = [];
  readonly #counts = new Map<string, number>();
  readonly #distances = new Map<string, number>();
  #spare: View<S> | null = null;

  constructor(model: Model<S>, expectations: Expectations<Reading<S>>, most: number) {
    this.#model = model;
    this.#expectations = expectations;
    this.#most = most;
  }

  start(): void {
    const { initial, name } = this.#model;
    for (const args of choices(initial.over)) {
      const state = this.#leastState();
      if (!admits(initial, state, args)) continue;
      refuseResult(initial.then(state, ...args));
      settlePlain(this.#model.schema, state);
      this.#add(state, 0);
    }
    if (this.known.length === 0) throw new NoInitialState(name);
  }

  expand(from: number): void {
    const { state, depth } = this.known[from];
    this.#inspect(state, depth);
    let steps = 0;
    for (const action of this.#model.actions) {
      for (const args of choices(action.over)) {
        if (!admits(action, state, args)) continue;
        const next = this.#copyOf(state);
        refuseResult(action.then(next, ...args));
        settlePlain(this.#model.schema, next);
        this.#inspectStep(action.name, state, next, args, depth + 1);
        this.#edges.push({ from, to: this.#add(next, depth + 1), step: printStep(action, args) });
        this.#counts.set(action.name, (this.#counts.get(action.name) ?? 0) + 1);
        steps++;
      }
    }
    if (steps === 0 && this.#model.terminal?.(readOnly(state)) !== true) this.#deadlocks.push(from);
  }

  graph(): Graph {
    const { actions, schema } = this.#model;
    const { claims, witnesses } = this.#expectations;
    const depths = this.known.map(({ depth }) => depth);
    const farthest = Math.max(...depths);
    const distance = ({ name }: { name: string }) => [name, this.#distances.get(name) ?? null] as const;
    return {
      states: this.known.map(({ state }) => toPlain(schema, state)),
      edges: this.#edges,
      distinct: this.known.length,
      generated: this.#edges.length,
      depth: farthest,
      levels: Array.from({ length: farthest + 1 }, (_, d) => depths.filter((depth) => depth === d).length),
      actions: Object.fromEntries(actions.map(({ name }) => [name, this.#counts.get(name) ?? 0])),
      deadlocks: this.#deadlocks,
      distances: Object.fromEntries([...claims, ...witnesses].map(distance)),
    };
  }

  /** The index of a state, which is new or known. */
  #add(state: View<S>, depth: number): number {
    const key = JSON.stringify(state);
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    if (this.known.length === this.#most) {
      throw new TooLarge(`${this.#model.name}, for the oracle,`, `${this.#most} states`);
    }
    if (state === this.#spare) this.#spare = null;
    this.#index.set(key, this.known.length);
    return this.known.push({ state, depth }) - 1;
  }

  #inspect(state: View<S>, depth: number): void {
    const { claims, witnesses } = this.#expectations;
    for (const claim of claims) {
      if (claim.kind === 'state' && !claim.holds(readOnly(state))) this.#note(claim.name, depth);
    }
    for (const witness of witnesses) {
      if (witness.kind === 'state' && witness.shows(readOnly(state))) this.#note(witness.name, depth);
    }
  }

  #inspectStep(action: string, pre: View<S>, post: View<S>, args: readonly number[], depth: number): void {
    const { claims, witnesses } = this.#expectations;
    for (const claim of claims) {
      if (claim.kind !== 'step' || !concerns(claim, action)) continue;
      if (!claim.holds(readOnly(pre), readOnly(post), ...args)) this.#note(claim.name, depth);
    }
    for (const witness of witnesses) {
      if (witness.kind !== 'step' || !concerns(witness, action)) continue;
      if (witness.shows(readOnly(pre), readOnly(post), ...args)) this.#note(witness.name, depth);
    }
  }

  /** States are expanded in order of depth, so the first case is a nearest one. */
  #note(name: string, depth: number): void {
    if (!this.#distances.has(name)) this.#distances.set(name, depth);
  }

  /**
   * The copy is good until the next one is asked for, unless it is added: most successors are known already.
   */
  #copyOf(state: View<S>): View<S> {
    this.#spare ??= this.#leastState();
    assign(this.#model.schema, this.#spare, state);
    return this.#spare;
  }

  #leastState(): View<S> {
    return plainView(this.#model.schema) as View<S>;
  }
}

const readOnly = <S extends StructType>(state: View<S>): Reading<S> => state as unknown as Reading<S>;

const admits = <S extends StructType>(
  { when }: NamedAction<S>,
  state: View<S>,
  args: readonly number[],
): boolean => when === undefined || when(readOnly(state), ...args);

/** Every list of arguments from these domains, the last one varying fastest. */
function choices(over: readonly Domain[]): number[][] {
  return over.reduce<number[][]>(
    (lists, { lo, hi }) => {
      const values = Array.from({ length: Math.max(0, hi - lo + 1) }, (_, i) => lo + i);
      return lists.flatMap((list) => values.map((value) => [...list, value]));
    },
    [[]],
  );
}
