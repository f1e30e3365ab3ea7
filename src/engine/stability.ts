/**
 * Whether a model is a function of its states: what it did once, it must do again. Otherwise traces do not
 * replay, and a search that held might have failed.
 */
import { type Claim, concerns, type Expectations, type Witness } from '../language/claims.js';
import { truthOf, UnstableModel } from '../language/errors.js';
import { Machine } from '../language/machine.js';
import { decodeStep, type Model } from '../language/model.js';
import { type Canonicalize, canonicalizer } from '../language/permutations.js';
import { type Plain, toPlain } from '../language/to-plain.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import { DEADLOCK, inSteps, type Schedule } from './outcome.js';
import type { Target } from './successors.js';

/** So many states are expanded a second time, and then one in so many. */
const FIRST = 200;
const ONE_IN = 1024;

/** True if the successors of a state, by its number, are computed a second time. */
export const isTwice = (state: number): boolean => state < FIRST || state % ONE_IN === 0;

/** Computes successors again, by a machine of its own and not by the code of the hot loop. */
export class StabilityCheck<S extends StructType> {
  readonly #machine: Machine<S>;
  readonly #canonicalize: Canonicalize | null;
  readonly #codes: Uint16Array;
  /** The claims and witnesses that have not been seen to answer true or false. */
  readonly #unanswered: Set<Claim<Reading<S>> | Witness<Reading<S>>>;

  constructor(model: Model<S>, { claims, witnesses }: Expectations<Reading<S>>) {
    this.#unanswered = new Set([...claims, ...witnesses].filter(({ kind }) => kind !== 'scenario'));
    this.#machine = new Machine(model);
    this.#canonicalize = canonicalizer(model);
    this.#codes = new Uint16Array(model.instances);
  }

  /**
   * Throws UnstableModel unless the successors of the state at `offset` are those of the target from one
   * position to another, and ModelFailed if `then` returns something.
   */
  check(memory: Int32Array, offset: number, { states, codes }: Target, from: number, to: number): void {
    const machine = this.#machine;
    machine.load(memory, offset);
    this.#expectTruths(null);
    // The guards are asked one by one. Code that is generated for this machine has views of its own: V8 would
    // compile the guards of the hot loop for two kinds of views, and they would take a quarter longer.
    let n = 0;
    for (let code = 0; code < this.#codes.length; code++) if (machine.admits(code)) this.#codes[n++] = code;
    const again = this.#codes.subarray(0, n);
    const before = codes.subarray(from, to);
    for (const [i, code] of again.entries()) {
      if (before[i] !== code) this.#refuseGuard(before[i] ?? code, code);
      machine.apply(code);
      this.#expectTruths(code);
      const post = machine.memory.subarray(machine.words, 2 * machine.words);
      this.#canonicalize?.(machine.memory, machine.words);
      const first = (from + i) * machine.words;
      if (post.every((word, w) => word === states[first + w])) continue;
      this.#refuseStep(code, states.slice(first, first + machine.words), post.slice());
    }
    if (before.length > again.length) this.#refuseGuard(before[again.length], -1);
  }

  /** Asks what has not answered yet, of the state or of the step with this code. Throws NoTruth. */
  #expectTruths(code: number | null): void {
    for (const part of this.#unanswered) {
      if ((part.kind === 'step') === (code === null) || !this.#answers(part, code)) continue;
      this.#unanswered.delete(part);
    }
  }

  /** True if the part answers true or false; false if it is not asked of this step. */
  #answers(part: Claim<Reading<S>> | Witness<Reading<S>>, code: number | null): boolean {
    const { pre, post, model } = this.#machine;
    const what = `${'holds' in part ? 'the claim' : 'the witness'} ${part.name}`;
    if (part.kind === 'state') truthOf(what, 'holds' in part ? part.holds(pre) : part.shows(pre));
    if (part.kind !== 'step' || code === null) return true;
    const { action, args } = decodeStep(model.actions, code);
    if (!concerns(part, action.name)) return false;
    const after = post as unknown as Reading<S>;
    truthOf(what, 'holds' in part ? part.holds(pre, after, ...args) : part.shows(pre, after, ...args));
    return true;
  }

