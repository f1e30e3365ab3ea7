/** The kill matrix: which claim catches which rule set, and after how many steps. */
import type { MutantsPart } from '../report/page-data.js';
import { counted, duration, figure, Made, Reason, Scrolling } from './words.js';

type Row = MutantsPart['rows'][number];

export function MutantsSection({ part }: { readonly part: MutantsPart }) {
  const { rows, trials } = part;
  const models = [...new Set(rows.map(({ model }) => model))];
  return (
    <section id="mutants" class="part">
      <h2>Rule sets on trial</h2>
      <Made {...part} />
      <p>{trialsInWords(part)}</p>
      <Reason>
        {rows.length < trials
          ? `Inconclusive: interrupted after ${rows.length} of ${counted(trials, 'trial')}.`
          : null}
      </Reason>
      <p class="faint">
        A figure is the steps of a shortest trace to a violation of the claim above it; a star marks the claim
        that must catch the rule set. At random are the steps that random exploration ends with.
      </p>
      {models.map((model) => (
        <Matrix key={model} model={model} rows={rows.filter((row) => row.model === model)} />
      ))}
    </section>
  );
}

/** `25 killed, 9 survive as declared, 0 unexplained`. */
export function trialsInWords({ rows }: MutantsPart): string {
  const count = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  const survive = `${count('survives')} survive as declared`;
  return `${counted(rows.length, 'trial')}: ${count('killed')} killed, ${survive}, ${count('unexplained')} unexplained`;
}

function Matrix({ model, rows }: { readonly model: string; readonly rows: readonly Row[] }) {
  const claims = [...new Set(rows.flatMap(claimsOf))];
  const hasRandom = rows.some(({ random }) => random !== null);
  return (
    <article id={`mutants-${model}`}>
      <h3>{model}</h3>
      <Scrolling label={`Kill matrix of ${model}`}>
        <table class="matrix">
          <caption class="unseen">Kill matrix of {model}</caption>
          <thead>
            <tr>
              <th scope="col">rule set</th>
              {claims.map((claim) => (
                <th key={claim} scope="col" class="claim">
                  <span>{claim}</span>
                </th>
              ))}
              {hasRandom && (
                <th scope="col" class="right">
                  at random
                </th>
              )}
              <th scope="col" class="right">
                time
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <MatrixRow key={row.ruleSet} row={row} claims={claims} hasRandom={hasRandom} />
            ))}
          </tbody>
        </table>
      </Scrolling>
    </article>
  );
}

/** The expected claim first, so that most stars stand near the left. */
const claimsOf = ({ expected, failures }: Row): readonly string[] => [
  ...(expected === null ? [] : [expected]),
  ...failures.map(({ claim }) => claim),
];

interface RowProps {
  readonly row: Row;
  readonly claims: readonly string[];
  readonly hasRandom: boolean;
}

function MatrixRow({ row, claims, hasRandom }: RowProps) {
  const { ruleSet, says, verdict, because, rulesUsed, seconds, random } = row;
  const isUnexplained = verdict === 'unexplained';
  return (
    <tr class={isUnexplained ? 'unexplained' : ''}>
      <th scope="row">
        <code>{ruleSet}</code>
        <span class="says">{says}</span>
        {isUnexplained && <strong class="says">unexplained: {because}</strong>}
        {verdict === 'survives' && <span class="says survives">survives: {because}</span>}
        {rulesUsed.map((use) => (
          <span key={use.rule} class="says faint">
            {useInWords(use)}
          </span>
        ))}
      </th>
      {claims.map((claim) => (
        <Cell key={claim} row={row} claim={claim} />
      ))}
      {hasRandom && <td class="right">{atRandom(row)}</td>}
      <td class="right">{duration(seconds + (random?.seconds ?? 0))}</td>
    </tr>
  );
}

/** `totalOrderPredicate: 8 of 62 answers unlike ZooKeeper's`, or whether a constant is. */
function useInWords({ rule, constant, calls, differing, all }: Row['rulesUsed'][number]): string {
  if (constant) return `${rule}: read, ${differing > 0 ? 'unlike' : 'as'} ZooKeeper's`;
  const least = all ? '' : 'at least ';
  return `${rule}: ${least}${figure(differing)} of ${counted(calls, 'answer')} unlike ZooKeeper's`;
}

function Cell({ row: { expected, failures }, claim }: { readonly row: Row; readonly claim: string }) {
  const failure = failures.find((one) => one.claim === claim);
  const isExpected = claim === expected;
  if (failure === undefined) return <td class={isExpected ? 'missed' : ''}>{isExpected ? 'holds' : ''}</td>;
  if (!isExpected) return <td>{figure(failure.steps)}</td>;
  return (
    <td class="expected">
      {figure(failure.steps)} <span title="expected">★</span>
    </td>
  );
}

/** The steps at random; they may be others, at other bounds. */
function atRandom({ random }: Row): string {
  if (random === null || random.runs === 0) return '-';
  const { violation, runs } = random;
  return violation === null ? `not in ${counted(runs, 'run')}` : figure(violation.steps);
}
