import { expect, test } from 'vitest';
import { MATRIX } from './formats.js';
import { matrixLines, matrixSummary } from './matrix.js';
import { matrixSchema, type RandomPart, type Row } from './schemas.js';
import { colorsFor } from './terminal.js';

const violation = {
  bounds: { servers: 3 },
  found: 40,
  shrunk: 15,
  steps: 13,
  breadthFirst: 13,
  switches: { count: 8, fewest: true },
};
const rowWith = (ruleSet: string, random: RandomPart | null, change: Partial<Row> = {}): Row => ({
  ...MATRIX,
  ruleSet,
  says: 'Made up.',
  source: 'made up',
  model: 'zab-discovery',
  bounds: { servers: 3 },
  expected: 'singleLeaderPerEpoch',
  verdict: 'killed',
  because: '',
  failures: [
    { claim: 'oneAckPerEpoch', steps: 9 },
    { claim: 'singleLeaderPerEpoch', steps: 13 },
  ],
  rulesUsed: [],
  states: 100,
  seconds: 0.21,
  random,
  ...change,
});
const rows = [
  rowWith('met', { runs: 7, violation, seconds: 1.64 }),
  rowWith('longer', { runs: 7, violation: { ...violation, steps: 14, breadthFirst: 14 }, seconds: 2 }),
  rowWith('not-met', { runs: 120, violation: null, seconds: 9 }),
  rowWith('no-steps', { runs: 0, violation: null, seconds: 0 }),
  rowWith('not-tried', null),
  rowWith('wrong', { runs: 7, violation, seconds: 1 }, { verdict: 'unexplained', because: 'it is so' }),
  rowWith('survivor', null, { verdict: 'survives', because: 'it may', expected: null, failures: [] }),
  rowWith('answers', null, {
    verdict: 'survives',
    because: 'it may',
    expected: null,
    failures: [],
    rulesUsed: [
      { rule: 'hasQuorum', constant: false, calls: 62, differing: 0, all: true },
      { rule: 'putsBack', constant: true, calls: 1, differing: 1, all: true },
    ],
  }),
];

const plain = colorsFor({});

test('a row has the steps at random beside those of the expected claim, and the seconds of both', () => {
  expect(`\n${matrixLines(rows, 100, plain).join('\n')}\n${matrixSummary(rows)}\n`).toMatchInlineSnapshot(`
    "
    zab-discovery
      rule set   claims that fail, with the steps to each; * is the declared one             time
      met        oneAckPerEpoch 9, * singleLeaderPerEpoch 13 (random 13)                     0.2 + 1.6 s
      longer     oneAckPerEpoch 9, * singleLeaderPerEpoch 13 (random 14, at other bounds)    0.2 + 2.0 s
      not-met    oneAckPerEpoch 9, * singleLeaderPerEpoch 13 (random not in 120 runs)        0.2 + 9.0 s
      no-steps   oneAckPerEpoch 9, * singleLeaderPerEpoch 13 (random -)                      0.2 + 0.0 s
      not-tried  oneAckPerEpoch 9, * singleLeaderPerEpoch 13                                 0.2 s
      wrong      UNEXPLAINED: it is so; fails: oneAckPerEpoch 9, * singleLeaderPerEpoch 13   0.2 + 1.0 s
                 (random 13)
      survivor   survives: it may                                                            0.2 s
      answers    survives, 0 of 62 answers unlike ZooKeeper's: it may                        0.2 s

    8 trials: 5 killed, 2 survive as declared, 1 unexplained
    "
  `);
});

test('in 80 columns no line is longer, and no star or figure is torn from its claim', () => {
  const lines = matrixLines(rows, 80, plain);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  expect(lines.join('\n')).toContain('* singleLeaderPerEpoch 13 ');
  for (const line of lines) expect(line).not.toMatch(/\*$|\* {2}/);
});

test('the schema of a row takes what is at random, and no field besides', () => {
  expect(matrixSchema.parse(JSON.parse(JSON.stringify(rows)))).toEqual(rows);
  const more = { runs: 1, violation, seconds: 1, more: 1 };
  expect(matrixSchema.safeParse([{ ...rows[0], random: more }]).success).toBe(false);
});
