/** The product of two rule sets by plain data, so that a worker can make it for itself. */
import { type Bounds, findRung } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import { ruleSetFor } from './options.js';
import { followedIn, productOf } from './product.js';

/** What a worker needs to make the product of these cases of one model. */
export function productSourceOf([a, b]: readonly [Case, Case]): ModelSource {
  const args = [a.rung.name, a.bounds, a.ruleSet.name, b.ruleSet.name];
  return { module: import.meta.url, export: 'productCalled', args };
}

/** The product of a model at its bounds under two rule sets. */
export async function productCalled(
  model: string,
  bounds: Bounds,
  a: string,
  b: string,
): Promise<BuiltModel> {
  const [rung, followed] = [findRung(model), followedIn(model)];
  if (rung === undefined || followed === null) throw new TypeError(`nobody is elected in ${model}`);
  const [left, right] = [await ruleSetFor(a), await ruleSetFor(b)];
  return productOf(
    caseOf(rung, bounds, left),
    caseOf(rung, bounds, right),
    followed,
  ) as unknown as BuiltModel;
}
