/** A case as plain data, from which a worker can build it. */
import { type Bounds, CallLog, type CallLogHandles, findFamily, type RuleSet } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import { chooseRuleSet } from '../cases/choices.js';
import { withClaims } from '../cases/claims.js';
import { type ClaimsAsData, caseAsked, claimsAsData, openClaimsAgain } from '../claims-file/opened.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import { sourceOfFile } from '../own-model/case.js';
import { handlesOf, type RulesHandles, ruleSetOf } from '../rules-file/index.js';

/** A rule set as plain data: the name of one that ships, or the handle of an open file of rules. */
export type RulesAsData = string | RulesHandles;

export const rulesAsData = (ruleSet: RuleSet): RulesAsData => handlesOf(ruleSet) ?? ruleSet.name;

export const ruleSetFrom = (rules: RulesAsData): RuleSet =>
  typeof rules === 'string' ? chooseRuleSet(rules) : ruleSetOf(rules);

/** The log of calls, as plain data. */
export const callLogFrom = (handles: CallLogHandles | null): CallLog | null =>
  handles === null ? null : new CallLog(handles);

/** The data from which a worker builds this case. */
export function sourceOf({ family, bounds, ruleSet, calls, expectations }: Case): ModelSource {
  if (family.file !== undefined) return sourceOfFile(family.file);
  const claims = expectations.claims.map(({ name }) => name);
  const rules = rulesAsData(ruleSet);
  const log = calls?.handles ?? null;
  const args: Parameters<typeof caseCalled> = [family.name, bounds, rules, log, claims, claimsAsData()];
  return { module: import.meta.url, export: 'caseCalled', args };
}

/** The same case: a model at its bounds under a rule set, with these claims, whose calls go into that log. */
export async function caseCalled(
  family: string,
  bounds: Bounds,
  rules: RulesAsData,
  calls: CallLogHandles | null,
  claims: readonly string[],
  own: ClaimsAsData,
): Promise<BuiltModel> {
  const model = findFamily(family);
  if (model === undefined) throw new TypeError(`no case is called ${family}`);
  await openClaimsAgain(own);
  return withClaims(caseAsked(model, bounds, ruleSetFrom(rules), callLogFrom(calls)), claims);
}
