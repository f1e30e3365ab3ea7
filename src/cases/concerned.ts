/** Which models a rule set is about: a verdict of another would say nothing about it. */
import type { RuleSet, Rung } from '../../models/index.js';
import { BadUsage } from '../process/usage.js';
import { inWords, isConcerned, unconcernedBecause } from '../rules-file/accounting.js';
import { type BoundOptions, boundsFor, givenBounds } from './choices.js';

export interface Concerned {
  readonly rungs: readonly Rung[];
  /** Those that use none of the rules. */
  readonly others: readonly Rung[];
}

/** The models that a rule set is about. Throws `BadUsage` if there is none among those asked for. */
export function concernedBy(ruleSet: RuleSet, asked: readonly Rung[], options: BoundOptions): Concerned {
  const electionOf = (rung: Rung) => boundsFor(rung, options.bounds, givenBounds(options)).election;
  const rungs = asked.filter((rung) => isConcerned(rung, electionOf(rung), ruleSet));
  if (rungs.length > 0) return { rungs, others: asked.filter((rung) => !rungs.includes(rung)) };
  throw new BadUsage(unconcernedBecause(asked[0], electionOf(asked[0]), ruleSet, asked.length === 1));
}

/** `Not run, because they use none of these rules: rules and tutorial.` */
export const unconcernedLine = (others: readonly Rung[]): string => {
  const names = inWords(
    others.map(({ name }) => name),
    'and',
  );
  return `Not run, because ${others.length === 1 ? 'it uses' : 'they use'} none of these rules: ${names}.`;
};
