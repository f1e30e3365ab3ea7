/** Whether a verdict concerns the given rules: which models use them, and which were called. */
import {
  type BoundName,
  type Bounds,
  type CallLog,
  families,
  isConstant,
  type ModelFamily,
  type RuleName,
  type RuleSet,
  type RuleUse,
  rulesUsed as usedBy,
  usesOf,
} from '../../models/index.js';

/** The rules that a rule set overrides and a model uses under an election. */
export const overriddenAndUsed = (
  family: ModelFamily,
  election: Bounds['election'],
  { overrides }: RuleSet,
): readonly RuleName[] => usedBy(family, election).filter((rule) => Object.hasOwn(overrides, rule));

/**
 * Whether a verdict of a model concerns the rule set: it overrides nothing, or a rule that the model uses.
 */
export const isConcerned = (family: ModelFamily, election: Bounds['election'], ruleSet: RuleSet): boolean =>
  Object.keys(ruleSet.overrides).length === 0 || overriddenAndUsed(family, election, ruleSet).length > 0;

/** Why a model says nothing about rules, and which does: in one line. `isOnly`: no other was asked for. */
export function unconcernedBecause(
  family: ModelFamily,
  election: Bounds['election'],
  ruleSet: RuleSet,
  isOnly = true,
): string {
  const names = Object.keys(ruleSet.overrides) as RuleName[];
  const own = names.filter((name) => family.uses[name] !== undefined);
  if (own.length > 0) {
    const needed = family.uses[own[0]]?.election;
    return `${family.name} uses ${inWords(own, 'and')} only with --election ${needed}`;
  }
  const others = families.filter(({ uses }) => names.some((name) => uses[name] !== undefined));
  const models = others.map(({ name, uses }) => {
    const mine = names.map((rule) => uses[rule]).filter((use) => use !== undefined);
    const needed = mine.every((use) => use.election !== undefined) ? mine[0].election : election;
    return needed === undefined || needed === election ? name : `${name} with --election ${needed}`;
  });
  const does = `${inWords(models, 'and')} ${models.length === 1 ? 'does' : 'do'}`;
  if (!isOnly) return `no model asked for uses ${inWords(names, 'or')}; ${does}`;
  return names.length === 1
    ? `${family.name} does not use ${names[0]}; ${does}`
    : `${family.name} uses none of ${inWords(names, 'and')}; ${does}`;
}

/** `a, b and c`. */
export const inWords = (words: readonly string[], last: 'and' | 'or'): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

/** The part of a verdict on the rules. */
export interface Accounts {
  readonly rulesUsed: readonly RuleUse[];
  /**
   * Why the verdict does not concern all rules: one that the model uses was never called. null if all were.
   */
  readonly uncalled: string | null;
}

/** The calls of a model in a log; none under rules that override nothing. */
export function accountsOf(
  family: ModelFamily,
  bounds: Bounds,
  ruleSet: RuleSet,
  log: CallLog | null,
): Accounts {
  if (log === null) return { rulesUsed: [], uncalled: null };
  const rulesUsed = usesOf(log, ruleSet, overriddenAndUsed(family, bounds.election, ruleSet));
  return { rulesUsed, uncalled: uncalledBecause(family, bounds, rulesUsed) };
}

/** Why a verdict does not concern all rules: one that the model uses decided nothing. null if all did. */
function uncalledBecause(family: ModelFamily, bounds: Bounds, uses: readonly RuleUse[]): string | null {
  const lacking = (rule: RuleName) => missing(family.uses[rule]?.needs ?? {}, bounds);
  const uncalled = uses.filter(({ calls }) => calls === 0).map(({ rule }) => rule);
  // A model may read a constant before the search, or although both values have the same effect.
  const idle = uses
    .filter(({ rule, calls }) => calls > 0 && isConstant(rule) && lacking(rule).length > 0)
    .map(({ rule }) => rule);
  const flags = new Set([...uncalled, ...idle].flatMap(lacking));
  const needs = flags.size === 0 ? '' : `: try ${[...flags].join(' ')}`;
  const [was, can] = [uncalled, idle].map(({ length }) => length > 0);
  if (!was && !can) return null;
  const verb = uncalled.every(isConstant) ? 'read' : 'called';
  const never = `${inWords(uncalled, 'and')} ${uncalled.length === 1 ? 'was' : 'were'} never ${verb}`;
  const no = `${inWords(idle, 'and')} can make no difference`;
  return `${[was ? never : '', can ? no : ''].filter((part) => part !== '').join('; ')} within these bounds${needs}`;
}

const missing = (needs: { readonly [B in BoundName]?: number }, bounds: Bounds): readonly string[] =>
  (Object.entries(needs) as [BoundName, number][])
    .filter(([bound, least]) => Number(bounds[bound]) < least)
    .map(([bound, least]) => `--${bound} ${least}`);