  /** The codes ascend: the lesser of two that differ was admitted once alone. */
  #refuseGuard(before: number, again: number): never {
    const wasAdmitted = again < 0 || before < again;
    const step = this.#machine.print(wasAdmitted ? before : again);
    this.#refuse(
      `the guard of ${step} answers ${wasAdmitted} and, asked again of the same state, ${!wasAdmitted}`,
    );
  }

  #refuseStep(code: number, before: Int32Array, again: Int32Array): never {
    const machine = this.#machine;
    const { name, schema } = machine.model;
    const shown = (state: Int32Array): Plain => {
      machine.memory.set(state, machine.words);
      return toPlain(schema, machine.post);
    };
    throw leadsElsewhere(name, machine.print(code), [shown(before), shown(again)], machine.plain());
  }

  #refuse(what: string): never {
    const { model } = this.#machine;
    throw new UnstableModel(
      `${model.name}: ${what}`,
      `in the state ${JSON.stringify(this.#machine.plain())}`,
    );
  }
}

/** That a step, taken twice from one state, has led to two others. */
export function leadsElsewhere(
  model: string,
  step: string,
  [one, other]: readonly [Plain, Plain],
  state: Plain,
): UnstableModel {
  const [first, again] = [JSON.stringify(one), JSON.stringify(other)];
  const what = `${model}: ${step} leads to ${first} and, taken again from the same state, to ${again}`;
  return new UnstableModel(what, `in the state ${JSON.stringify(state)}`);
}

/**
 * Throws UnstableModel unless a schedule shows again what it was found for: a claim that fails, a deadlock or
 * a witness, by its name. Overwrites the machine.
 */
export function checkAgain<S extends StructType>(
  machine: Machine<S>,
  expectations: Expectations<Reading<S>>,
  name: string,
  schedule: Schedule,
): void {
  if (isShownBy(machine, expectations, name, schedule)) return;
  const isWitness = expectations.witnesses.some((witness) => witness.name === name);
  const what = isWitness
    ? `witness ${name} was found`
    : name === DEADLOCK
      ? 'a state without a step was found'
      : `claim ${name} was violated`;
  throw new UnstableModel(
    `${machine.model.name}: ${what} after ${inSteps(schedule.steps.length)}, ` +
      'but not when the same steps were taken again',
    `the steps: ${schedule.steps.map((code) => machine.print(code)).join(', ') || 'none'}`,
  );
}

function isShownBy<S extends StructType>(
  machine: Machine<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
  name: string,
  { initial, steps }: Schedule,
): boolean {
  const claim = claims.find((each) => each.name === name);
  const witness = witnesses.find((each) => each.name === name);
  if (!machine.start(initial)) return false;
  let lastShows = false;
  for (const [i, code] of steps.entries()) {
    if (!machine.admits(code)) return false;
    machine.apply(code);
    if (i + 1 === steps.length) lastShows = stepShows(machine, claim, witness, code);
    machine.advance();
  }
  if (claim?.kind === 'step' || witness?.kind === 'step') return lastShows;
  if (claim?.kind === 'state') return !truthOf(`the claim ${name}`, claim.holds(machine.pre));
  if (witness !== undefined) return witness.kind === 'state' && witness.shows(machine.pre);
  const { instances, terminal } = machine.model;
  return machine.enabled(new Uint16Array(instances)) === 0 && terminal?.(machine.pre) !== true;
}

/** True if the step that was applied violates a claim on steps, or shows a witness on steps. */
function stepShows<S extends StructType>(
  { model, pre, post }: Machine<S>,
  claim: Claim<Reading<S>> | undefined,
  witness: Witness<Reading<S>> | undefined,
  code: number,
): boolean {
  const { action, args } = decodeStep(model.actions, code);
  const after = post as unknown as Reading<S>;
  if (claim?.kind === 'step') return concerns(claim, action.name) && !claim.holds(pre, after, ...args);
  return witness?.kind === 'step' && concerns(witness, action.name) && witness.shows(pre, after, ...args);
}
