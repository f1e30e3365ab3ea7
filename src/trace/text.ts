/**
 * A trace as a table for people: a line for each step, a column for each server, and in it only the changes.
 * It knows no model: it reads the array `server` of the state. A model may provide better words for its
 * servers.
 */
import type { Drawn, Plain } from '../language/index.js';
import { layOutTable } from './columns.js';
import { differences } from './difference.js';
import type { Trace } from './trace.js';

/** Describes the server with this index, from 0, in a few words: a cell of the table. */
export type DescribeServer = (state: Plain, index: number) => string;

export interface TextOptions {
  /** Without this function a cell lists the fields that changed. */
  readonly describeServer?: DescribeServer | undefined;
  /** Words to add to a server at the start, if any. */
  readonly describeStart?: DescribeServer | undefined;
  /** The words for each step, in order; without them, its action and arguments. */
  readonly steps?: readonly string[] | undefined;
  /** Each state as its model draws it, in place of columns for the servers. */
  readonly drawn?: readonly Drawn[] | null;
  /** Columns of the terminal to keep within, where words allow it. */
  readonly columns?: number | undefined;
}

type Fields = { readonly [name: string]: Plain };

const UNCHANGED = '·';
const COLUMNS = 100;

/** The lines of the table, the heading first. */
export const traceTable = (trace: Trace, options: TextOptions = {}): readonly string[] =>
  layOutTable(traceRows(trace, options), options.columns ?? COLUMNS);

/** The rows of the table, the heading first. */
export function traceRows(trace: Trace, options: TextOptions = {}): readonly (readonly string[])[] {
  const { drawn = null } = options;
  if (drawn !== null) return drawnRows(trace, drawn, options.steps);
  const states = [trace.initial.state, ...trace.steps.map(({ state }) => state)];
  const views = columnsOf(trace.initial.state, options);
  const rows = states.map((state, i) => [
    String(i),
    stepWords(trace, i, options.steps),
    ...views.map(({ cell }) => (i === 0 ? cell(null, state) : cell(states[i - 1], state))),
  ]);
  const changes = (k: number) => rows.slice(1).some((row) => row[k + 2] !== UNCHANGED);
  const used = views.map(({ optional }, k) => !optional || changes(k));
  const keep = (row: readonly string[]) => row.filter((_, k) => k < 2 || used[k - 2]);
  const heading = ['#', 'step', ...views.map(({ name }) => name)];
  return [heading, ...rows].map(keep);
}

const stepWords = ({ steps }: Trace, i: number, words: TextOptions['steps']): string =>
  i === 0 ? '(start)' : (words?.[i - 1] ?? stepName(steps[i - 1]));

/** A column for each part that the model draws; a part is written out again when its words change. */
function drawnRows(
  trace: Trace,
  drawn: readonly Drawn[],
  words: TextOptions['steps'],
): readonly (readonly string[])[] {
  const parts = Object.keys(drawn[0]);
  const cell = (part: string, i: number) => {
    const now = drawn[i][part] ?? '';
    return i > 0 && drawn[i - 1][part] === now ? UNCHANGED : now;
  };
  const rows = drawn.map((_, i) => [
    String(i),
    stepWords(trace, i, words),
    ...parts.map((part) => cell(part, i)),
  ]);
  return [['#', 'step', ...parts], ...rows];
}

/** `HandleNotification s1 s2`. */
export const stepName = ({ action, args }: Pick<Trace['steps'][number], 'action' | 'args'>): string =>
  [action, ...args].join(' ');

interface Column {
  readonly name: string;
  /** Left out if nothing ever changes in it. */
  readonly optional: boolean;
  /** `before` is null at the start. */
  readonly cell: (before: Plain | null, after: Plain) => string;
}

function columnsOf(state: Plain, { describeServer, describeStart }: TextOptions): readonly Column[] {
  const servers = serversIn(state);
  const cellOf = (part: (state: Plain) => Fields) => (before: Plain | null, after: Plain) =>
    before === null ? scalars(part(after)) : changes(part(before), part(after), servers);
  const columns: Column[] = Array.from({ length: servers }, (_, i) => ({
    name: `s${i + 1}`,
    optional: false,
    cell:
      describeServer === undefined
        ? cellOf((whole) => partOf(whole, i, servers))
        : described(describeServer, describeStart ?? (() => ''), i),
  }));
  if (describeServer !== undefined) return columns;
  const name = servers === 0 ? 'state' : 'besides';
  return [...columns, { name, optional: servers > 0, cell: cellOf((whole) => restOf(whole, servers)) }];
}

const described =
  (describe: DescribeServer, atStart: DescribeServer, index: number): Column['cell'] =>
  (before, after) => {
    const words = describe(after, index);
    const more = before === null ? atStart(after, index) : '';
    if (more !== '') return `${words}, ${more}`;
    return before !== null && describe(before, index) === words ? UNCHANGED : words;
  };

/** The number of servers: the length of the array `server`; 0 if there is none. */
function serversIn(state: Plain): number {
  const { server } = fieldsOf(state);
  return Array.isArray(server) ? server.length : 0;
}

/**
 * The parts of the state that belong to one server: its struct, and its element of every array with an
 * element for each server.
 */
function partOf(state: Plain, index: number, servers: number): Fields {
  const { server, ...others } = fieldsOf(state);
  const shared = Object.entries(others).filter(([, value]) => isPerServer(value, servers));
  const own = shared.map(([name, value]) => [name, (value as readonly Plain[])[index]]);
  return { ...fieldsOf((server as readonly Plain[])[index]), ...Object.fromEntries(own) };
}

/** Shared state: the parts that belong to no server. */
const restOf = (state: Plain, servers: number): Fields =>
  Object.fromEntries(Object.entries(fieldsOf(state)).filter(([, value]) => !isPerServer(value, servers)));

const isPerServer = (value: Plain, servers: number): boolean =>
  servers > 0 && Array.isArray(value) && value.length === servers;

const fieldsOf = (value: Plain | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** The fields that are no struct and no list, for the first line. */
function scalars(part: Fields): string {
  const simple = Object.entries(part).filter(([, value]) => typeof value !== 'object' && value !== false);
  return simple.length === 0
    ? UNCHANGED
    : simple.map(([name, value]) => `${name}=${short(value as Plain)}`).join(' ');
}

function changes(before: Fields, after: Fields, servers: number): string {
  const words = Object.keys(after).flatMap((name) => change(name, before[name], after[name], servers));
  return words.length === 0 ? UNCHANGED : words.join(' ');
}

/** `field=value` for each part that changed; lists element by element, structs within them whole. */
function change(name: string, before: Plain | undefined, after: Plain, servers: number): string[] {
  if (differences(before, after).length === 0) return [];
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) {
    return [`${name}=${short(after)}`];
  }
  return after.flatMap((element: Plain, i: number) => {
    const at = after.length === servers ? `.s${i + 1}` : `[${i}]`;
    return change(name + at, before[i], element, servers);
  });
}

/** Values without the names of their fields: `(s2 1 LOOKING)`; `-` for what does not exist. */
function short(value: Plain): string {
  if (value === null) return '-';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(short).join(' ')}]`;
  return `(${Object.values(value).map(short).join(' ')})`;
}
