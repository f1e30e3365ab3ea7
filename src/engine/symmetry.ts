/**
 * What a search over representatives needs besides: a check, in the first states and then on samples, that
 * renaming ids changes nothing, and the way back from a run over representatives to a run of the model.
 */
import { concerns, type Expectations } from '../language/claims.js';
import { diagnose } from '../language/diagnosis.js';
import { RunLost, UnsoundPermutations } from '../language/errors.js';
import { Machine } from '../language/machine.js';
import { decodeStep, type Model, printStep } from '../language/model.js';
import { type Canonicalize, type Permute, permuter } from '../language/permutations.js';
import type { Plain } from '../language/to-plain.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import type { Schedule } from './outcome.js';

/** So many states are checked, each of them; of larger models, samples of the rest. */
const ALL_OF_THE_FIRST = 500;
/** Of each level the last states; and one in so many. */
const LAST_OF_A_LEVEL = 8;
const ONE_IN = 1024;

/** How many states were checked, of those that were expanded. */
export interface RenamingsChecked {
  readonly checked: number;
  readonly of: number;
}

/** True if renaming is checked in a state, by its number and the number after the last one of its level. */
export const isChecked = (state: number, levelEnd: number): boolean =>
  isCheckedThoroughly(state) || levelEnd - state <= LAST_OF_A_LEVEL || state % ONE_IN === 0;

/** True if it is checked under more than one renaming. */
export const isCheckedThoroughly = (state: number): boolean => state < ALL_OF_THE_FIRST;

/** How many of so many expanded states were checked, when levels have these sizes. */
export function checkedOf(levels: readonly number[], expanded: number): RenamingsChecked {
  let [checked, first] = [0, 0];
  for (const size of levels) {
    const levelEnd = first + size;
    for (let state = first; state < Math.min(levelEnd, expanded); state++) {
      if (isChecked(state, levelEnd)) checked++;
    }
    first = levelEnd;
  }
  return { checked, of: expanded };
}

/** What a step does, apart from its arguments: they are ids, perhaps, and would have to be renamed. */
interface Effect {
  readonly code: number;
  readonly action: string;
  /** The state after. */
  readonly post: Int32Array;
  /** What each step claim and step witness says of the step, a letter each. */
  readonly answers: string;
}

/** The answers of a state by the name of what was asked, and its steps by what they do. */
interface Behaviour {
  readonly answers: ReadonlyMap<string, boolean>;
  readonly effects: ReadonlyMap<string, Effect>;
}

/** A claim or a witness on steps. */
interface Question<S extends StructType> {
  readonly label: string;
  readonly on: readonly string[] | null;
  readonly asks: (pre: Reading<S>, post: Reading<S>, args: readonly number[]) => boolean;
}

/**
 * Looks for a state that behaves otherwise after renaming. Every finding depends on the model, the claims and
 * the state alone, so it does not matter which worker samples. Has a machine of its own.
 */
export class SymmetryCheck<S extends StructType> {
  readonly #machine: Machine<S>;
  readonly #expectations: Expectations<Reading<S>>;
  readonly #permute: Permute;
  readonly #ids: number;
  /** What is tried besides the renaming that a state chooses, where it is checked thoroughly. */
  readonly #renamings: readonly (readonly number[])[];
  readonly #codes: Uint16Array;
  readonly #questions: readonly Question<S>[];

  /** Of a model that declares `permutations`. */
  constructor(model: Model<S>, expectations: Expectations<Reading<S>>) {
    this.#machine = new Machine(model);
    this.#expectations = expectations;
    this.#permute = permuter(model) as Permute;
    this.#ids = model.permutations as number;
    this.#renamings = this.#ids <= MOST_IDS_IN_FULL ? allRenamings(this.#ids) : exchanges(this.#ids);
    this.#codes = new Uint16Array(model.instances);
    this.#questions = questionsOnSteps(expectations);
  }

