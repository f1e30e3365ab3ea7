/**
 * Binds claims and witnesses to their models: a case is a model at given bounds and rules, ready to be
 * explored.
 */
import type { Bounds, ModelFamily, RuleSet, Rules } from '../models/index.js';
import {
  boundsTaken,
  CallLog,
  correct,
  type ReductionChoice,
  recordedRules,
  reductionsNamed,
  reductionsSound,
} from '../models/index.js';
import type { Expectations, Model, Reading, StructType } from '../src/language/index.js';
import { fastLeaderElection } from './claims/fast-leader-election.js';
import { fleFaithful } from './claims/fle-faithful.js';
import { tutorial } from './claims/tutorial.js';
import { voteOrder } from './claims/vote-order.js';
import { zabDiscovery } from './claims/zab-discovery.js';
import { zabSynchronization } from './claims/zab-synchronization.js';

/** The claims and witnesses of a model at given bounds, with all states erased to the common type. */
type AnyExpectations = Expectations<Reading<StructType>>;

export interface Case {
  readonly family: ModelFamily;
  /** The bounds explored, after what the rules made necessary. */
  readonly bounds: Bounds;
  /** The bounds that the model takes, for a trace or a result. */
  readonly stated: Partial<Bounds>;
  readonly ruleSet: RuleSet;
  /** The log of calls of the rules that the rule set overrides; null if it overrides none. */
  readonly calls: CallLog | null;
  /** Why the bounds differ from those asked for; null if they do not. */
  readonly note: string | null;
  /** The reductions taken, and those that `all` left out; null if none were asked for. */
  readonly reductions: ReductionChoice | null;
  readonly model: Model;
  readonly expectations: AnyExpectations;
}

/** The claims of each model, by its name. */
const expectationsOf: { readonly [model: string]: (bounds: Bounds, rules: Rules) => AnyExpectations } = {
  rules: (bounds, rules) => voteOrder(bounds, rules) as unknown as AnyExpectations,
  tutorial: (bounds) => tutorial(bounds) as unknown as AnyExpectations,
  'fast-leader-election': (bounds) => fastLeaderElection(bounds) as unknown as AnyExpectations,
  'fle-faithful': (bounds) => fleFaithful(bounds) as unknown as AnyExpectations,
  'zab-discovery': (bounds) => zabDiscovery(bounds) as unknown as AnyExpectations,
  'zab-synchronization': (bounds) => zabSynchronization(bounds) as unknown as AnyExpectations,
};

/** In the order of the presets; that nothing is reduced goes without saying. */
function statedBounds(family: ModelFamily, bounds: Bounds): Partial<Bounds> {
  const taken: readonly string[] = boundsTaken(family, bounds.election);
  const isUsual: { readonly [name: string]: boolean } = {
    reduce: reductionsNamed(bounds).length === 0,
    returns: bounds.returns === 'any',
  };
  const isStated = (name: string) => taken.includes(name) && isUsual[name] !== true;
  return Object.fromEntries(Object.entries(bounds).filter(([name]) => isStated(name)));
}

/** The reductions that the bound `reduce` asks for: `all` stands for the reductions that are sound there. */
function reductionsOf(
  { reductions = [] }: ModelFamily,
  bounds: Bounds,
  rules: Rules,
): ReductionChoice | null {
  if (bounds.reduce === 'none') return null;
  if (bounds.reduce === 'all') return reductionsSound(reductions, bounds, rules);
  return { taken: reductionsNamed(bounds), leftOut: {} };
}

/** Claims on an action also apply to the macro steps by which a reduction replaces it. */
function withMacroSteps(
  family: ModelFamily,
  bounds: Bounds,
  { claims, witnesses }: AnyExpectations,
): AnyExpectations {
  const names = reductionsNamed(bounds);
  const macros = (family.reductions ?? [])
    .filter(({ name }) => names.includes(name))
    .flatMap((r) => r.macros ?? []);
  if (macros.length === 0) return { claims, witnesses };
  const widened = <P extends AnyExpectations['claims'][number] | AnyExpectations['witnesses'][number]>(
    part: P,
  ): P => {
    if (part.kind !== 'step' || part.on === null) return part;
    const { on } = part;
    return { ...part, on: [...on, ...macros.filter(({ of }) => on.includes(of)).map(({ name }) => name)] };
  };
  return { claims: claims.map(widened), witnesses: witnesses.map(widened) };
}

/** The log of the calls of a rule set; null if it overrides nothing, so that none is to be recorded. */
export const callLogFor = ({ overrides }: RuleSet): CallLog | null =>
  Object.keys(overrides).length === 0 ? null : new CallLog();

/**
 * A model with its claims, at the given bounds and under a rule set. Its calls of rules from then on are
 * added to `calls`.
 */
export function caseOf(
  family: ModelFamily,
  asked: Bounds,
  ruleSet: RuleSet,
  calls: CallLog | null = callLogFor(ruleSet),
): Case {
  const recorded = calls === null ? null : recordedRules(ruleSet, calls);
  const rules = recorded?.rules ?? correct;
  const adjusted = family.adjust(asked, rules);
  const meant = adjusted?.bounds ?? asked;
  const reductions = reductionsOf(family, meant, rules);
  const bounds = { ...meant, reduce: reductions?.taken.join() || 'none' };
  const made: Case = {
    family,
    bounds,
    stated: statedBounds(family, bounds),
    ruleSet,
    calls,
    note: adjusted?.because ?? null,
    reductions,
    model: family.build(bounds, rules),
    expectations: {
      ...withMacroSteps(family, bounds, expectationsOf[family.name](bounds, rules)),
      rulesAreForeign: Object.keys(ruleSet.overrides).length > 0,
    },
  };
  recorded?.begin();
  return made;
}
