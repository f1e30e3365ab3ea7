/** `fle-check/vitest`: that an election keeps its claims under rules of one's own, as a test of one's own. */
import { test } from 'vitest';
import {
  type Bounds,
  families,
  findFamily,
  findRuleSet,
  type Preset,
  type RuleSet,
  type Rules,
} from '../models/index.js';
import type { Case } from '../properties/index.js';
import type { ClaimsByModel, States } from './claims.js';
import { caseWith } from './claims-file/case.js';
import { partsOf } from './claims-file/index.js';
import { check } from './engine/breadth-first.js';
import { inSteps } from './engine/outcome.js';
import { accountsOf, isConcerned, unconcernedBecause } from './rules-file/accounting.js';
import { watchedRules } from './rules-file/in-process.js';
import { textOf } from './story/table.js';
import { explanationOf } from './trace/explanation.js';
import { recordTrace } from './trace/trace.js';

export interface ElectionProperty {
  /** Rules in place of those of ZooKeeper; all are ZooKeeper's without it. */
  readonly rules?: Partial<Rules>;
  /**
   * Claims and witnesses of one's own on the states of the model, which are checked beside those that ship.
   */
  readonly claims?: NonNullable<ClaimsByModel[keyof States]>;
  /** `fast-leader-election` without it. */
  readonly model?: string;
  /** The bounds to start from; `tiny` without it. */
  readonly preset?: Preset;
  /** Bounds in place of those of the preset. */
  readonly bounds?: Partial<Bounds>;
  /** Milliseconds, of the test; a minute without it. */
  readonly timeout?: number;
}

const TIMEOUT = 60_000;

/**
 * A test that explores every state of a model within its bounds and holds it to all its claims. It fails with
 * the claim that was violated and the shortest trace to it.
 */
export function electionProperty(name: string, property: ElectionProperty): void {
  test(name, { timeout: property.timeout ?? TIMEOUT }, () => {
    const told = refutationOf(property);
    if (told !== null) throw new Error(told);
  });
}

/**
 * What is wrong with the rules, with the shortest trace to it; null if every claim holds, completely. Throws
 * `RuleFailed` if a rule is none, and TypeError if the model uses none of them.
 */
export function refutationOf(property: ElectionProperty): string | null {
  const { ruleSet, confirm } =
    property.rules === undefined ? zooKeepers : watchedRules('this test', property.rules);
  const subject = subjectOf(property, ruleSet);
  const { verdict, reason, violation } = check(subject.model, subject.expectations);
  confirm();
  const { family, bounds, calls } = subject;
  if (verdict === 'holds') return accountsOf(family, bounds, ruleSet, calls).uncalled;
  if (violation === null) return reason;
  const { claim, schedule } = violation;
  const { says = '', source = '' } = subject.expectations.claims.find((one) => one.name === claim) ?? {};
  const heading = { tool: '', bounds: { ...subject.stated }, rules: subject.ruleSet.name };
  const trace = recordTrace(subject.model, schedule, { ...heading, claim, says, source });
  const { table, legend } = textOf(subject, trace);
  const explanation = explanationOf(subject.model, subject.expectations, trace);
  const because = explanation === null ? [] : ['', `  ${explanation}`];
  return [
    `${claim} is violated after ${inSteps(schedule.steps.length)}: ${says}`,
    ...because,
    '',
    ...table,
    '',
    ...legend,
  ].join('\n');
}

/** Nothing is overridden. */
const zooKeepers = { ruleSet: findRuleSet('correct') as RuleSet, confirm: () => {} };

function subjectOf(
  { model = 'fast-leader-election', preset = 'tiny', bounds, claims = [] }: ElectionProperty,
  ruleSet: RuleSet,
): Case {
  const family = findFamily(model);
  if (family === undefined) {
    throw new TypeError(
      `no model is called ${model}; there are ${families.map((one) => one.name).join(', ')}`,
    );
  }
  const asked = { ...family.presets[preset], ...bounds };
  if (!isConcerned(family, asked.election, ruleSet)) {
    throw new TypeError(unconcernedBecause(family, asked.election, ruleSet));
  }
  const path = 'this test';
  const own = { path, digest: '', byModel: { [model]: partsOf(path, model, claims) } };
  return caseWith(own, family, asked, ruleSet);
}
