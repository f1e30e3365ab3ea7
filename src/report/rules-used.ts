/** How often the rules that a rule set overrides were called, in words. */
import type { ExplorationResult, Result } from './schemas.js';
import { counted, figure } from './terminal.js';

type Checked = Pick<Result, 'model' | 'rulesUsed'> & {
  readonly verdict: (Result | ExplorationResult)['verdict'];
};

/** A line for each model whose rules were overridden; another if they never made a difference. */
export const rulesUsedLines = (results: readonly Checked[]): readonly string[] =>
  results
    .filter(({ rulesUsed }) => rulesUsed.length > 0)
    .flatMap((result) => {
      const of = results.length === 1 ? '' : `${result.model}: `;
      return [`Rules:  ${of}${result.rulesUsed.map(useInWords).join('; ')}`, ...sameAsZooKeeper(result, of)];
    });

/** A rule set that was compared with another. */
interface Compared {
  readonly rules: string;
  readonly rulesUsed: Result['rulesUsed'];
}

/** A line for each of two rule sets that overrides rules, with its name if both do. */
export function comparedRulesLines(pair: readonly Compared[], isAlike: boolean): readonly string[] {
  const used = pair.filter(({ rulesUsed }) => rulesUsed.length > 0);
  return used.flatMap(({ rules, rulesUsed }) => {
    const of = used.length === 1 ? '' : `${rules}: `;
    const line = `Rules:  ${of}${rulesUsed.map(useInWords).join('; ')}`;
    return isAlike && areAsInZooKeeper(rulesUsed) ? [line, `${of}${AS_IN_ZOOKEEPER}.`] : [line];
  });
}

function useInWords({ rule, constant, calls, differing, all }: Result['rulesUsed'][number]): string {
  if (calls === 0) return `${rule} was never ${constant ? 'read' : 'called'}`;
  if (constant) return `${rule} was read, and ${differing > 0 ? 'differs from' : 'equals'} ZooKeeper's`;
  const lists = `${all ? '' : 'at least '}${counted(calls, 'argument list')}`;
  return `${rule} called with ${lists}; ${counted(differing, 'answer')} unlike ZooKeeper's`;
}

/** `8 of 62 answers unlike ZooKeeper's`, for each rule that is a function; empty if none is. */
export const answersInWords = (rulesUsed: Result['rulesUsed']): string =>
  rulesUsed
    .filter(({ constant }) => !constant)
    .map(({ calls, differing, all }) => {
      const of = `${all ? '' : 'at least '}${figure(differing)} of ${counted(calls, 'answer')}`;
      return `${of} unlike ZooKeeper's`;
    })
    .join(', ');

const HOLDS: readonly Checked['verdict'][] = ['holds', 'passed'];
const AS_IN_ZOOKEEPER = 'The rules answered all of these as ZooKeeper does';
const SAME = `${AS_IN_ZOOKEEPER}, so the verdict is about ZooKeeper's rules.`;

const sameAsZooKeeper = ({ verdict, rulesUsed }: Checked, of: string): readonly string[] =>
  HOLDS.includes(verdict) && areAsInZooKeeper(rulesUsed) ? [`${of}${SAME}`] : [];

const areAsInZooKeeper = (rulesUsed: Result['rulesUsed']): boolean =>
  rulesUsed.every(({ differing, all }) => all && differing === 0);
