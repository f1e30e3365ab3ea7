/**
 * The walk: interprets the choices of a schedule on a model and checks every claim on the way. Each choice
 * either picks an initial state (the first, and after a walk has ended) or one of the steps that are enabled.
 * Each action has a function of its own, so that its guard, its effect and the claims on it are inlined; no
 * step allocates.
 */
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import { leadsElsewhere } from '../engine/stability.js';
import type { NamedAction } from '../language/action.js';
import { concerning, exclusion } from '../language/claims.js';
import { diagnose } from '../language/diagnosis.js';
import { InvalidModel, ResultIgnored, UnstableModel } from '../language/errors.js';
import { argumentsOf, Machine } from '../language/machine.js';
import { toPlain } from '../language/to-plain.js';
import type { StructType } from '../language/types.js';
import { type Built, CHOICES, type RandomSchedule, type Setting } from './schedule.js';

/** The outcome of a schedule. */
export interface Walk {
  /** Steps taken, over all walks. */
  readonly steps: number;
  /** How often it started from an initial state. */
  readonly walks: number;
  /** Steps of its longest walk. */
  readonly longest: number;
  /** The first claim violated, with the walk that led there. */
  readonly violation: { readonly claim: string; readonly schedule: Schedule } | null;
}

type Take = (code: number) => void;

const NONE = -1;
/** A mix under which nothing can happen would only start again and again. */
const MOST_EMPTY_WALKS = 16;
/** The most a walk may remember of itself. */
const MOST_STEPS = 1 << 20;

export class Walker {
  readonly built: Built;
  readonly machine: Machine<StructType>;
  /** How often each action was taken since the walker was made. */
  readonly counts: Float64Array;
  /** The number of schedules that saw each witness; witnesses excluded by the bounds are not looked for. */
  readonly witnessed: Float64Array;
  readonly #sought: Uint8Array;
  /** The index of a violated claim, or NONE. */
  readonly #finding = Int32Array.of(NONE);
  readonly #inspect: () => void;
  readonly #guards: Machine<StructType>['guards'];
  readonly #takes: Take[];
  readonly #weights: Int32Array;
  readonly #enabled: Uint16Array;
  readonly #sizes: Int32Array;
  #trace = new Uint16Array(1 << 12);
  #initial = 0;
  #action = 0;
  /** False while an initial state is made: its errors need no diagnosis. */
  #started = false;

  constructor(built: Built) {
    const { model, expectations } = built;
    this.built = built;
    this.machine = new Machine(model);
    this.counts = new Float64Array(model.actions.length);
    this.witnessed = new Float64Array(expectations.witnesses.length);
    this.#sought = new Uint8Array(expectations.witnesses.length);
    this.#guards = this.machine.guards;
    this.#weights = new Int32Array(model.actions.length);
    this.#sizes = new Int32Array(model.actions.length);
    this.#enabled = new Uint16Array(model.instances);
    this.#inspect = generateInspect(this.machine, built, this.#finding, this.#sought);
    this.#takes = model.actions.map((action) =>
      generateTake(this.machine, action, built, this.#finding, this.#sought),
    );
  }

  /** Interprets a schedule to its end or to the first violation. Throws what the model throws, diagnosed. */
  walk({ setting, choices: given }: RandomSchedule): Walk {
    const choices = given instanceof Uint16Array ? given : Uint16Array.from(given);
    this.#prepare(setting, choices.length);
    const walk = this.#diagnosed(() => this.#interpret(choices, setting.horizon));
    this.#noteWitnesses();
    return walk;
  }

