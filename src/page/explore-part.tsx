/** What `explore` has met, model by model. */
import type { ExplorePart } from '../report/page-data.js';
import { Bars } from './plots.js';
import { counted, duration, figure, Made, Reason, Scrolling, Table, Verdict, Violation } from './words.js';

type Explored = ExplorePart['explored'][number];

const COLUMNS = [
  { head: 'model' },
  { head: 'rules' },
  { head: 'seed', right: true },
  { head: 'runs', right: true },
  { head: 'walks', right: true },
  { head: 'steps', right: true },
  { head: 'longest', right: true },
  { head: 'claims', right: true },
  { head: 'witnesses seen', right: true },
  { head: 'verdict' },
  { head: 'time', right: true },
];

export function ExploreSection({ part }: { readonly part: ExplorePart }) {
  return (
    <section id="explore" class="part">
      <h2>Explored at random</h2>
      <Made {...part} />
      <Scrolling label="Models explored">
        <Table caption="Models explored" columns={COLUMNS} rows={part.explored.map(rowOf)} />
      </Scrolling>
      {part.explored.map((one) => (
        <Model key={one.result.model} one={one} />
      ))}
    </section>
  );
}

const idOf = (model: string): string => `explore-${model}`;

function rowOf({ result }: Explored) {
  const { model, rules, seed, runs, walks, steps, longest, claims, witnesses, verdict, seconds } = result;
  const seen = Object.values(witnesses);
  return [
    <a key="model" href={`#${idOf(model)}`}>
      {model}
    </a>,
    <code key="rules">{rules}</code>,
    String(seed),
    figure(runs),
    figure(walks),
    figure(steps),
    figure(longest),
    figure(claims.length),
    `${seen.filter((times) => times > 0).length} / ${seen.length}`,
    <Verdict key="verdict" of={verdict} />,
    duration(seconds),
  ];
}

function Model({ one }: { readonly one: Explored }) {
  const { result, violation, reduction, boundsInWords, repeat } = one;
  const { model, verdict, reason, steps, replayed } = result;
  return (
    <article id={idOf(model)}>
      <h3>
        {model} <Verdict of={verdict} />
      </h3>
      <Reason>{violation === null ? reason : null}</Reason>
      {violation !== null && <Violation {...violation} />}
      <Reason>{reduction}</Reason>
      {boundsInWords.length > 0 && <Bounds words={boundsInWords} />}
      {repeat !== null && (
        <p class="faint">
          Repeat: <code>{repeat}</code>
        </p>
      )}
      <div class="columns">
        <Bars caption={`${counted(steps, 'step')}, by action`} bars={barsOf(one)} />
        <Witnesses one={one} />
      </div>
      {replayed.length > 0 && <Replayed one={one} />}
    </article>
  );
}

function Bounds({ words }: { readonly words: readonly string[] }) {
  return (
    <>
      <p class="faint">Each run at {words.length === 1 ? 'these bounds' : 'one of these bounds'}:</p>
      <ul class="bounds faint">
        {words.map((each) => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </>
  );
}

/** What a violation or an interrupt ended early was not there to be taken. */
const barsOf = ({ result: { actions, neverTaken, verdict } }: Explored) =>
  Object.entries(actions).map(([name, count]) => {
    if (!neverTaken.includes(name))
      return { name, count, zero: 'excluded by these bounds', tone: 'faint' as const };
    if (verdict === 'passed') return { name, count, zero: 'never taken', tone: 'never' as const };
    return { name, count, zero: 'not taken so far', tone: 'open' as const };
  });

function Witnesses({ one: { result } }: { readonly one: Explored }) {
  const rows = Object.entries(result.witnesses).map(([name, times]) => [
    <code key="name">{name}</code>,
    times === 0 ? (
      <span key="times" class="faint">
        not seen
      </span>
    ) : (
      figure(times)
    ),
  ]);
  if (rows.length === 0) return null;
  const columns = [{ head: 'witness' }, { head: 'runs', right: true }];
  return <Table caption={`Witnesses, of ${counted(result.runs, 'run')}`} columns={columns} rows={rows} />;
}

function Replayed({ one: { result } }: { readonly one: Explored }) {
  const rows = result.replayed.map(({ failure, outcome, because }) => [
    <code key="failure">{failure}</code>,
    <Verdict key="outcome" of={outcome} />,
    because ?? '',
  ]);
  const columns = [{ head: 'failure' }, { head: 'outcome' }, { head: 'because' }];
  return <Table caption="Stored failures, replayed first" columns={columns} rows={rows} />;
}