  /** Throws UnsoundPermutations unless every initial state, renamed, is an initial state. */
  checkInitials(): void {
    const { initials, model } = this.#machine;
    const states = new Map<string, { code: number; state: Int32Array }>();
    for (let code = 0; code < initials; code++) {
      if (!this.#machine.start(code)) continue;
      const state = this.#machine.memory.slice(0, this.#machine.words);
      states.set(state.join(), { code, state });
    }
    for (const { code, state } of states.values()) {
      // Swaps of neighbours suffice: every renaming is a sequence of them.
      for (const permutation of exchanges(this.#ids)) {
        const renamed = this.#rename(permutation, state);
        if (states.has(renamed.join())) continue;
        const { action, args } = decodeStep([model.initial], code);
        this.#refuse(
          permutation,
          state,
          renamed,
          `${printStep(action, args)} makes the state, but nothing makes the renamed`,
        );
      }
    }
  }

  /**
   * Throws UnsoundPermutations if the state at `offset` and the same state renamed differ in a successor,
   * in being terminal, or in what a claim or a witness says. One renaming is tried, which depends on the
   * state; `thoroughly`, each of up to three ids, and of more each exchange of neighbours besides. Errors of
   * the model in the state itself are thrown as the search throws them.
   */
  check(words: Int32Array, offset: number, thoroughly = false): void {
    const state = words.slice(offset, offset + this.#machine.words);
    const before = this.#behaviourOf(state, (cause) => {
      throw diagnose(this.#machine, this.#expectations, cause);
    });
    const behaviours = new Map([[state.join(), before]]);
    const one = permutationOf(state, this.#ids);
    for (const permutation of thoroughly ? [one, ...this.#renamings] : [one]) {
      const renamed = this.#rename(permutation, state);
      const after = behaviours.get(renamed.join()) ?? this.#renamedBehaviour(permutation, state, renamed);
      behaviours.set(renamed.join(), after);
      const difference =
        answersDiffer(before, after) ??
        this.#missing(before, after, permutation, 'the state', 'the renamed one') ??
        this.#surplus(before, after, permutation);
      if (difference !== null) this.#refuse(permutation, state, renamed, difference);
    }
  }

  #renamedBehaviour(permutation: readonly number[], state: Int32Array, renamed: Int32Array): Behaviour {
    return this.#behaviourOf(renamed, (cause) => {
      const error = diagnose(this.#machine, this.#expectations, cause);
      return this.#refuse(permutation, state, renamed, `only in the renamed state, ${error.message}`);
    });
  }

  /** An effect in one state whose renamed effect the other state lacks. */
  #missing(
    { effects }: Behaviour,
    other: Behaviour,
    permutation: readonly number[],
    here: string,
    there: string,
  ): string | null {
    for (const effect of effects.values()) {
      const renamed = { ...effect, post: this.#rename(permutation, effect.post) };
      if (other.effects.has(keyOf(renamed))) continue;
      const step = this.#machine.print(effect.code);
      const alike = [...other.effects.values()].find(
        ({ action, post }) => action === effect.action && post.join() === renamed.post.join(),
      );
      if (alike !== undefined) {
        const asked = this.#questions.find((_, i) => effect.answers[i] !== alike.answers[i]);
        const other = this.#machine.print(alike.code);
        return `${asked?.label} is not the same of ${step} in ${here} and of ${other} in ${there}`;
      }
      const [from, to] = [effect.post, renamed.post].map((post) => JSON.stringify(this.#plain(post)));
      return `${step} leads from ${here} to ${from}, but no ${effect.action} from ${there} to ${to}`;
    }
    return null;
  }

  /** An effect in the renamed state whose counterpart the state lacks, if the state's own are all there. */
  #surplus(before: Behaviour, after: Behaviour, permutation: readonly number[]): string | null {
    // Renaming keeps different effects apart: as many as the state has are those of the state.
    if (after.effects.size === before.effects.size) return null;
    const [here, there] = ['the renamed state', 'the state before renaming'];
    return this.#missing(after, before, inverseOf(permutation), here, there);
  }

  #behaviourOf(state: Int32Array, fail: (cause: unknown) => never): Behaviour {
    const machine = this.#machine;
    machine.load(state, 0);
    try {
      const answers = this.#answersOfState();
      const effects = new Map<string, Effect>();
      const steps = machine.enabled(this.#codes);
      for (const code of this.#codes.slice(0, steps)) {
        const effect = this.#effectOf(code);
        if (!effects.has(keyOf(effect))) effects.set(keyOf(effect), effect);
      }
      return { answers, effects };
    } catch (cause) {
      machine.load(state, 0);
      return fail(cause);
    }
  }

  #answersOfState(): Map<string, boolean> {
    const { model, pre } = this.#machine;
    const { claims, witnesses } = this.#expectations;
    const answers = new Map([['the terminal predicate', model.terminal?.(pre) === true]]);
    for (const claim of claims) {
      if (claim.kind === 'state') answers.set(`claim ${claim.name}`, claim.holds(pre));
    }
    for (const witness of witnesses) {
      if (witness.kind === 'state') answers.set(`witness ${witness.name}`, witness.shows(pre));
    }
    return answers;
  }

  #effectOf(code: number): Effect {
    const machine = this.#machine;
    const { action, args } = decodeStep(machine.model.actions, code);
    machine.apply(code);
    const post = machine.memory.slice(machine.words, 2 * machine.words);
    const [before, after] = [machine.pre, machine.post as unknown as Reading<S>];
    const answers = this.#questions.map((question) =>
      concerns(question, action.name) && question.asks(before, after, args) ? 'y' : 'n',
    );
    return { code, action: action.name, post, answers: answers.join('') };
  }

  #rename(permutation: readonly number[], state: Int32Array): Int32Array {
    const renamed = state.slice();
    this.#permute(permutation, renamed, 0);
    return renamed;
  }

  #plain(state: Int32Array): Plain {
    this.#machine.load(state, 0);
    return this.#machine.plain();
  }

  #refuse(permutation: readonly number[], state: Int32Array, renamed: Int32Array, differs: string): never {
    const model = this.#machine.model.name;
    throw new UnsoundPermutations({
      model,
      permutation,
      differs,
      state: this.#plain(state),
      renamed: this.#plain(renamed),
    });
  }
}

