/** A model: a schema, its initial states, its named actions, and which states may end. */

import type { Action, ActionGroup, Domain, NamedAction } from './action.js';
import type { Expectations } from './claims.js';
import { checkDomain, checkFunctions, checkName, checkParts, refuseLate, valueBehind } from './definition.js';
import { DuplicateName, EmptyDomain, InvalidDomain, InvalidModel, ReservedName, TooLarge } from './errors.js';
import { checkPermutations } from './permutations.js';
import { checkSchema } from './places.js';
import type { RangeType, StructType } from './types.js';
import type { Reading, View } from './view-types.js';

/** The domain of a range type, under the name that traces and errors use. */
export const domain = (name: string, type: RangeType): Domain => ({
  name,
  lo: type.lo,
  hi: type.hi,
  print: type.print ?? String,
});

/** An argument of exactly these values; may be empty, which an action that ranges over it reports. */
export function upTo(name: string, count: number, print: (value: number) => string = String): Domain {
  if (!Number.isSafeInteger(count)) {
    throw new InvalidDomain(`\`${name}\` has ${count} values, which is no whole number`);
  }
  return { name, lo: 0, hi: count - 1, print };
}

/** The parts of a state by name, each in a few words. Every state of a model has the same parts. */
export type Drawn = { readonly [part: string]: string };

export interface ModelDefinition<S extends StructType> {
  readonly name: string;
  readonly schema: S;
  /**
   * `then` starts from the state in which every field is least. One initial state for each choice of `over`.
   */
  readonly initial: Action<S>;
  /** One group of actions, or several that must not share a name. */
  readonly actions: ActionGroup<S> | readonly ActionGroup<S>[];
  /** States in which having no step is no deadlock. Without it every state must have a step. */
  readonly terminal?: (state: Reading<S>) => boolean;
  /** Why a state has no step though it is not terminal, in a sentence. It is asked once, for a report. */
  readonly stuckBecause?: (state: Reading<S>) => string;
  /**
   * How a state is shown in traces: a column for each part, in a few words, as in
   * `{ n1: 'LEADER, term 2', n2: 'FOLLOWER, term 1' }`. Without it a step lists the fields that it changes.
   */
  readonly draw?: (state: Reading<S>) => Drawn;
  /**
   * The ids 0 to `permutations` - 1 may be renamed: states that differ by a renaming alone are explored once.
   * Only for models that compare no ids but for equality, and name none: many states are checked for that.
   */
  readonly permutations?: number | null;
}

/** A checked model. Instances of its actions are numbered from 0: a schedule is a list of such codes. */
export interface Model<S extends StructType = StructType> {
  readonly name: string;
  readonly schema: S;
  readonly initial: NamedAction<S>;
  readonly actions: readonly NamedAction<S>[];
  readonly instances: number;
  readonly terminal: ((state: Reading<S>) => boolean) | null;
  readonly stuckBecause?: ((state: Reading<S>) => string) | undefined;
  readonly draw?: ((state: Reading<S>) => Drawn) | undefined;
  readonly permutations: number | null;
  /**
   * Maps a state to the one that is explored for it, and for all that differ from it by names alone, as the
   * model knows. Claims and witnesses see each step before it is mapped. Null: every state is explored.
   */
  readonly representative: ((state: View<S>) => void) | null;
}

const MOST_INSTANCES = 65_535;

/** Traces begin with a step `initial`, and results count the steps of an action by its name. */
const isTaken = (actionName: string): boolean => actionName === 'initial' || actionName in {};
const TAKEN_OF_ACTIONS = '`initial` and what every object has, such as `constructor` and `toString`';

