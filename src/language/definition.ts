/** What is refused of a model and its claims before anything runs: what could only mislead. */

import type { Action, Domain, NamedAction } from './action.js';
import type { Claim, Expectations, Scenario, Witness } from './claims.js';
import {
  AlikeValues,
  ArityMismatch,
  InvalidDomain,
  InvalidModel,
  LateFunction,
  NoActionsNamed,
  PrintFailed,
  ResultIgnored,
  UnknownArguments,
  UnknownName,
} from './errors.js';
import type { StructType } from './types.js';

/** So many values of a domain are printed: all of a small one, and of a larger one as many, evenly spread. */
const MOST_PRINTED = 1000;

/** Refuses functions that are none, that return too early, or that take more than they are given. */
export function checkFunctions<S extends StructType>(where: string, { over, when, then }: Action<S>): void {
  if (typeof then !== 'function') {
    throw new InvalidModel(`${where} has no function \`then\`. Give one, which may be \`() => {}\`.`);
  }
  for (const [part, body] of [
    ['when', when],
    ['then', then],
  ] as const) {
    if (body === undefined) continue;
    refuseLate(part, where, body);
    const [takes, domains] = [body.length - 1, over?.length ?? 0];
    if (takes > domains) throw new ArityMismatch(where, part, takes, domains);
  }
}

/** A name is printed in tables, and a part of the name of a trace file. */
const LONGEST_NAME = 100;

/** Throws InvalidModel unless a text may be the name of a model, a claim or a witness. */
export function checkName(what: string, name: unknown): void {
  const isText = typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME;
  if (isText && name.trim() === name && !/^\.|[/\\\p{Cc}]/u.test(name)) return;
  throw new InvalidModel(
    `${what} has the name ${JSON.stringify(name)}. Use at most ${LONGEST_NAME} characters, none of them / or \\, ` +
      'and begin with no dot.',
  );
}

/** Throws LateFunction if a function goes on after it has returned. */
export function refuseLate(part: string, owner: string, body: unknown): void {
  const name =
    (body as { readonly constructor?: { readonly name?: string } } | null)?.constructor?.name ?? '';
  if (name.startsWith('Async')) throw new LateFunction(part, owner, 'an async');
  if (name === 'GeneratorFunction') throw new LateFunction(part, owner, 'a generator');
}

/** Throws ResultIgnored if `then` has returned something. */
export function refuseResult(result: unknown): void {
  if (result !== undefined) throw new ResultIgnored(result);
}

/** Refuses a domain whose values cannot be counted, printed, or told apart by what they print. */
export function checkDomain(where: string, domain: Domain): void {
  const { name, lo, hi, read } = domain;
  if (!Number.isSafeInteger(lo) || !Number.isSafeInteger(hi)) {
    throw new InvalidDomain(
      `${where} ranges over \`${name}\` from ${lo} to ${hi}, which are no two integers`,
    );
  }
  const size = hi - lo + 1;
  const printed = new Map<string, number>();
  for (let i = 0; i < Math.min(size, MOST_PRINTED); i++) {
    const value = lo + (size <= MOST_PRINTED ? i : Math.floor((i * (size - 1)) / (MOST_PRINTED - 1)));
    const text = printedValue(where, domain, value);
    const other = printed.get(text);
    if (other !== undefined) {
      throw new AlikeValues(where, `\`${name}\` prints ${other} and ${value} alike, as ${text}`);
    }
    printed.set(text, value);
    const back = read === undefined ? value : read(text);
    if (back === value) continue;
    throw new AlikeValues(
      where,
      `\`${name}\` prints ${value} as ${text}, but \`read\` makes ${back} of ${text}`,
    );
  }
}

function printedValue(where: string, { name, print }: Domain, value: number): string {
  const whose = `${where}: \`print\` of \`${name}\``;
  let text: unknown;
  try {
    text = print(value);
  } catch (error) {
    throw new PrintFailed(whose, value, error);
  }
  if (typeof text === 'string') return text;
  throw new PrintFailed(whose, value, 'it returns no text');
}

/** The parts of a model that its claims speak of. */
interface Vocabulary<S extends StructType> {
  readonly initial: NamedAction<S>;
  readonly actions: readonly NamedAction<S>[];
}

/** Refuses claims and witnesses that can say nothing: asked of no step, too late, or of unknown steps. */
export function checkParts<S extends StructType, R>(
  model: Vocabulary<S>,
  { claims, witnesses }: Expectations<R>,
): void {
  for (const claim of claims) {
    refuseLate('holds', `claim ${claim.name}`, claim.holds);
    checkActions(model, 'claim', claim);
    if (claim.kind === 'scenario') checkScenario(model, claim);
  }
  for (const witness of witnesses) {
    refuseLate('shows', `witness ${witness.name}`, witness.shows);
    checkActions(model, 'witness', witness);
  }
}

function checkActions<S extends StructType, R>(
  { actions }: Vocabulary<S>,
  kind: string,
  part: Claim<R> | Witness<R>,
): void {
  if (part.kind !== 'step' || part.on === null) return;
  if (part.on.length === 0) throw new NoActionsNamed(`${kind} ${part.name}`);
  const known = actions.map(({ name }) => name);
  for (const action of part.on) {
    if (!known.includes(action)) throw new UnknownName(`action (of ${part.name})`, action, known);
  }
}

function checkScenario<S extends StructType, R>(
  { initial, actions }: Vocabulary<S>,
  { name, initial: args, steps }: Scenario<R>,
): void {
  checkArguments(`the start of ${name}`, initial, args);
  for (const [i, [asked, ...given]] of steps.entries()) {
    const action = actions.find((each) => each.name === asked);
    if (action === undefined) {
      const known = actions.map((each) => each.name);
      throw new UnknownName(`action (of step ${i + 1} of ${name})`, asked, known);
    }
    checkArguments(`step ${i + 1} of ${name}`, action, given);
  }
}

function checkArguments<S extends StructType>(
  step: string,
  { name, over }: NamedAction<S>,
  args: readonly string[],
): void {
  if (args.length === over.length && over.every((domain, i) => valueBehind(domain, args[i]) !== null)) return;
  const takes = over.map(({ name, lo, hi, print }) =>
    hi < lo ? `${name}, of no value` : `${name} from ${print(lo)} to ${print(hi)}`,
  );
  const printed = `${name}(${args.join(', ')})`;
  throw new UnknownArguments(step, printed, name, takes.join(', ') || 'no arguments');
}

/** The value of a domain that prints as the text; null if none does. */
export function valueBehind({ lo, hi, print, read }: Domain, text: string): number | null {
  if (read !== undefined) {
    const value = read(text);
    return value !== null && value >= lo && value <= hi && print(value) === text ? value : null;
  }
  for (let value = lo; value <= hi; value++) if (print(value) === text) return value;
  return null;
}
