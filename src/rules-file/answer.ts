/** Questions to rules and their answers, as plain data that goes from one process to another. */
import { type Argument, isSameAnswer } from '../../models/recording/call-log.js';
import type { RuleName } from '../../models/rules.js';
import { SpecError } from '../language/index.js';
import { inWords, isOf, kindOf } from './kinds.js';
import { oneLine, shown } from './one-line.js';

export interface Question {
  readonly rule: RuleName;
  readonly args: readonly Argument[];
}

export type Value = boolean | number | string | readonly string[];

export type Answer =
  | { readonly kind: 'value'; readonly value: Value }
  /** It returned a value that no rule may return; in words. */
  | { readonly kind: 'odd'; readonly words: string }
  /** It threw; where, in the user's file, if that is known. */
  | { readonly kind: 'threw'; readonly words: string; readonly at: string | null }
  /** It did not return, or ended its process. */
  | { readonly kind: 'lost'; readonly words: string }
  /** It cannot be asked, since an earlier question did not return, or ended its process. */
  | { readonly kind: 'unasked'; readonly lost: Question; readonly words: string };

/**
 * A rule of a user broke a demand on rules. The fault is the rule's, not that of the model that called it.
 */
export class RuleFailed extends SpecError {}

/** An earlier call failed. The place where this is thrown does not matter. */
export class RuleFailedEarlier extends RuleFailed {}

/** The fault of a rule behind an error; null if it has another cause. */
export function ruleFaultOf(error: unknown): RuleFailed | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof RuleFailed) return cause;
  }
  return null;
}

const MOST_WORDS = 16;

/** The answer for a returned value. */
export function answerOf(value: unknown): Answer {
  if (['boolean', 'number'].includes(typeof value)) return { kind: 'value', value: value as Value };
  if (typeof value === 'string' && value.length < 100) return { kind: 'value', value };
  if (Array.isArray(value) && value.length <= MOST_WORDS) {
    const words = Array.from(value);
    if (words.every((each) => typeof each === 'string' && each.length < 100))
      return { kind: 'value', value: words };
  }
  return { kind: 'odd', words: shown(value) };
}

/** The name and the text of any thrown value. */
export function wordsOf(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return shown(thrown);
    const { name, message } = thrown;
    return oneLine(String(message === '' ? name : message));
  } catch {
    return shown(thrown);
  }
}

/** The same for the middle of a sentence: `"no such server"`, `undefined`. */
export function quotedWordsOf(thrown: unknown): string {
  const words = wordsOf(thrown);
  return words === shown(thrown) ? words : `"${words}"`;
}

/** `(2, 3)`. */
const listed = (args: readonly unknown[]): string => `(${args.map(shown).join(', ')})`;

/** `the rule hasQuorum of ./my-rules.ts, called with (2, 3)`. */
export const called = (source: string, { rule, args }: Question): string =>
  `the rule ${rule} of ${source}, called with ${listed(args)}`;

/** The value of an answer. Throws `RuleFailed` if there is none, or the rule may not have it. */
export function valueIn(source: string, question: Question, answer: Answer): Value {
  const kind = kindOf(question.rule);
  if (answer.kind === 'value' && isOf(kind, answer.value)) return answer.value;
  if (answer.kind === 'unasked') {
    throw new RuleFailedEarlier(`${called(source, answer.lost)}, ${answer.words}`);
  }
  throw new RuleFailed(`${called(source, question)}, ${answerInWords(answer)}${wanted(answer, kind)}`);
}

const wanted = ({ kind }: Answer, expected: ReturnType<typeof kindOf>): string =>
  kind === 'value' || kind === 'odd' ? `, which is not ${inWords(expected)}` : '';

/** `returned true`, `threw boom at ./my-rules.ts:3`, `does not return`. */
function answerInWords(answer: Answer): string {
  switch (answer.kind) {
    case 'value':
      return `returned ${shown(answer.value)}`;
    case 'odd':
      return `returned ${answer.words}`;
    case 'threw':
      return `threw ${answer.words}${answer.at === null ? '' : ` at ${answer.at}`}`;
    case 'lost':
    case 'unasked':
      return answer.words;
  }
}

/** Says how a rule answers one question in two ways; null if it does not. */
export function inconsistency(source: string, question: Question, one: Answer, other: Answer): string | null {
  if (one.kind === 'value' && other.kind === 'value' && isSameAnswer(one.value, other.value)) return null;
  if (one.kind === other.kind && answerInWords(one) === answerInWords(other)) return null;
  const second = one.kind === 'value' && other.kind === 'value' ? shown(other.value) : answerInWords(other);
  return `${called(source, question)}, ${answerInWords(one)}, and ${second} when asked again`;
}