const keyOf = ({ action, answers, post }: Effect): string => `${action} ${answers} ${post.join()}`;

function answersDiffer(before: Behaviour, after: Behaviour): string | null {
  for (const [asked, answer] of before.answers) {
    if (after.answers.get(asked) !== answer) {
      return `${asked} is ${answer} in the state and ${!answer} in the renamed one`;
    }
  }
  return null;
}

function questionsOnSteps<S extends StructType>({
  claims,
  witnesses,
}: Expectations<Reading<S>>): Question<S>[] {
  const onClaims = claims.flatMap((claim): Question<S>[] => {
    if (claim.kind !== 'step') return [];
    const { name, on, holds } = claim;
    return [{ label: `claim ${name}`, on, asks: (pre, post, args) => holds(pre, post, ...args) }];
  });
  const onWitnesses = witnesses.flatMap((witness): Question<S>[] => {
    if (witness.kind !== 'step') return [];
    const { name, on, shows } = witness;
    return [{ label: `witness ${name}`, on, asks: (pre, post, args) => shows(pre, post, ...args) }];
  });
  return [...onClaims, ...onWitnesses];
}

/** Up to so many ids every renaming is tried: 5 besides the identity. */
const MOST_IDS_IN_FULL = 3;

const factorial = (ids: number): number => (ids < 2 ? 1 : ids * factorial(ids - 1));

/** Every renaming that changes something. */
const allRenamings = (ids: number): number[][] =>
  Array.from({ length: factorial(ids) - 1 }, (_, i) => renamingAt(i + 1, ids));

/** The renamings that exchange two neighbours. */
const exchanges = (ids: number): number[][] =>
  Array.from({ length: ids - 1 }, (_, k) =>
    Array.from({ length: ids }, (_, i) => (i === k ? k + 1 : i === k + 1 ? k : i)),
  );

/** A renaming that changes something, chosen by the words of the state. */
function permutationOf(state: Int32Array, ids: number): number[] {
  let hash = 0x2545f491;
  for (const word of state) {
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  const members = factorial(ids);
  return renamingAt(members === 1 ? 0 : 1 + ((hash >>> 0) % (members - 1)), ids);
}

/** The renamings by number; 0 is the identity. */
function renamingAt(index: number, ids: number): number[] {
  let members = factorial(ids);
  // Read as digits of the bases ids, ids - 1, …, each of which picks one of the ids left.
  let rest = index;
  const left = Array.from({ length: ids }, (_, i) => i);
  return Array.from({ length: ids }, () => {
    members /= left.length;
    const [picked] = left.splice(Math.floor(rest / members), 1);
    rest %= members;
    return picked;
  });
}

function inverseOf(permutation: readonly number[]): number[] {
  const inverse: number[] = [];
  for (const [from, to] of permutation.entries()) inverse[to] = from;
  return inverse;
}

/**
 * A run of the model for a run over representatives, in which each step was taken from the representative of
 * the state before. Each step becomes the least one of the same action whose successor has the recorded
 * representative; the last one must please `accepts` too, which may read the states of the machine before
 * and after it: whatever makes the recorded step notable. The last state is in the orbit of the recorded
 * one.
 */
export function concretize<S extends StructType>(
  machine: Machine<S>,
  canonicalize: Canonicalize,
  { initial, steps }: Schedule,
  accepts: (code: number) => boolean = () => true,
): Schedule {
  const { words, memory, actionOf } = machine;
  const codes = new Uint16Array(machine.model.instances);
  const afterOf = (state: Int32Array, code: number): Int32Array => {
    machine.load(state, 0);
    machine.apply(code);
    return representative(memory.slice(words, 2 * words), canonicalize);
  };
  machine.start(initial);
  let real = memory.slice(0, words);
  let recorded = representative(real, canonicalize);
  const taken = steps.map((step, i) => {
    recorded = afterOf(recorded, step);
    const key = recorded.join();
    machine.load(real, 0);
    const enabled = codes.slice(0, machine.enabled(codes));
    const code = enabled.find((each) => {
      if (actionOf[each] !== actionOf[step] || afterOf(real, each).join() !== key) return false;
      return i + 1 < steps.length || accepts(each);
    });
    if (code === undefined) throw new RunLost(machine.model.name, machine.print(step), i + 1);
    machine.load(real, 0);
    machine.apply(code);
    real = memory.slice(words, 2 * words);
    return code;
  });
  return { initial, steps: taken };
}

function representative(state: Int32Array, canonicalize: Canonicalize): Int32Array {
  const words = state.slice();
  canonicalize(words, 0);
  return words;
}
