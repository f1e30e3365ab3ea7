import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutTable } from './columns.js';
import { traceTable } from './text.js';
import type { Trace } from './trace.js';

const looking = (proposal: string, recvset: null | object = null) => ({
  role: 'LOOKING',
  logicalclock: 1,
  proposal,
  waiting: false,
  recvset: [null, recvset],
});
const off = { role: 'OFF', logicalclock: 0, proposal: 's1', waiting: false, recvset: [null, null] };
const state = (server: object[], channel: object, crashes: number) => ({ server, channel, crashes });
const vote = { leader: 's2', zxid: 0 };

const trace = {
  model: 'sketch',
  initial: {
    args: [],
    state: state(
      [off, off],
      [
        [null, []],
        [[], null],
      ],
      1,
    ),
  },
  steps: [
    {
      action: 'Start',
      args: ['s1'],
      state: state(
        [looking('s1'), off],
        [
          [null, []],
          [[], null],
        ],
        1,
      ),
    },
    {
      action: 'Send',
      args: ['s2', 's1'],
      state: state(
        [looking('s1'), off],
        [
          [null, []],
          [[vote], null],
        ],
        1,
      ),
    },
    {
      action: 'Hear',
      args: ['s1', 's2'],
      state: state(
        [looking('s2', vote), off],
        [
          [null, []],
          [[], null],
        ],
        1,
      ),
    },
  ],
} as unknown as Trace;

const text = (lines: readonly string[]) => `\n${lines.join('\n')}\n`;

test('a table has a line a step and a column a server, and shows only what changed', () => {
  expect(text(traceTable(trace))).toMatchInlineSnapshot(`
    "
      #  step        s1                                   s2
      0  (start)     role=OFF logicalclock=0 proposal=s1  role=OFF logicalclock=0 proposal=s1
      1  Start s1    role=LOOKING logicalclock=1          ·
      2  Send s2 s1  ·                                    channel.s1=[(s2 0)]
      3  Hear s1 s2  proposal=s2 recvset.s2=(s2 0)        channel.s1=[]
    "
  `);
});

test('a column of what belongs to no server is there only if it ever changes', () => {
  const crashed = {
    action: 'Crash',
    args: ['s2'],
    state: state(
      [looking('s2', vote), off],
      [
        [null, []],
        [[], null],
      ],
      0,
    ),
  };
  const table = traceTable({ ...trace, steps: [...trace.steps, crashed] } as unknown as Trace);
  expect(table[0]).toMatch(/besides$/);
  expect(table.at(-1)).toMatch(/· +· +crashes=0$/);
});

test('a model may describe its servers and its steps', () => {
  const describeServer = (whole: unknown, i: number) => {
    const { server } = whole as { server: { role: string; proposal: string }[] };
    return server[i].role === 'OFF' ? 'off' : `${server[i].role} → ${server[i].proposal}`;
  };
  const steps = ['s1 starts', 's2 sends', 's1 hears s2'];
  expect(text(traceTable(trace, { describeServer, steps }))).toMatchInlineSnapshot(`
    "
      #  step         s1            s2
      0  (start)      off           off
      1  s1 starts    LOOKING → s1  ·
      2  s2 sends     ·             ·
      3  s1 hears s2  LOOKING → s2  ·
    "
  `);
});

test('a state without servers has one column', () => {
  const steps = [{ action: 'Press', args: [], state: { on: true, list: [1, 2] } }];
  const lamp = { ...trace, initial: { args: [], state: { on: false, list: [1, 1] } }, steps } as Trace;
  expect(text(traceTable(lamp))).toMatchInlineSnapshot(`
    "
      #  step     state
      0  (start)  ·
      1  Press    on=true list[1]=2
    "
  `);
});

test('a table keeps within its width, and loses no word', () => {
  const cell = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 8 });
  const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 });
  const keeps = fc.property(table, (rows) => {
    const lines = layOutTable(
      rows.map((row) => row.map((words) => words.join(' '))),
      60,
    );
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
    const words = (all: readonly string[]) => all.join(' ').split(/\s+/).filter(Boolean).sort();
    expect(words(lines)).toEqual(words(rows.flat(2)));
  });
  fc.assert(keeps, { seed: 3, numRuns: 300 });
});
