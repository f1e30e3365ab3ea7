/** What was called of the rules that a rule set overrides, in words. */
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

function useInWords({ rule, calls, differing, all }: Result['rulesUsed'][number]): string {
  if (calls === 0) return `${rule} was never called`;
  const lists = `${all ? '' : 'at least '}${counted(calls, 'argument list')}`;
  return `${rule} called with ${lists}, ${figure(differing)} answered otherwise than by ZooKeeper`;
}

const HOLDS: readonly Checked['verdict'][] = ['holds', 'passed'];
const SAME = 'The rules answered all of these as ZooKeeper does, so the verdict is one about ZooKeeper.';

const sameAsZooKeeper = ({ verdict, rulesUsed }: Checked, of: string): readonly string[] =>
  HOLDS.includes(verdict) && rulesUsed.every(({ differing, all }) => all && differing === 0)
    ? [`${of}${SAME}`]
    : [];
