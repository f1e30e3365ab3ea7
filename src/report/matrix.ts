/**
 * The kill matrix: for each rule set, and each model in which it makes a difference, the claims that fail and
 * the steps to each. `mutants --json` writes it; here it is a table.
 */
import { layOutTable } from '../trace/columns.js';
import { unbroken, withSpaces } from './paragraph.js';
import { answersInWords } from './rules-used.js';
import type { RandomPart, Row } from './schemas.js';
import { type Colors, counted } from './terminal.js';

const DECLARED = unbroken('* is the declared one');
const HEADING = ['rule set', `claims that fail, with the steps to each; ${DECLARED}`, 'time'];

/** A section for each model, a row for each rule set, within this number of columns. */
export function matrixLines(rows: readonly Row[], columns: number, colors: Colors): readonly string[] {
  const models = [...new Set(rows.map(({ model }) => model))];
  return models.flatMap((model) => {
    const own = rows.filter((row) => row.model === model);
    const cells = own.map((row) => [row.ruleSet, told(row), secondsOf(row)]);
    const [heading, ...lines] = layOutTable([HEADING, ...cells], columns).map(withSpaces);
    return [colors.bold(model), colors.dim(heading), ...lines, ''];
  });
}

/** `0.2 + 1.6 s`: by breadth-first search, and at random. */
const secondsOf = ({ seconds, random }: Row): string =>
  `${[seconds, ...(random === null ? [] : [random.seconds])].map((each) => each.toFixed(1)).join(' + ')} s`;

/**
 * `* singleLeaderPerEpoch 13 (random 13), oneAckPerEpoch 11`; or why it survives, with the answers of its
 * rules; or the unexplained difference.
 */
function told({ expected, verdict, because, failures, rulesUsed, random }: Row): string {
  const failed = failures
    .map(({ claim, steps }) => {
      if (claim !== expected) return unbroken(`${claim} ${steps}`);
      const met = random === null ? '' : ` (${unbroken(`random ${atRandom(random, steps)}`)})`;
      return `${unbroken(`* ${claim} ${steps}`)}${met}`;
    })
    .join(', ');
  if (verdict === 'killed') return failed;
  if (verdict === 'survives') {
    const answers = answersInWords(rulesUsed);
    return `survives${answers === '' ? '' : `, ${answers}`}: ${because}`;
  }
  return `UNEXPLAINED: ${because}${failed === '' ? '' : `; fails: ${failed}`}`;
}

/** The steps at random, next to those at the declared bounds; `-` if there is nothing to run. */
function atRandom({ violation, runs }: RandomPart, steps: number): string {
  if (runs === 0) return '-';
  if (violation === null) return `not in ${counted(runs, 'run')}`;
  return violation.steps === steps ? String(steps) : `${violation.steps}, at other bounds`;
}

/** `25 killed, 9 survive as declared, 0 unexplained`. */
export function matrixSummary(rows: readonly Row[]): string {
  const count = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  return `${counted(rows.length, 'trial')}: ${count('killed')} killed, ${count('survives')} survive as declared, ${count('unexplained')} unexplained`;
}
