import { expect, test } from 'vitest';
import { RESULT } from './formats.js';
import type { Result } from './schemas.js';
import { type Checked, closing, colorsFor, figure, violationReport } from './terminal.js';
import { exitCodeOf } from './verdict.js';

const plain = colorsFor({ isTTY: false });

const result: Result = {
  ...RESULT,
  model: 'tutorial',
  bounds: { servers: 5 },
  rules: 'correct',
  reductions: null,
  verdict: 'holds',
  reason: null,
  unmet: [],
  complete: true,
  distinct: 61_234,
  generated: 1_187_003,
  depth: 11,
  seconds: 0.44,
  actions: { StartServer: 7 },
  claims: ['a', 'b'],
  witnesses: { leads: 3, twoLeadersAtOneClock: null },
  violation: null,
  excluded: {},
  rulesUsed: [],
  collisions: 1e-9,
  renamings: null,
  bytes: 1000,
};
const checked = (change: Partial<Result> = {}, run = true): Checked => ({
  result: { ...result, ...change },
  boundsInWords: '5 servers',
  run,
});
const text = (lines: readonly string[]) => `\n${lines.join('\n')}\n`;

test('holding models are said to hold within their bounds, with the chance of a collision', () => {
  expect(closing([checked()])).toEqual([
    'tutorial holds, completely, within these bounds.  ' +
      'Chance that a fingerprint collision hid a state: 1e-9.',
  ]);
  expect(closing([checked(), checked()])[0]).toMatch(/^2 models hold, .*: 2e-9\.$/);
  expect(closing([checked({ collisions: 0 })])[0]).toMatch(/Whole states were compared, so no collision/);
});

test('where states that differ by names are explored once, it is said in how many that was checked', () => {
  expect(closing([checked({ renamings: { checked: 1500, of: 61_234 } })]).at(-1)).toBe(
    'That renaming changes nothing was checked in 1,500 of the 61,234 states of tutorial.',
  );
  for (const renamings of [null, { checked: 87, of: 87 }]) {
    expect(closing([checked({ renamings })])).toHaveLength(1);
  }
});

test('nothing is said to hold of what is violated, inconclusive or not run', () => {
  const lines = closing([
    checked({ verdict: 'violated', violation: { claim: 'c' } as Result['violation'] }),
    checked({ model: 'zab', verdict: 'inconclusive', reason: 'the limit was reached' }),
    checked({ model: 'late', verdict: 'inconclusive', reason: 'interrupted' }, false),
  ]);
  expect(lines).toEqual([
    'tutorial violates c.',
    'zab is inconclusive: the limit was reached.',
    'late was not run: interrupted.',
  ]);
});

test('two leaders at one clock are explained where they were found, and only there', () => {
  expect(closing([checked()]).join()).not.toContain('two-leaders');
  const found = { witnesses: { twoLeadersAtOneClock: 9 } };
  const note = closing([checked(), checked(found)]).at(-1);
  expect(note).toContain('(witness twoLeadersAtOneClock, 9 steps): see docs/two-leaders.md.');
  expect(note).not.toContain('One leader per epoch holds');
  const claims = { ...found, claims: ['singleLeaderPerEpoch'] };
  expect(closing([checked(claims)]).at(-1)).toContain('One leader per epoch holds.');
  expect(closing([checked({ ...claims, verdict: 'violated' })]).join()).not.toContain('per epoch holds');
});

test('a violation is told with the claim, its source, the steps and how to replay it', () => {
  const trace = {
    model: 'tutorial',
    rules: 'minority-quorum',
    claim: 'noMinorityLeader',
    says: 'A leader is followed by a majority.',
    source: 'the tutorial, step 2',
    steps: [{}],
  } as unknown as Parameters<typeof violationReport>[0]['trace'];
  const explanation = 's1 leads, and is followed by nobody: with itself 1 of 3 servers, and a majority is 2.';
  const details = {
    trace,
    table: ['  #  step'],
    legend: ['  c1 = logical clock 1'],
    explanation,
    columns: 100,
    foundBy: 'breadth-first',
    also: ['oneLeader'],
    options: [],
  };
  expect(text(violationReport({ ...details, file: "dir with '/x.json" }, plain))).toMatchInlineSnapshot(`
    "
    tutorial with rules \`minority-quorum\` violates noMinorityLeader:
      A leader is followed by a majority.                                           the tutorial, step 2

      #  step
      ✗  s1 leads, and is followed by nobody: with itself 1 of 3 servers, and a majority is 2.
      c1 = logical clock 1

    Shortest: 1 step (breadth-first). Violated at the same depth: oneLeader.
    Replay:  npx fle-check replay 'dir with '\\''/x.json'
    See it:  npx fle-check view   'dir with '\\''/x.json'
    "
  `);
  const narrow = violationReport({ ...details, columns: 50, file: null }, plain);
  expect(narrow.slice(1, 3)).toEqual(['  A leader is followed by a majority.', '  the tutorial, step 2']);
  const sourceless = violationReport({ ...details, trace: { ...trace, source: '' }, file: null }, plain);
  expect(sourceless.slice(1, 3)).toEqual(['  A leader is followed by a majority.', '']);
  const shrunk = violationReport({ ...details, foundBy: 'shrunk', shortest: false, file: null }, plain);
  expect(shrunk.at(-1)).toMatch(/^Found: 1 step \(shrunk\)\./);
  expect(violationReport({ ...details, file: null }, plain).join()).not.toContain('replay');
});

test.each([
  ['a terminal', { isTTY: true }, { TERM: 'xterm-256color' }, true],
  ['a terminal of eight colours', { isTTY: true }, { TERM: 'xterm' }, true],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
  ['NO_COLOR', { isTTY: true }, { TERM: 'xterm', NO_COLOR: '1' }, false],
  ['an empty FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '' }, true],
  ['FORCE_COLOR in a pipe', {}, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0 on a terminal', { isTTY: true }, { TERM: 'xterm', FORCE_COLOR: '0' }, false],
  ['NO_COLOR and FORCE_COLOR', {}, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['a pipe', {}, { TERM: 'xterm' }, false],
])('colours by the stream and the environment: %s', (_what, stream, env, colored) => {
  expect(colorsFor(stream, env).red('x') !== 'x').toBe(colored);
});

test('figures have separators, whatever the language of the machine', () => {
  expect(figure(1702113)).toBe('1,702,113');
});

test('each verdict has its exit code', () => {
  expect(exitCodeOf({ verdict: 'holds' })).toBe(0);
  expect(exitCodeOf({ verdict: 'violated' })).toBe(1);
  expect(exitCodeOf({ verdict: 'inconclusive' })).toBe(3);
});
