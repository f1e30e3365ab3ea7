/** Every rule set that ships, by name. */
import type { RuleSet } from '../rules.js';
import { correctRules } from './correct.js';
import { discoveryMutants } from './discovery.js';
import { mutants } from './mutants.js';
import { survivors } from './survivors.js';
import { synchronizationMutants } from './synchronization.js';

export const ruleSets: readonly RuleSet[] = [
  correctRules,
  ...mutants,
  ...discoveryMutants,
  ...synchronizationMutants,
  ...survivors,
];

export const findRuleSet = (name: string): RuleSet | undefined =>
  ruleSets.find((ruleSet) => ruleSet.name === name);
