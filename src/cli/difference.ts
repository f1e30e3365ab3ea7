/** A schedule after which two rule sets differ: as a table of both, and as a trace of each. */
import { basename } from 'node:path';
import type { Sign } from '../../models/signs.js';
import type { Case } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import type { Difference } from '../report/schemas.js';
import type { Colors } from '../report/terminal.js';
import { decodeStep, Machine, type Model, type Plain, type StructType } from '../spec/index.js';
import { legendOf } from '../story/table.js';
import { layOutTable } from '../trace/columns.js';
import { BRANCH, recordTrace, type Trace } from '../trace/trace.js';
import { VERSION } from './version.js';

/** One model at one bounds under two rule sets. */
export type Pair = readonly [a: Case, b: Case];

/** A server under each rule set, in the words of its model. */
type Servers = NonNullable<Difference['steps']>[number]['servers'];

/** What a schedule of the product does, step by step. */
export interface Comparison {
  readonly start: Servers;
  /** The same, with the credentials of each where they are not all equal. */
  readonly startInWords: Servers;
  readonly steps: NonNullable<Difference['steps']>;
}

/** Runs a schedule of the product of two cases. */
export function compare([{ rung }]: Pair, model: Model<StructType>, schedule: Schedule): Comparison {
  const machine = new Machine(model);
  const { describeServer, describeStart } = rung;
  const servers = (words = (state: Plain, i: number) => describeServer?.(state, i) ?? ''): Servers => {
    const { a, b } = machine.plain() as { readonly a: Plain; readonly b: Plain };
    const { server } = a as { readonly server: readonly Plain[] };
    return server.map((_, i) => ({ a: words(a, i), b: words(b, i) }));
  };
  machine.start(schedule.initial);
  const start = servers();
  const startInWords = servers((state, i) =>
    [describeServer?.(state, i), describeStart?.(state, i)].filter(Boolean).join(', '),
  );
  const steps = schedule.steps.map((code) => {
    const { action, args } = decodeStep(model.actions, code);
    const step = action.says?.(machine.pre, ...args) ?? action.name;
    machine.apply(code);
    machine.advance();
    return { step, servers: servers() };
  });
  return { start, startInWords, steps };
}

const UNCHANGED = '·';

/** The table and its legend. Where the two differ, a second line has the server under the other rule set. */
export function comparisonTable(
  { start, startInWords, steps }: Comparison,
  names: readonly [string, string],
  signs: readonly Sign[],
  { columns, colors }: { readonly columns: number; readonly colors: Colors },
): readonly string[] {
  const heading = ['#', 'step', ...start.map((_, i) => `s${i + 1}`)];
  const first = { step: '(start)', servers: startInWords };
  const rows = [first, ...steps].flatMap(({ step, servers }, k) => {
    const before = k === 0 ? null : k === 1 ? start : steps[k - 2].servers;
    const changed = servers.map((one, i) => before === null || !isSame(one, before[i]));
    const above = servers.map(({ a }, i) => (changed[i] ? a : UNCHANGED));
    const below = servers.map(({ a, b }, i) => (changed[i] && a !== b ? b : ''));
    const upper = [String(k), step, ...above];
    return below.some((cell) => cell !== '')
      ? [upper, ['', `  under ${short(names[1])}`, ...below]]
      : [upper];
  });
  const cells = rows.flatMap((row) => row.slice(2));
  return [
    colors.bold(`  under ${short(names[0])}; below it, where they differ, under ${short(names[1])}`),
    ...layOutTable([heading, ...rows], columns),
    ...legendOf(cells, signs, columns).map(colors.dim),
  ];
}

/** Rules of a file go by its name. */
const short = (rules: string): string => basename(rules);

const isSame = (one: Servers[number], other: Servers[number]): boolean =>
  one.a === other.a && one.b === other.b;

/** The schedule as a trace of each case: the steps of it that its rules admit. */
export const tracesOf = (pair: Pair, schedule: Schedule): readonly [Trace, Trace] => [
  traceOf(pair[0], pair[1], schedule),
  traceOf(pair[1], pair[0], schedule),
];

function traceOf({ model, stated, ruleSet }: Case, other: Case, { initial, steps }: Schedule): Trace {
  const machine = new Machine(model);
  machine.start(initial);
  const taken = steps.filter((code) => {
    if (!machine.admits(code)) return false;
    machine.apply(code);
    machine.advance();
    return true;
  });
  const [mine, theirs] = [ruleSet.name, other.ruleSet.name];
  return recordTrace(
    model,
    { initial, steps: taken },
    {
      tool: VERSION,
      bounds: { ...stated },
      rules: mine,
      claim: BRANCH.name,
      says: `${mine} and ${theirs} elect differently: the steps of that schedule that ${mine} takes.`,
      source: 'fle-check diff',
    },
  );
}
