/** Every rule set that ships, by name. */
import type { RuleSet } from '../rules.js';
import { correctRules } from './correct.js';
import { discoveryMutants } from './discovery.js';
import { mutants } from './mutants.js';
import { synchronizationMutants } from './synchronization.js';

export const ruleSets: readonly RuleSet[] = [
  correctRules,
  ...mutants,
  ...discoveryMutants,
  ...synchronizationMutants,
];

export const findRuleSet = (name: string): RuleSet | undefined =>
  ruleSets.find((ruleSet) => ruleSet.name === name);