  /**
   * Takes the steps that are enabled when their turn comes and passes over the others. Returns those taken up
   * to the first violation; null if there was none.
   */
  replay({ initial, steps }: Schedule): Schedule | null {
    this.#finding[0] = NONE;
    if (!this.machine.start(initial)) return null;
    this.#mirror();
    return this.#diagnosed(() => {
      this.#inspect();
      const taken: number[] = [];
      for (const code of steps) {
        if (this.#finding[0] !== NONE) break;
        if (!this.machine.admits(code)) continue;
        this.#takes[this.machine.actionOf[code]](code);
        taken.push(code);
        this.#inspect();
      }
      return this.#finding[0] !== NONE || this.#isDeadlocked() ? { initial, steps: taken } : null;
    });
  }

  #interpret(choices: Uint16Array, horizon: number): Walk {
    let [steps, walks, longest, empty] = [0, 0, 0, 0];
    let length = NONE;
    const end = (claim: string | null): Walk => {
      if (claim === null) return { steps, walks, longest, violation: null };
      const schedule = { initial: this.#initial, steps: Array.from(this.#trace.subarray(0, length)) };
      return { steps, walks, longest, violation: { claim, schedule } };
    };
    for (let i = 0; i < choices.length && empty < MOST_EMPTY_WALKS; i++) {
      if (length === NONE || length >= horizon) {
        this.#start(choices[i]);
        length = 0;
        walks++;
      } else {
        const code = this.#choose(choices[i]);
        if (code === NONE) {
          if (this.#isDeadlocked()) return end(DEADLOCK);
          empty = length === 0 ? empty + 1 : 0;
          length = NONE;
          continue;
        }
        this.#trace[length++] = code;
        if (this.counts[this.#action]++ === 0) this.#takeTwice(code);
        else this.#takes[this.#action](code);
        steps++;
        if (length > longest) longest = length;
      }
      this.#inspect();
      if (this.#finding[0] !== NONE) return end(this.built.expectations.claims[this.#finding[0]].name);
    }
    return end(null);
  }

  /**
   * Takes the first step of an action: by the machine, which refuses what `then` returns, and then by the
   * code that takes all others. Throws UnstableModel if they lead to different states.
   */
  #takeTwice(code: number): void {
    const { machine } = this;
    const { words, memory, model } = machine;
    const before = machine.plain();
    machine.apply(code);
    const first = memory.slice(words, 2 * words);
    const shown = toPlain(model.schema, machine.post);
    this.#mirror();
    this.#takes[this.#action](code);
    if (first.every((word, i) => word === memory[i])) return;
    throw leadsElsewhere(model.name, machine.print(code), [shown, machine.plain()], before);
  }

  #diagnosed<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      if (error instanceof UnstableModel) throw error;
      throw this.#started ? diagnose(this.machine, this.built.expectations, error) : error;
    }
  }

  #prepare({ mix, horizon }: Setting, choices: number): void {
    this.built.model.actions.forEach(({ name }, k) => {
      this.#weights[k] = mix[name] ?? 1;
    });
    const most = Math.min(horizon, choices, MOST_STEPS);
    if (this.#trace.length < most) this.#trace = new Uint16Array(most);
    this.#finding[0] = NONE;
    this.#sought.forEach((_, i) => {
      this.#sought[i] = exclusion(this.built.expectations.witnesses[i]) === null ? 1 : 0;
    });
  }

  #noteWitnesses(): void {
    this.#sought.forEach((sought, i) => {
      const looked = exclusion(this.built.expectations.witnesses[i]) === null;
      if (looked && sought === 0) this.witnessed[i]++;
    });
  }

  /** The initial state that the choice picks, or the next one that the guard on initial states admits. */
  #start(choice: number): void {
    const { initials } = this.machine;
    this.#started = false;
    const first = initials > CHOICES ? Math.floor((choice * initials) / CHOICES) : choice % initials;
    for (let i = 0; i < initials; i++) {
      this.#initial = (first + i) % initials;
      if (this.machine.start(this.#initial)) return this.#mirror();
    }
    throw new InvalidModel(`${this.built.model.name} has no initial state`);
  }

  /** Between steps the state after equals the state before: a step costs one copy, not two. */
  #mirror(): void {
    this.#started = true;
    this.machine.memory.copyWithin(this.machine.words, 0, this.machine.words);
  }

  /** The enabled step at `choice` modulo their total weight; NONE if the mix leaves none. */
  #choose(choice: number): number {
    const weights = this.#weights;
    const sizes = this.#sizes;
    const enabled = this.#enabled;
    const guards = this.#guards;
    let n = 0;
    let total = 0;
    for (let k = 0; k < weights.length; k++) {
      if (weights[k] === 0) continue;
      const before = n;
      n = guards[k](enabled, n);
      sizes[k] = n - before;
      total += sizes[k] * weights[k];
    }
    if (total === 0) return NONE;
    let rest = choice % total;
    let at = 0;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k];
      if (weight === 0) continue;
      const span = sizes[k] * weight;
      if (rest < span) {
        this.#action = k;
        return enabled[at + ((rest / weight) | 0)];
      }
      rest -= span;
      at += sizes[k];
    }
    return NONE;
  }

  #isDeadlocked(): boolean {
    if (this.machine.enabled(this.#enabled) > 0) return false;
    return this.built.model.terminal?.(this.machine.pre) !== true;
  }
}

