/** A schedule after which two rule sets differ: as a table of both, and as a trace of each. */
import type { Sign } from '../../models/model/signs.js';
import type { Case } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import { Machine, type Plain } from '../language/index.js';
import { VERSION } from '../process/version.js';
import { paragraph } from '../report/paragraph.js';
import type { Difference } from '../report/schemas.js';
import type { Colors } from '../report/terminal.js';
import { legendOf } from '../story/table.js';
import { layOutTable } from '../trace/columns.js';
import { sentencesOf } from '../trace/sentences.js';
import { BRANCH, recordTrace, type Trace } from '../trace/trace.js';

/** One model at one bounds under two rule sets. */
export type Pair = readonly [a: Case, b: Case];

/** A step and each server after it, under each rule set. */
type Step = NonNullable<Difference['steps']>[number];
type Servers = Step['servers'];

/** A schedule of the product under each rule set, step by step. */
export interface Comparison {
  readonly start: Servers;
  /** The same, with the credentials of each server if they are not all equal. */
  readonly startInWords: Servers;
  readonly steps: readonly Step[];
  /** The steps that each rule set admits. */
  readonly traces: readonly [Trace, Trace];
}

/** Runs a schedule of the product of two cases under each. */
export function compare(pair: Pair, schedule: Schedule): Comparison {
  const [a, b] = [runOf(pair[0], pair[1], schedule), runOf(pair[1], pair[0], schedule)];
  const { describeServer, describeStart } = pair[0].family;
  const describe = (state: Plain, i: number) => describeServer?.(state, i) ?? '';
  const atStart = (state: Plain, i: number) =>
    [describe(state, i), describeStart?.(state, i)].filter(Boolean).join(', ');
  const servers = (k: number, words = describe): Servers => {
    const { server } = a.states[k] as { readonly server: readonly Plain[] };
    return server.map((_, i) => ({ a: words(a.states[k], i), b: words(b.states[k], i) }));
  };
  const steps = schedule.steps.map((_, k) => ({
    step: { a: a.words[k], b: b.words[k] },
    servers: servers(k + 1),
  }));
  return { start: servers(0), startInWords: servers(0, atStart), steps, traces: [a.trace, b.trace] };
}

/** A schedule of the product under one of its rule sets. */
interface Run {
  /** The steps that the rules admit. */
  readonly trace: Trace;
  /** Each step of the schedule in the words of the model; null for one that the rules do not admit. */
  readonly words: readonly (string | null)[];
  /** The state before the first step, and the state after each. */
  readonly states: readonly Plain[];
}

function runOf(one: Case, other: Case, schedule: Schedule): Run {
  const admitted = admittedOf(one, schedule);
  const trace = traceOf(one, other, {
    initial: schedule.initial,
    steps: schedule.steps.filter((_, k) => admitted[k]),
  });
  const sentences = sentencesOf(one.model, trace);
  const words: (string | null)[] = [];
  const states: Plain[] = [trace.initial.state];
  let taken = 0;
  for (const isAdmitted of admitted) {
    words.push(isAdmitted ? sentences[taken] : null);
    if (isAdmitted) taken++;
    states.push(taken === 0 ? trace.initial.state : trace.steps[taken - 1].state);
  }
  return { trace, words, states };
}

/** For each step of a schedule, whether the rules of a case admit it. If not, the state stays as it is. */
function admittedOf({ model }: Case, { initial, steps }: Schedule): readonly boolean[] {
  const machine = new Machine(model);
  machine.start(initial);
  return steps.map((code) => {
    if (!machine.admits(code)) return false;
    machine.apply(code);
    machine.advance();
    return true;
  });
}

function traceOf({ model, stated, ruleSet }: Case, other: Case, schedule: Schedule): Trace {
  const [mine, theirs] = [ruleSet.name, other.ruleSet.name];
  return recordTrace(model, schedule, {
    tool: VERSION,
    bounds: { ...stated },
    rules: mine,
    claim: BRANCH.name,
    says: `${mine} and ${theirs} elect differently: these are the steps of the schedule that ${mine} takes.`,
    source: 'fle-check diff',
  });
}

const UNCHANGED = '·';
/** The cell of a step that a rule set does not admit. */
const NO_STEP = 'no step';

/**
 * The table and its legend. A row has a step under the first rule set. A second row has the difference under
 * the other: in the words of the step, and in the servers.
 */
export function comparisonTable(
  { start, startInWords, steps }: Comparison,
  names: readonly [string, string],
  signs: readonly Sign[],
  { columns, colors }: { readonly columns: number; readonly colors: Colors },
): readonly string[] {
  const [mine, theirs] = names;
  const heading = ['#', 'step', ...start.map((_, i) => `s${i + 1}`)];
  const first = { step: { a: '(start)', b: '(start)' }, servers: startInWords };
  const rows = [first, ...steps].flatMap(({ step, servers }, k) => {
    const before = k === 0 ? null : k === 1 ? start : steps[k - 2].servers;
    const changed = servers.map((one, i) => before === null || !isEqual(one, before[i]));
    const above = servers.map(({ a }, i) => (changed[i] ? a : UNCHANGED));
    const below = servers.map(({ a, b }, i) => (changed[i] && a !== b ? b : ''));
    const upper = [String(k), step.a ?? `(${NO_STEP})`, ...above];
    if (step.a === step.b && below.every((cell) => cell === '')) return [upper];
    const words = step.a === step.b ? '' : `: ${step.b ?? NO_STEP}`;
    return [upper, ['', `under ${theirs}${words}`, ...below]];
  });
  const cells = rows.flatMap((row) => row.slice(2));
  const head = `  Each row has a step under ${mine}, and below it the difference under ${theirs}.`;
  return [
    ...paragraph(head, columns, '  ').map(colors.bold),
    ...layOutTable([heading, ...rows], columns),
    ...legendOf(cells, signs, columns).map(colors.dim),
  ];
}

/**
 * The names of two rule sets, to be read beside each other. A file is named by as much of the end of its path
 * as makes the two differ.
 */
export function shortNames([a, b]: Pair): readonly [string, string] {
  const paths = [a, b].map(({ ruleSet }) => ruleSet.name.split(/[\\/]/));
  const end = (path: readonly string[], parts: number) => path.slice(-parts).join('/');
  const most = Math.max(...paths.map(({ length }) => length));
  let parts = 1;
  while (parts < most && end(paths[0], parts) === end(paths[1], parts)) parts++;
  return [end(paths[0], parts), end(paths[1], parts)];
}

const isEqual = (one: Servers[number], other: Servers[number]): boolean =>
  one.a === other.a && one.b === other.b;
