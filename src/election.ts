/**
 * ZooKeeper's election for a program: a model of this project under the caller's rules and bounds, with the
 * claims that ship and those of the caller.
 */
import {
  type Bounds,
  boundsTaken,
  type ModelFamily,
  type Preset,
  type RuleSet,
  type Rules,
} from '../models/index.js';
import type { Case } from '../properties/index.js';
import { boundsFor, chooseRuleSet, familyCalled } from './cases/choices.js';
import { traceOf } from './cases/recording.js';
import type { ClaimsByModel, States } from './claims.js';
import { caseWith } from './claims-file/case.js';
import { partsOf } from './claims-file/index.js';
import { check } from './engine/check.js';
import { inSteps, type Outcome } from './engine/outcome.js';
import { type Drawn, type Reading, type StructType, toPlain } from './language/index.js';
import { accountsOf, isConcerned, unconcernedBecause } from './rules-file/accounting.js';
import { watchedRules } from './rules-file/in-process.js';
import { serversIn } from './story/story.js';
import { textOf } from './story/table.js';
import { explanationOf } from './trace/explanation.js';
import type { Trace } from './trace/trace.js';

export interface ElectionOptions {
  /**
   * Rules that override ZooKeeper's, or the name of a rule set that ships, as `minority-quorum`; by default
   * all rules are ZooKeeper's.
   */
  readonly rules?: string | Partial<Rules>;
  /** Claims and witnesses on the states of the model, which are checked beside those that ship. */
  readonly claims?: NonNullable<ClaimsByModel[keyof States]>;
  /** By default `fast-leader-election`. */
  readonly model?: string;
  /** The bounds to start from; by default `tiny`. */
  readonly preset?: Preset;
  /** Bounds in place of those of the preset. */
  readonly bounds?: Partial<Bounds>;
}

/** The outcome of the search, as data and as text. */
export interface ElectionResult {
  /** Its verdict is *inconclusive* too if a rule that was given was never called. */
  readonly outcome: Outcome;
  /** The shortest run to the violation, state by state; null without one. */
  readonly trace: Trace | null;
  /** Why the verdict is not *holds*, with the run as a table; null if it is. */
  readonly text: string | null;
}

/**
 * Explores every state of a model within its bounds, and holds it to all its claims. Throws `RuleFailed` if a
 * rule is none, or answers differently when it is asked again; `ClaimsRefused` of a claim that is none;
 * `BadUsage` if there is no such model or rule set, or a bound is beyond its limits; and TypeError if the
 * model does not take a bound, or uses none of the rules.
 */
export function checkElection(options: ElectionOptions = {}): ElectionResult {
  const { ruleSet, confirm } = rulesOf(options);
  const subject = caseOf(options, ruleSet);
  const outcome = check(subject.model, subject.expectations);
  confirm();
  const { family, bounds, calls } = subject;
  const { uncalled } = accountsOf(family, bounds, ruleSet, calls);
  if (outcome.verdict === 'holds' && uncalled !== null) {
    return {
      outcome: { ...outcome, verdict: 'inconclusive', reason: uncalled },
      trace: null,
      text: uncalled,
    };
  }
  const { violation } = outcome;
  const trace = violation === null ? null : traceOf(subject, violation.claim, violation.schedule);
  return { outcome, trace, text: trace === null ? outcome.reason : textFor(subject, trace) };
}

/**
 * A model of ZooKeeper with its claims and witnesses, for `check`, `explore` and `printTrace`. Throws as
 * `checkElection` does; what the rules answer is not asked again.
 */
export const electionModel = (options: ElectionOptions = {}): Pick<Case, 'model' | 'expectations'> => {
  const { family, model, expectations } = caseOf(options, rulesOf(options).ruleSet);
  const { describeServer } = family;
  if (describeServer === undefined) return { model, expectations };
  const draw = (state: Reading<StructType>): Drawn => {
    const plain = toPlain(model.schema, state);
    return Object.fromEntries(serversIn(plain).map((_, i) => [`s${i + 1}`, describeServer(plain, i)]));
  };
  return { model: { ...model, draw }, expectations };
};

function rulesOf({ rules = 'correct' }: ElectionOptions): {
  readonly ruleSet: RuleSet;
  readonly confirm: () => void;
} {
  if (typeof rules !== 'string') return watchedRules('the rules given', rules);
  return { ruleSet: chooseRuleSet(rules), confirm: () => {} };
}

function caseOf(
  { model = 'fast-leader-election', preset = 'tiny', bounds = {}, claims = [] }: ElectionOptions,
  ruleSet: RuleSet,
): Case {
  const family = familyCalled(model);
  refuseOtherBounds(family, bounds);
  const asked = boundsFor(family, preset, bounds);
  if (!isConcerned(family, asked.election, ruleSet)) {
    throw new TypeError(unconcernedBecause(family, asked.election, ruleSet));
  }
  const path = 'the claims given';
  const own = { path, digest: '', byModel: { [model]: partsOf(path, model, claims) } };
  return caseWith(own, family, asked, ruleSet);
}

/** A bound that the model does not take would be passed over in silence. */
function refuseOtherBounds(family: ModelFamily, bounds: Partial<Bounds>): void {
  const taken: readonly string[] = boundsTaken(family, bounds.election ?? family.presets.ci.election);
  const other = Object.keys(bounds).find((name) => !taken.includes(name));
  if (other === undefined) return;
  throw new TypeError(`${family.name} does not take the bound ${other}; it takes ${taken.join(', ')}`);
}

function textFor(subject: Case, trace: Trace): string {
  const { table, legend } = textOf(subject, trace);
  const explanation = explanationOf(subject.model, subject.expectations, trace);
  const because = explanation === null ? [] : ['', `  ${explanation}`];
  return [
    `${trace.claim} is violated after ${inSteps(trace.steps.length)}: ${trace.says}`,
    ...because,
    '',
    ...table,
    '',
    ...legend,
  ].join('\n');
}
