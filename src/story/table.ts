/** A trace as text: its table in the words of its model, and the meanings of its signs. */
import { rulesOf } from '../../models/index.js';
import { meaningsOf, type Sign } from '../../models/model/signs.js';
import type { Case } from '../../properties/index.js';
import { layOutTable, wrapped } from '../trace/columns.js';
import { drawnIn, sentencesOf } from '../trace/sentences.js';
import { traceRows } from '../trace/text.js';
import type { Trace } from '../trace/trace.js';

const WIDTH = 100;

/** The lines of a trace, none wider than a terminal. */
export interface TraceText {
  readonly table: readonly string[];
  /** The meanings of the signs that occur in the table; no line if there are none. */
  readonly legend: readonly string[];
}

/** The table and the legend of a trace of a model. */
export function textOf({ family, model, ruleSet }: Case, trace: Trace, columns = WIDTH): TraceText {
  if (family.tabulate !== undefined) {
    const tables = family.tabulate(trace.initial.state, rulesOf(ruleSet));
    const lines = tables.flatMap((rows, i) => [...(i === 0 ? [] : ['']), ...layOutTable(rows, columns)]);
    return { table: lines, legend: [] };
  }
  const { describeServer, describeStart, signs = [] } = family;
  const [steps, drawn] = [sentencesOf(model, trace), drawnIn(model, trace)];
  const rows = traceRows(trace, { describeServer, describeStart, steps, drawn });
  const cells = rows.slice(1).flatMap((row) => row.slice(2));
  return { table: layOutTable(rows, columns), legend: legendOf(cells, signs, columns) };
}

/** The meanings of the signs in these cells. */
export function legendOf(
  cells: readonly string[],
  signs: readonly Sign[],
  columns: number,
): readonly string[] {
  const meanings = meaningsOf(cells, signs);
  return meanings.length === 0 ? [] : linesOf(meanings, columns);
}

/** The meanings beside each other, as many as a line holds. */
function linesOf(meanings: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  for (const meaning of meanings) {
    const last = lines.at(-1);
    const longer = `${last} · ${meaning}`;
    if (last !== undefined && longer.length <= columns - 2) lines[lines.length - 1] = longer;
    else lines.push(...wrapped(meaning, columns - 2));
  }
  return lines.map((line) => `  ${line}`);
}
