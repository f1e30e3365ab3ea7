/** Every rule set that ships, by name. */
import type { RuleSet } from '../rules.js';
import { correctRules } from './correct.js';
import { history } from './history.js';
import { mutants } from './mutants.js';
import { survivors } from './survivors.js';

export const ruleSets: readonly RuleSet[] = [correctRules, ...history, ...mutants, ...survivors];

/** The rule set of this name, or of one that it is also called. */
export const findRuleSet = (name: string): RuleSet | undefined =>
  ruleSets.find((ruleSet) => ruleSet.name === name || ruleSet.alsoCalled?.includes(name) === true);
