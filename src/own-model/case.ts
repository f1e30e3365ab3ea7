/** A model of a user as a case, so that every command that takes a case takes it too. */
import { type Bounds, leastBounds, type ModelFamily, type RuleSet } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import { callInWords, loadModel, type OwnModel } from './load.js';

/** It has none of ZooKeeper's rules, and so no name of a rule set. */
const NO_RULES: RuleSet = { name: '', says: '', source: '', overrides: {}, breaks: {} };

/** The case of a model of a user: within its own bounds, under no rules. */
export function ownCase({ model, expectations, file, args, digest }: OwnModel): Case {
  const bounds = { ...leastBounds, reduce: 'none' };
  const family: ModelFamily = {
    name: model.name,
    file: { name: file, digest, args },
    summary: '',
    departures: [],
    takes: {},
    uses: {},
    presets: { tiny: bounds, ci: bounds, nightly: bounds },
    adjust: () => null,
    describe: () => callInWords(file, args),
    build: () => model,
  };
  return {
    family,
    bounds,
    // A trace says what the function was called with, and not which file it was.
    stated: (args.length === 0 ? {} : { args: JSON.stringify(args) }) as Partial<Bounds>,
    ruleSet: NO_RULES,
    calls: null,
    note: null,
    reductions: null,
    model,
    expectations,
  };
}

/** The source by which a worker makes the model of this file. */
export const sourceOfFile = ({ name, digest, args }: NonNullable<ModelFamily['file']>): ModelSource => ({
  module: import.meta.url,
  export: 'ownModel',
  args: [name, args, digest],
});

/** The model of a file in another thread: the file must say what it said. */
export async function ownModel(file: string, args: readonly unknown[], digest: string): Promise<BuiltModel> {
  const { model, expectations } = await loadModel(file, args, digest);
  return { model, expectations };
}