/** Of several claims that fail at once the one declared first is reported, as the engine does. */
const noting = (claim: number): string =>
  `if (finding[0] < 0 || finding[0] > ${claim}) finding[0] = ${claim};`;

function generateInspect(
  { pre }: Machine<StructType>,
  { expectations: { claims, witnesses } }: Built,
  finding: Int32Array,
  sought: Uint8Array,
): () => void {
  const checks = claims.map((claim, i) =>
    claim.kind === 'state' ? `if (claim${i}.holds(pre) !== true) ${noting(i)}` : '',
  );
  const looks = witnesses.map((witness, i) =>
    witness.kind === 'state'
      ? `if (sought[${i}] === 1 && witness${i}.shows(pre) === true) sought[${i}] = 0;`
      : '',
  );
  const source = `'use strict'; return function inspect() {\n${[...checks, ...looks].join('\n')}\n};`;
  const scope = { pre, finding, sought, ...partsOf({ claims, witnesses }) };
  return new Function(...Object.keys(scope), source)(...Object.values(scope)) as () => void;
}

/** Claims and witnesses under names of their own: V8 then knows each function that generated code calls. */
const partsOf = ({ claims, witnesses }: Built['expectations']) =>
  Object.fromEntries([
    ...claims.map((claim, i) => [`claim${i}`, claim] as const),
    ...witnesses.map((witness, i) => [`witness${i}`, witness] as const),
  ]);

/** `then` has returned something in code that does not look at it: asking again finds the step. */
const refuseAnyResult = (): never => {
  throw new ResultIgnored('a result');
};

/** Takes a step, checks the claims on it, and makes the state after the state before. */
function generateTake(
  machine: Machine<StructType>,
  action: NamedAction<StructType>,
  { expectations: { claims, witnesses } }: Built,
  finding: Int32Array,
  sought: Uint8Array,
): Take {
  const { words, memory, pre, post, settle } = machine;
  const args = action.over.map((_, i) => `, a${i}`).join('');
  const absent = Array.from({ length: memory.length - 2 * words }, (_, i) => `M[${2 * words + i}] !== 0`);
  const copies = Array.from({ length: words }, (_, i) => `M[${i}] = M[${words + i}];`);
  const source = `'use strict'; return function take_${action.name}(code) {
    ${argumentsOf(action)}
    if (then(post${args}) !== undefined) resultReturned();
    ${settle === null ? '' : `settle(M, ${words});`}
    ${absent.length > 0 ? `if (${absent.join(' || ')}) refuse();` : ''}
    ${concerning(claims, action.name)
      .map((i) => `if (claim${i}.holds(pre, post${args}) !== true) ${noting(i)}`)
      .join('\n')}
    ${concerning(witnesses, action.name)
      .map((i) => `if (sought[${i}] === 1 && witness${i}.shows(pre, post${args}) === true) sought[${i}] = 0;`)
      .join('\n')}
    ${copies.join(' ')} };`;
  const refuse = (): never => {
    memory.fill(0, 2 * words);
    throw new InvalidModel(`${action.name} writes an entry that does not exist`);
  };
  const scope = {
    M: memory,
    pre,
    post,
    then: action.then,
    finding,
    sought,
    refuse,
    settle,
    resultReturned: refuseAnyResult,
    ...partsOf({ claims, witnesses }),
  };
  return new Function(...Object.keys(scope), source)(...Object.values(scope)) as Take;
}
