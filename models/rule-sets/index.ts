/** Every rule set that ships, by name. */

import { correctRules } from './correct.js';
import { history } from './history.js';
import { mutants } from './mutants.js';
import { releases } from './releases.js';
import type { RuleSet } from './rule-set.js';
import { survivors } from './survivors.js';

export const ruleSets: readonly RuleSet[] = [correctRules, ...releases, ...history, ...mutants, ...survivors];

/**
 * The rule set of this name, or of one that it is also called. `159`, `zk-159` and `ZK159` are
 * ZOOKEEPER-159: people name an issue in all these ways.
 */
export function findRuleSet(name: string): RuleSet | undefined {
  const asked = spelledOut(name);
  return ruleSets.find((ruleSet) =>
    [ruleSet.name, ...(ruleSet.alsoCalled ?? [])].some((own) => spelledOut(own) === asked),
  );
}

/** `ZOOKEEPER-159`, for a name that is only the number of an issue; null for other names. */
export function issueNamed(name: string): string | null {
  const spelled = spelledOut(name);
  return /^zookeeper-\d+$/.test(spelled) ? spelled.toUpperCase() : null;
}

const spelledOut = (name: string): string =>
  name.toLowerCase().replace(/^(?:zookeeper|zk)?[-_ #]*(?=\d)/, 'zookeeper-');
