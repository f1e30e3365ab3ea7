import { expect, test } from 'vitest';
import { runHeading, tableHeading, tableRow } from './check-table.js';
import { RESULT } from './formats.js';
import { columnsOf, tableColumnsOf } from './paragraph.js';
import type { Result } from './schemas.js';
import { type Checked, colorsFor } from './terminal.js';

const result: Result = {
  ...RESULT,
  model: 'fast-leader-election',
  bounds: { servers: 3 },
  rules: 'correct',
  reductions: null,
  verdict: 'holds',
  reason: null,
  unmet: [],
  complete: true,
  distinct: 3_900_309,
  generated: 20_970_363,
  depth: 35,
  seconds: 2.94,
  actions: {},
  claims: ['a', 'b'],
  witnesses: { leads: 3, twoLeadersAtOneClock: null },
  violation: null,
  excluded: {},
  collisions: 0,
  renamings: null,
  rulesUsed: [],
  bytes: 0,
};
const BOUNDS =
  '3 servers, 2 rounds, 1 crash, 1 abandon, 1 slot, any start order, epochs and zxids 0..1, all 7 reductions';
const checked = (change: Partial<Result> = {}, run = true): Checked => ({
  result: { ...result, ...change },
  boundsInWords: BOUNDS,
  run,
});
const layout = { models: ['tutorial', 'fast-leader-election'], columns: 80, colors: colorsFor({}) };
const rows = (...all: readonly Checked[]) => [
  tableHeading(layout),
  ...all.flatMap((one) => tableRow(one, layout)),
];

test('a row has what was measured, and below it what was asked', () => {
  const limited = checked({ model: 'tutorial', verdict: 'inconclusive', claims: ['a'], seconds: 4211.6 });
  const text = rows(checked(), limited, checked({}, false)).join('\n');
  expect(`\n${text}\n`).toMatchInlineSnapshot(`
    "
    model                      states    transitions  depth  verdict           time
    fast-leader-election    3,900,309     20,970,363     35  holds            2.9 s
      3 servers, 2 rounds, 1 crash, 1 abandon, 1 slot, any start order,
      epochs and zxids 0..1, all 7 reductions; 2 claims, 1 / 2 witnesses
    tutorial                3,900,309     20,970,363     35  inconclusive   4,212 s
      3 servers, 2 rounds, 1 crash, 1 abandon, 1 slot, any start order,
      epochs and zxids 0..1, all 7 reductions; 1 claim, 1 / 2 witnesses
    fast-leader-election            -              -      -  not run              -
      3 servers, 2 rounds, 1 crash, 1 abandon, 1 slot, any start order,
      epochs and zxids 0..1, all 7 reductions
    "
  `);
});

test('no line is longer than 80 columns, with millions of states and hours too', () => {
  const large = checked({
    distinct: 987_654_321,
    generated: 9_876_543_210,
    depth: 98_765,
    seconds: 35_999,
  });
  for (const line of rows(large)) expect(line.length).toBeLessThanOrEqual(80);
});

test('a wider terminal is filled, to 100 columns', () => {
  expect([undefined, 40, 80, 93, 100, 211].map((columns) => columnsOf({ columns }))).toEqual([
    80, 80, 80, 93, 100, 100,
  ]);
  expect(tableRow(checked(), { ...layout, columns: 100 })).toHaveLength(3);
  const [, bounds] = tableRow(checked(), { ...layout, columns: 100 });
  expect(bounds.length).toBeGreaterThan(80);
});

test('a table of states is as wide as the terminal, and 100 columns in a pipe', () => {
  expect([undefined, 80, 120].map((columns) => tableColumnsOf({ columns }))).toEqual([100, 80, 100]);
});

test('what runs is said in a line, or two if its rules have a long name', () => {
  expect(runHeading(['fle-check 0.1.0', 'Node 20.19.0', '2 workers', 'rules correct'])).toEqual([
    'fle-check 0.1.0 · Node 20.19.0 · 2 workers · rules correct',
  ]);
  const [, rules] = runHeading([
    'fle-check 0.1.0',
    'Node 20.19.0',
    '2 workers',
    `rules ${'x'.repeat(50)}.ts`,
  ]);
  expect(rules).toBe(`  rules ${'x'.repeat(50)}.ts`);
});
