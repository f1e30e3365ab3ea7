/** A case by plain data, so that a worker can make it for itself. */
import { type Bounds, findRuleSet, findRung } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import { withClaims } from './claims.js';

/** What a worker needs to make this case. */
export function sourceOf({ rung, bounds, ruleSet, expectations }: Case): ModelSource {
  const claims = expectations.claims.map(({ name }) => name);
  return { module: import.meta.url, export: 'caseCalled', args: [rung.name, bounds, ruleSet.name, claims] };
}

/** The case of these names: a model at its bounds under a rule set, with these claims. */
export function caseCalled(
  rung: string,
  bounds: Bounds,
  ruleSet: string,
  claims: readonly string[],
): BuiltModel {
  const [model, rules] = [findRung(rung), findRuleSet(ruleSet)];
  if (model === undefined || rules === undefined)
    throw new TypeError(`no case is called ${rung}, ${ruleSet}`);
  return withClaims(caseOf(model, bounds, rules), claims);
}
