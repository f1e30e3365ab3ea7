/** A case by plain data, so that a worker can make it for itself. */
import { type Bounds, findRung } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import { withClaims } from './claims.js';
import { ruleSetFor } from './options.js';

/** What a worker needs to make this case. */
export function sourceOf({ rung, bounds, ruleSet, expectations }: Case): ModelSource {
  const claims = expectations.claims.map(({ name }) => name);
  return { module: import.meta.url, export: 'caseCalled', args: [rung.name, bounds, ruleSet.name, claims] };
}

/** The case of these names: a model at its bounds under a rule set, with these claims. */
export async function caseCalled(
  rung: string,
  bounds: Bounds,
  ruleSet: string,
  claims: readonly string[],
): Promise<BuiltModel> {
  const model = findRung(rung);
  if (model === undefined) throw new TypeError(`no case is called ${rung}`);
  return withClaims(caseOf(model, bounds, await ruleSetFor(ruleSet)), claims);
}
