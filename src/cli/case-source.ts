/** A case by plain data, so that a worker can make it for itself. */
import { type Bounds, CallLog, type CallLogHandles, findRung } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import { handlesOf, type RulesHandles, ruleSetOf } from '../rules-file/index.js';
import { withClaims } from './claims.js';
import { chooseRuleSet } from './options.js';

/** What a worker needs to make this case. */
export function sourceOf({ rung, bounds, ruleSet, calls, expectations }: Case): ModelSource {
  const claims = expectations.claims.map(({ name }) => name);
  const rules = handlesOf(ruleSet) ?? ruleSet.name;
  const args: Parameters<typeof caseCalled> = [rung.name, bounds, rules, calls?.handles ?? null, claims];
  return { module: import.meta.url, export: 'caseCalled', args };
}

/** The same case: a model at its bounds under a rule set, with these claims, whose calls go into that log. */
export async function caseCalled(
  rung: string,
  bounds: Bounds,
  rules: string | RulesHandles,
  calls: CallLogHandles | null,
  claims: readonly string[],
): Promise<BuiltModel> {
  const model = findRung(rung);
  if (model === undefined) throw new TypeError(`no case is called ${rung}`);
  const ruleSet = typeof rules === 'string' ? chooseRuleSet(rules) : ruleSetOf(rules);
  const log = calls === null ? null : new CallLog(calls);
  return withClaims(caseOf(model, bounds, ruleSet, log), claims);
}
