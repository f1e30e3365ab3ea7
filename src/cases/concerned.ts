/** The models that a rule set concerns. A verdict on another model would not concern the rule set. */
import type { ModelFamily, RuleSet } from '../../models/index.js';
import { BadUsage } from '../process/usage.js';
import { inWords, isConcerned, unconcernedBecause } from '../rules-file/accounting.js';
import { type BoundOptions, boundsFor, givenBounds } from './choices.js';

export interface Concerned {
  readonly families: readonly ModelFamily[];
  /** The models that use none of the rules. */
  readonly others: readonly ModelFamily[];
}

/** The models that a rule set concerns. Throws `BadUsage` if none of those asked for does. */
export function concernedBy(
  ruleSet: RuleSet,
  asked: readonly ModelFamily[],
  options: BoundOptions,
): Concerned {
  const electionOf = (family: ModelFamily) =>
    boundsFor(family, options.bounds, givenBounds(options)).election;
  const families = asked.filter((family) => isConcerned(family, electionOf(family), ruleSet));
  if (families.length > 0) return { families, others: asked.filter((family) => !families.includes(family)) };
  throw new BadUsage(unconcernedBecause(asked[0], electionOf(asked[0]), ruleSet, asked.length === 1));
}

/** `Not run, because they use none of these rules: rules and tutorial.` */
export const unconcernedLine = (others: readonly ModelFamily[]): string => {
  const names = inWords(
    others.map(({ name }) => name),
    'and',
  );
  return `Not run, because ${others.length === 1 ? 'it uses' : 'they use'} none of these rules: ${names}.`;
};