/** Checks a model's description and numbers its steps. Throws a named SpecError that says what to change. */
export function defineModel<const S extends StructType>(definition: ModelDefinition<S>): Model<S> {
  const { name, schema, terminal, stuckBecause, draw } = definition;
  checkName('the model', name);
  checkSchema(schema);
  const initial = nameAction(`${name}: initial`, 'initial', definition.initial, 0);
  if (initial.instances === 0) throw new EmptyDomain(`${name}: initial`, emptyDomain(initial));
  const actions: NamedAction<S>[] = [];
  let first = 0;
  const groups = Array.isArray(definition.actions) ? definition.actions : [definition.actions];
  for (const [actionName, action] of groups.flatMap((group: ActionGroup<S>) => Object.entries(group))) {
    if (actions.some((other) => other.name === actionName))
      throw new DuplicateName('actions', actionName, name);
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(actionName) || isTaken(actionName)) {
      throw new ReservedName(actionName, `the actions of ${name}`, TAKEN_OF_ACTIONS);
    }
    const named = nameAction(`${name}: action ${actionName}`, actionName, action, first);
    if (named.instances === 0 && !named.excludedBecause) {
      throw new EmptyDomain(`${name}: action ${actionName}`, emptyDomain(named));
    }
    actions.push(named);
    first += named.instances;
  }
  if (first > MOST_INSTANCES)
    throw new TooLarge(`${name}: ${first} instances of actions`, `${MOST_INSTANCES}`);
  refuseLate('terminal', name, terminal);
  const permutations = definition.permutations ?? null;
  if (permutations !== null) checkPermutations(name, schema, permutations);
  return {
    name,
    schema,
    initial,
    actions,
    instances: first,
    terminal: terminal ?? null,
    stuckBecause,
    draw,
    permutations,
    representative: null,
  };
}

function nameAction<S extends StructType>(
  where: string,
  name: string,
  action: Action<S>,
  first: number,
): NamedAction<S> {
  const over = action.over ?? [];
  checkFunctions(where, action);
  for (const each of over) checkDomain(where, each);
  const instances = over.reduce((product, { lo, hi }) => product * Math.max(0, hi - lo + 1), 1);
  return { ...action, name, over, first, instances };
}

const emptyDomain = (action: NamedAction<StructType>): string =>
  action.over.find(({ lo, hi }) => hi < lo)?.name ?? '?';

/** Refuses claims and witnesses that share names, that can say nothing, or that name no witness. */
export function checkExpectations<S extends StructType>(
  model: Model<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
): void {
  const names = new Set<string>();
  for (const part of [...claims, ...witnesses]) {
    checkName(`a claim or witness of ${model.name}`, part.name);
    if (part.name === 'deadlock') {
      throw new InvalidModel(
        `${model.name} has a claim or witness \`deadlock\`, which names states without a step.`,
      );
    }
    if (names.has(part.name)) throw new DuplicateName('claims or witnesses', part.name, model.name);
    names.add(part.name);
  }
  checkParts(model, { claims, witnesses });
  const shown = witnesses.map(({ name }) => name);
  for (const claim of claims) {
    if (claim.witness !== '' && !shown.includes(claim.witness)) {
      throw new InvalidModel(
        `claim ${claim.name} names the witness ${claim.witness}, which ${model.name} lacks. ` +
          `Add it, or name one of: ${shown.join(', ') || 'none'}.`,
      );
    }
  }
}

/** The action and arguments behind a code. */
export function decodeStep<S extends StructType>(
  actions: readonly NamedAction<S>[],
  code: number,
): { action: NamedAction<S>; args: number[] } {
  const action = actions.find(({ first, instances }) => code >= first && code < first + instances);
  if (action === undefined) throw new InvalidModel(`no action has the code ${code}`);
  const args: number[] = [];
  let rest = code - action.first;
  for (const { lo, hi } of [...action.over].reverse()) {
    const size = hi - lo + 1;
    args.unshift(lo + (rest % size));
    rest = Math.floor(rest / size);
  }
  return { action, args };
}

/** The code of an action with printed arguments; null if there is no such action or value. */
export function encodeStep<S extends StructType>(
  actions: readonly NamedAction<S>[],
  name: string,
  args: readonly string[],
): number | null {
  const action = actions.find((candidate) => candidate.name === name);
  if (action === undefined || args.length !== action.over.length) return null;
  let code = 0;
  for (const [i, domain] of action.over.entries()) {
    const value = valueBehind(domain, args[i]);
    if (value === null) return null;
    code = code * (domain.hi - domain.lo + 1) + (value - domain.lo);
  }
  return action.first + code;
}

/** `Start(s1)`. */
export const printStep = <S extends StructType>(action: NamedAction<S>, args: readonly number[]): string =>
  `${action.name}(${args.map((value, i) => action.over[i].print(value)).join(', ')})`;
