/**
 * Rules that are functions of this process, as in a test. They are checked as the rules of a file are, except
 * for faults that only a separate process can survive.
 */
import { type Argument, correct, type RuleName, type RuleSet, type Rules } from '../../models/index.js';
import {
  type Answer,
  answerOf,
  inconsistency,
  type Question,
  RuleFailed,
  valueIn,
  wordsOf,
} from './answer.js';
import { inWords, isFunction, isOf, kindOf, RULES, withoutZooKeepers } from './kinds.js';
import { shown } from './one-line.js';

export interface WatchedRules {
  readonly ruleSet: RuleSet;
  /** Puts all questions again, in another order. Throws `RuleFailed` if one is answered otherwise. */
  readonly confirm: () => void;
}

/** A rule set of functions, whose answers are checked. Throws `RuleFailed` if one is no function. */
export function watchedRules(name: string, rules: Partial<Rules>): WatchedRules {
  const answers = new Map<string, { readonly question: Question; readonly answer: Answer }>();
  const ask = ({ rule, args }: Question): Answer => {
    try {
      return answerOf(Reflect.apply(rules[rule] as (...args: readonly Argument[]) => unknown, rules, args));
    } catch (error) {
      return { kind: 'threw', words: wordsOf(error), at: null };
    }
  };
  const asking =
    (rule: RuleName) =>
    (...args: readonly Argument[]) => {
      const question = { rule, args };
      const answer = ask(question);
      answers.set(`${rule}(${args.join()})`, { question, answer });
      return valueIn(name, question, answer);
    };
  const given = new Map(RULES.filter((rule) => rule in rules).map((rule) => [rule, rules[rule]]));
  const names = [...withoutZooKeepers(given, { ...correct }).keys()] as RuleName[];
  for (const rule of names) refuseOtherKind(name, rule, rules[rule]);
  const overrides = Object.fromEntries(
    names.map((rule) => [rule, isFunction(rule) ? asking(rule) : rules[rule]]),
  ) as Partial<Rules>;
  return {
    ruleSet: { name, says: '', source: '', overrides, breaks: {} },
    confirm: () => {
      for (const { question, answer } of [...answers.values()].reverse()) {
        const fault = inconsistency(name, question, answer, ask(question));
        if (fault !== null) throw new RuleFailed(fault);
      }
    },
  };
}

function refuseOtherKind(name: string, rule: RuleName, value: unknown): void {
  const kind = inWords(kindOf(rule));
  const wanted = isFunction(rule) ? `a function that returns ${kind}` : kind;
  const isRight = isFunction(rule) ? typeof value === 'function' : isOf(kindOf(rule), value);
  if (!isRight) throw new RuleFailed(`${rule} of ${name} must be ${wanted}, not ${shown(value)}`);
}
