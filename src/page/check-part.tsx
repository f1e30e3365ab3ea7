/** What `check` has found, model by model. */
import type { CheckPart } from '../report/page-data.js';
import { Bars, Depths, Growth } from './plots.js';
import { counted, duration, figure, Made, Reason, Scrolling, Table, Verdict, Violation } from './words.js';

type Checked = CheckPart['checked'][number];

const COLUMNS = [
  { head: 'model' },
  { head: 'bounds' },
  { head: 'rules' },
  { head: 'states', right: true },
  { head: 'transitions', right: true },
  { head: 'depth', right: true },
  { head: 'claims', right: true },
  { head: 'witnesses', right: true },
  { head: 'verdict' },
  { head: 'time', right: true },
];

export function CheckSection({ part }: { readonly part: CheckPart }) {
  return (
    <section id="check" class="part">
      <h2>Explored exhaustively</h2>
      <Made {...part} />
      <Scrolling label="Models checked">
        <Table caption="Models checked" columns={COLUMNS} rows={part.checked.map(rowOf)} />
      </Scrolling>
      {part.checked.map((one) => one.run && <Model key={one.result.model} one={one} />)}
    </section>
  );
}

function rowOf({ result, boundsInWords, run }: Checked) {
  const { model, rules, distinct, generated, depth, claims, witnesses, verdict, seconds } = result;
  const steps = Object.values(witnesses);
  const figures = [
    figure(distinct),
    figure(generated),
    figure(depth),
    figure(claims.length),
    `${steps.filter((length) => length !== null).length} / ${steps.length}`,
    <Verdict key="verdict" of={verdict} />,
    duration(seconds),
  ];
  const name = run ? <a href={`#${idOf(model)}`}>{model}</a> : model;
  const none = ['-', '-', '-', '-', '-', <Verdict key="verdict" of="not run" />, '-'];
  return [name, boundsInWords, <code key="rules">{rules}</code>, ...(run ? figures : none)];
}

const idOf = (model: string): string => `check-${model}`;

function Model({ one }: { readonly one: Checked }) {
  const { result, violation, levels, growth, resumedAt } = one;
  const { model, rules, verdict, reason, generated } = result;
  return (
    <article id={idOf(model)}>
      <h3>
        {model} <Verdict of={verdict} />
      </h3>
      <Reason>{violation === null ? reason : null}</Reason>
      {violation !== null && <Violation {...violation} />}
      <p class="faint">
        {one.boundsInWords}; rules <code>{rules}</code>
        {resumedAt !== null && `; resumed at ${counted(resumedAt, 'state')}`}
      </p>
      <div class="columns">
        <div>
          {Object.keys(result.actions).length > 0 && (
            <Bars caption={`${counted(generated, 'transition')}, by action`} bars={barsOf(one)} />
          )}
          <Witnesses one={one} />
        </div>
        <div>
          {levels.length > 0 && <Depths levels={levels} />}
          {growth.length > 0 && <Growth points={growth} />}
          <Claims one={one} />
          <RulesUsed one={one} />
        </div>
      </div>
    </article>
  );
}

/** What was called of the rules that were overridden. */
function RulesUsed({ one: { result } }: { readonly one: Checked }) {
  if (result.rulesUsed.length === 0) return null;
  const columns = [
    { head: 'rule' },
    { head: 'argument lists', right: true },
    { head: 'unlike ZooKeeper', right: true },
  ];
  const rows = result.rulesUsed.map(({ rule, calls, differing }) => [
    <code key="rule">{rule}</code>,
    figure(calls),
    figure(differing),
  ]);
  return <Table caption="Rules that were overridden, as they were called" columns={columns} rows={rows} />;
}

function Claims({ one: { result, violation } }: { readonly one: Checked }) {
  return (
    <>
      <h4>{counted(result.claims.length, 'claim')} checked</h4>
      <ul class="names">
        {result.claims.map((name) => (
          <li key={name} class={name === violation?.claim ? 'broken' : ''}>
            <code>{name}</code>
            {name === violation?.claim && ' violated'}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Nothing is missed that the bounds exclude, nor that a search was not there to take. */
function barsOf(one: Checked) {
  const open = one.violation === null ? 'not taken so far' : 'not taken before the violation';
  return Object.entries(one.result.actions).map(([name, count]) => {
    const because = one.excludedActions[name];
    if (because !== undefined) return { name, count, zero: `excluded: ${because}`, tone: 'faint' as const };
    if (one.result.complete) return { name, count, zero: 'never taken', tone: 'never' as const };
    return { name, count, zero: open, tone: 'open' as const };
  });
}

function Witnesses({ one }: { readonly one: Checked }) {
  const { witnesses, excluded } = one.result;
  const open =
    one.violation === null ? 'not found so far' : 'not sought to the end: the violation came first';
  const missing = one.result.complete ? (
    <span class="broken">not found</span>
  ) : (
    <span class="faint">{open}</span>
  );
  const found = Object.entries(witnesses).map(([name, steps]) => [
    <code key="name">{name}</code>,
    steps === null ? missing : figure(steps),
  ]);
  const left = Object.entries(excluded).map(([name, because]) => [
    <code key="name">{name}</code>,
    <span key="steps" class="because">{`excluded: ${because}`}</span>,
  ]);
  if (found.length + left.length === 0) return null;
  const columns = [{ head: 'witness' }, { head: 'steps', right: true }];
  return <Table caption="Witnesses, by a shortest way" columns={columns} rows={[...found, ...left]} />;
}
