/** The index of a report: what `check`, `explore` and `mutants` have found, as far as they have run. */
import './report.css';
import type { CheckPart, ReportPage } from '../report/page-data.js';
import { CheckSection } from './check-part.js';
import { ExploreSection } from './explore-part.js';
import { MutantsSection, trialsInWords } from './mutants-part.js';
import { counted, ViolationLink } from './words.js';

export function Report({ page: { check, explore, mutants } }: { readonly page: ReportPage }) {
  return (
    <main class="report">
      <h1>Report of fle-check</h1>
      <ul class="summary" aria-label="Parts of the report">
        {check !== null && (
          <li>
            <a href="#check">Explored exhaustively</a>: {verdictsInWords(check.checked)}
            <Violations of={check.checked} />
          </li>
        )}
        {explore !== null && (
          <li>
            <a href="#explore">Explored at random</a>: {verdictsInWords(explore.explored)}
            <Violations of={explore.explored} />
          </li>
        )}
        {mutants !== null && (
          <li>
            <a href="#mutants">Rule sets on trial</a>: {trialsInWords(mutants)}
          </li>
        )}
      </ul>
      {check !== null && <CheckSection part={check} />}
      {explore !== null && <ExploreSection part={explore} />}
      {mutants !== null && <MutantsSection part={mutants} />}
    </main>
  );
}

type Judged = readonly (Pick<CheckPart['checked'][number], 'violation'> & {
  readonly result: { readonly model: string; readonly verdict: string };
})[];

/** `6 models: 5 hold, 1 violated`. */
function verdictsInWords(all: Judged): string {
  const counts = ['holds', 'passed', 'violated', 'inconclusive'].flatMap((verdict) => {
    const count = all.filter(({ result }) => result.verdict === verdict).length;
    const word = verdict === 'holds' && count > 1 ? 'hold' : verdict;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return `${counted(all.length, 'model')}: ${counts.join(', ')}`;
}

function Violations({ of }: { readonly of: Judged }) {
  const violated = of.flatMap(({ result, violation }) =>
    violation === null ? [] : [{ model: result.model, violation }],
  );
  if (violated.length === 0) return null;
  return (
    <ul class="violations">
      {violated.map(({ model, violation }) => (
        <li key={model}>
          {model}: <ViolationLink {...violation} />
        </li>
      ))}
    </ul>
  );
}
