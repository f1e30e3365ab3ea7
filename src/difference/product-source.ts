/** The product of two rule sets as plain data, from which a worker can build it. */
import { type Bounds, type CallLogHandles, findFamily } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import { callLogFrom, type RulesAsData, ruleSetFrom, rulesAsData } from '../search/case-source.js';
import { comparedCases, followedIn, productOf } from './product.js';

/** A rule set, and the log that its calls are added to. */
interface Side {
  readonly rules: RulesAsData;
  readonly calls: CallLogHandles | null;
}

/** The data from which a worker builds the product of these cases of one model. */
export function productSourceOf([a, b]: readonly [Case, Case]): ModelSource {
  const side = ({ ruleSet, calls }: Case): Side => ({
    rules: rulesAsData(ruleSet),
    calls: calls?.handles ?? null,
  });
  const args: Parameters<typeof productCalled> = [a.family.name, a.bounds, side(a), side(b)];
  return { module: import.meta.url, export: 'productCalled', args };
}

/** The product of a model at its bounds under two rule sets. */
export async function productCalled(model: string, bounds: Bounds, a: Side, b: Side): Promise<BuiltModel> {
  const [family, followed] = [findFamily(model), followedIn(model)];
  if (family === undefined || followed === null) throw new TypeError(`nobody is elected in ${model}`);
  const sideFrom = ({ rules, calls }: Side) => ({ ruleSet: ruleSetFrom(rules), calls: callLogFrom(calls) });
  const [left, right] = comparedCases(family, bounds, [sideFrom(a), sideFrom(b)]);
  return productOf(left, right, followed) as unknown as BuiltModel;
}
