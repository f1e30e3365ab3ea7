/**
 * Every reachable transition of a model as paths from its initial states, which together take each of them at
 * least once.
 */
import { Machine, type Model, TooLarge } from '../language/index.js';

/** The reachable graph of a model. Transitions are numbered; those of one state follow each other. */
export interface Graph {
  readonly states: number;
  readonly transitions: number;
  /** The code of an initial state by its state; -1 of any other. */
  readonly initial: readonly number[];
  /** The transition by which a state was first reached; -1 of an initial one. */
  readonly reachedBy: readonly number[];
  /** By state: its first transition; the last element is the number of transitions. */
  readonly first: readonly number[];
  /** By transition: the code of its step, the state before and the state after. */
  readonly code: readonly number[];
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A path: the code of its initial state, of each step, and how many transitions it is first to take. */
export interface Path {
  readonly initial: number;
  readonly steps: readonly number[];
  readonly fresh: number;
}

/** More states than this are refused: each is kept, with all its steps. */
export const MOST_STATES = 2_000_000;

/** States between two turns of the caller. */
const SLICE = 1_000;

/** Explores a model, breadth-first. Throws TooLarge. */
export function graphOf(model: Model, most = MOST_STATES): Graph {
  const exploration = exploring(model, most);
  for (let turn = exploration.next(); ; turn = exploration.next()) if (turn.done === true) return turn.value;
}

/** The same, with turns in which the caller may stop it. */
export function* exploring(model: Model, most = MOST_STATES): Generator<void, Graph> {
  const machine = new Machine(model);
  const { words, memory } = machine;
  const known = new Map<string, number>();
  const packed: Int32Array[] = [];
  const graph = { initial: [], reachedBy: [], first: [], code: [], from: [], to: [] } as {
    [field in 'initial' | 'reachedBy' | 'first' | 'code' | 'from' | 'to']: number[];
  };
  const add = (offset: number, initial: number, reachedBy: number): number => {
    const state = memory.slice(offset, offset + words);
    const key = String.fromCharCode(...new Uint16Array(state.buffer));
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    if (packed.length === most) throw new TooLarge(`${model.name}, with all its steps,`, `${most} states`);
    known.set(key, packed.length);
    graph.initial.push(initial);
    graph.reachedBy.push(reachedBy);
    return packed.push(state) - 1;
  };
  for (let code = 0; code < machine.initials; code++) if (machine.start(code)) add(0, code, -1);
  const enabled = new Uint16Array(model.instances);
  for (let from = 0; from < packed.length; from++) {
    if (from % SLICE === 0) yield;
    machine.load(packed[from], 0);
    graph.first.push(graph.code.length);
    const count = machine.enabled(enabled);
    for (const code of enabled.slice(0, count)) {
      machine.apply(code);
      graph.code.push(code);
      graph.from.push(from);
      graph.to.push(add(words, -1, graph.code.length - 1));
    }
  }
  graph.first.push(graph.code.length);
  return { ...graph, states: packed.length, transitions: graph.code.length };
}

/** The most steps of a path, without those to its first new transition. */
const LONGEST = 400;
/** States searched for the nearest with a transition left. */
const NEARBY = 400;

/**
 * Paths that together take every transition. Each goes the shortest way to a transition that no path has
 * taken, then follows such transitions as long as there are any, then goes on to the nearest state that has
 * one left.
 */
export function* pathsOf(graph: Graph): Generator<Path> {
  const { states, first, to, from, code, initial } = graph;
  const taken = new Uint8Array(graph.transitions);
  const next = first.slice(0, states);
  const left = (state: number): number => {
    while (next[state] < first[state + 1] && taken[next[state]] === 1) next[state]++;
    return next[state] < first[state + 1] ? next[state] : -1;
  };
  for (let state = 0; state < states; state++) {
    while (left(state) >= 0) {
      const way = wayTo(graph, state);
      const begins = way.length === 0 ? state : from[way[0]];
      let fresh = 0;
      let at = state;
      while (fresh === 0 || way.length < LONGEST) {
        const t = left(at);
        const on = t >= 0 ? [t] : nearest(graph, at, left);
        if (on.length === 0) break;
        way.push(...on);
        at = to[on[on.length - 1]];
        if (t < 0) continue;
        taken[t] = 1;
        fresh++;
      }
      yield { initial: initial[begins], steps: way.map((each) => code[each]), fresh };
    }
  }
}

/** The transitions of the shortest way to a state. */
export function wayTo({ reachedBy, from }: Graph, state: number): number[] {
  const way: number[] = [];
  for (let at = state; reachedBy[at] >= 0; at = from[reachedBy[at]]) way.push(reachedBy[at]);
  return way.reverse();
}

/** The way from a state to one nearby that has a transition left; none if there is no such state. */
function nearest({ first, to, from }: Graph, start: number, left: (state: number) => number): number[] {
  const by = new Map([[start, -1]]);
  for (const state of by.keys()) {
    if (left(state) >= 0) {
      const way: number[] = [];
      for (let t = by.get(state)!; t >= 0; t = by.get(from[t])!) way.push(t);
      return way.reverse();
    }
    if (by.size > NEARBY) continue;
    for (let t = first[state]; t < first[state + 1]; t++) if (!by.has(to[t])) by.set(to[t], t);
  }
  return [];
}
