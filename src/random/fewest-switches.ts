/**
 * Finds, among all shortest schedules to a violation, one with the fewest switches between servers: the
 * easiest to follow. The result is exact: it searches the states on all shortest schedules, each with the
 * server that acted last.
 */
import type { Schedule } from '../engine/outcome.js';
import { layoutOf, wordsOf } from '../language/layout.js';
import { decodeStep, type Model } from '../language/model.js';
import { type Canonicalize, canonicalizer } from '../language/permutations.js';
import { END, type Keeps, Layers } from './layers.js';
import { SID } from './reduce.js';
import type { Built } from './schedule.js';

/** No server acts in this step. */
const NOBODY = -1;
const UNREACHED = 0xffff;

/** The server that acts in a step: its first argument that names one. */
function actorOf(model: Model, code: number): number {
  const { action, args } = decodeStep(model.actions, code);
  const i = action.over.findIndex(({ name }) => name === SID);
  return i < 0 ? NOBODY : args[i];
}

/** How often another server acts than in the step before; steps in which none acts are passed over. */
export function switchesIn(model: Model, { steps }: Schedule): number {
  const actors = steps.map((code) => actorOf(model, code)).filter((actor) => actor !== NOBODY);
  return actors.filter((actor, i) => i > 0 && actor !== actors[i - 1]).length;
}

/**
 * The schedule of this number of steps, the fewest there are, that violates the claim of the narrowed model
 * with the fewest switches. Among several it takes the least code of the initial state, then the least codes
 * of steps. Null if it needs more than `most` states (orbits if the model declares permutations, then states
 * in these), or more than eight successors for each.
 */
export function fewestSwitches(built: Built, length: number, most: number): Schedule | null {
  const layers = new Layers(built, () => true);
  if (!layers.fill(length, most)) return null;
  if (built.model.permutations === null) return leastOf(built.model, layers);
  const real = new Layers(
    { ...built, model: { ...built.model, permutations: null } },
    inOrbits(built, layers),
  );
  return real.fill(length, most) ? leastOf(built.model, real) : null;
}

/** Keeps the states of the model in whose orbits a shortest schedule passes. */
function inOrbits({ model }: Built, layers: Layers): Keeps {
  const { table } = layers;
  const passed = layers.passed();
  const canonicalize = canonicalizer(model) as Canonicalize;
  const words = wordsOf(layoutOf(model.schema));
  const state = new Int32Array(words);
  return (memory, offset) => {
    for (let i = 0; i < words; i++) state[i] = memory[offset + i];
    canonicalize(state, 0);
    return passed[table.find(state, 0)] === 1;
  };
}

/** The schedule of the fewest switches among those in the layers. */
function leastOf(model: Model, layers: Layers): Schedule | null {
  const actors = Int32Array.from({ length: model.instances }, (_, code) => actorOf(model, code));
  const rest = new Rest(layers, actors);
  const costOf = ({ state }: { readonly state: number }) => rest.after(state, NOBODY);
  const best = layers.initials.reduce((one, other) => (costOf(other) < costOf(one) ? other : one));
  if (costOf(best) === UNREACHED) return null;
  const steps: number[] = [];
  let [state, actor] = [best.state, NOBODY];
  while (state !== END && !layers.ends.has(state)) {
    const step = rest.bestStep(state, actor);
    steps.push(layers.codes[step]);
    state = layers.targets[step];
    actor = rest.actorAfter(step, actor);
  }
  return { initial: best.code, steps };
}

/** The fewest switches still to come, for each state and each server that acted last in it. */
class Rest {
  readonly #layers: Layers;
  readonly #actors: Int32Array;
  /** Servers that act, and nobody. */
  readonly #width: number;
  readonly #fewest: Uint16Array;

  constructor(layers: Layers, actors: Int32Array) {
    this.#layers = layers;
    this.#actors = actors;
    this.#width = 2 + actors.reduce((most, actor) => Math.max(most, actor), NOBODY);
    const { table, ends, first } = layers;
    this.#fewest = new Uint16Array(table.size * this.#width).fill(UNREACHED);
    for (let state = table.size - 1; state >= 0; state--) {
      for (let actor = NOBODY; actor < this.#width - 1; actor++) {
        let fewest = ends.has(state) ? 0 : UNREACHED;
        for (let step = first[state]; step < first[state + 1]; step++) {
          fewest = Math.min(fewest, this.#by(step, actor));
        }
        this.#fewest[state * this.#width + actor + 1] = fewest;
      }
    }
  }

  /** From a state on, after a step of this actor. */
  after(state: number, actor: number): number {
    return state === END ? 0 : this.#fewest[state * this.#width + actor + 1];
  }

  /** The first of the best steps from a state. */
  bestStep(state: number, actor: number): number {
    let step = this.#layers.first[state];
    while (this.#by(step, actor) !== this.after(state, actor)) step++;
    return step;
  }

  actorAfter(step: number, actor: number): number {
    const next = this.#actors[this.#layers.codes[step]];
    return next === NOBODY ? actor : next;
  }

  /** The cost by way of a step, its own switch included. */
  #by(step: number, actor: number): number {
    const next = this.actorAfter(step, actor);
    const rest = this.after(this.#layers.targets[step], next);
    return rest === UNREACHED || actor === NOBODY || next === actor ? rest : rest + 1;
  }
}
