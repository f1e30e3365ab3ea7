/** `--rules <file>`, as a user runs it. */
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { directories } from '../testing/command.js';
import { isNightly } from '../testing/nightly.js';
import { run } from '../testing/served.js';

const directory = directories();
const EXAMPLE = fileURLToPath(new URL('../../docs/examples/my-rules.ts', import.meta.url));
const FOUR = '--servers 4 --crashes 0 --abandons 0 --rounds 1'.split(' ');
/** A second thread costs more than it brings where so little is searched. */
const SMALL = '--crashes 0 --abandons 0 --rounds 1 --workers 1'.split(' ');
/** A tenth of the states by day, where workers are compared. */
const CRASHES = isNightly ? '1' : '0';
const check = (cwd: string, ...args: readonly string[]) =>
  run(cwd, ['check', 'fast-leader-election', ...args]);

describe('the example of docs/rules.md', () => {
  const cwd = directory();
  copyFileSync(EXAMPLE, join(cwd, 'my-rules.ts'));

  test('violates a claim, and its trace replays under the rules named again', async () => {
    const { code, out } = await check(cwd, ...FOUR, '--rules', './my-rules.ts');
    expect(code).toBe(1);
    expect(out).toContain('with rules `./my-rules.ts` violates decisionHasVoteQuorum');
    const [trace] = readdirSync(join(cwd, 'fle-check-traces'));
    const path = join('fle-check-traces', trace);
    const unnamed = await run(cwd, ['replay', path]);
    expect(unnamed).toMatchObject({ code: 2, err: expect.stringContaining('name them with --rules') });
    const named = await run(cwd, ['replay', path, '--rules', './my-rules.ts']);
    expect(named).toMatchObject({ code: 0, out: expect.stringContaining('Replays: 4 steps') });
  });

  test('is found at random', async () => {
    const args = ['explore', 'fast-leader-election', '--servers', '4', '--runs', '50'];
    const { code, out } = await run(cwd, [...args, '--rules', './my-rules.ts']);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('--rules ./my-rules.ts') });
  });
});

test('what is called of the rules does not depend on the number of workers', async () => {
  const cwd = directory();
  const rules =
    'hasQuorum: (v, n) => v * 2 > n, entersOutofelection: (isOfThisRound) => !isOfThisRound, raisesClock: true';
  writeFileSync(join(cwd, 'mine.mjs'), `export default { ${rules} };`);
  const used = async (workers: string) => {
    const args = ['--crashes', CRASHES, '--abandons', '0', '--rules', './mine.mjs', '--workers', workers];
    return JSON.parse((await check(cwd, ...args, '--json', '-')).out)[0];
  };
  const [alone, together] = [await used('1'), await used('2')];
  expect(alone.rulesUsed.map(({ rule }: { rule: string }) => rule)).toEqual([
    'hasQuorum',
    'entersOutofelection',
    'raisesClock',
  ]);
  expect(alone.rulesUsed[0]).toEqual({
    rule: 'hasQuorum',
    constant: false,
    calls: 8,
    differing: 0,
    all: true,
  });
  expect(alone.rulesUsed[2]).toEqual({
    rule: 'raisesClock',
    constant: true,
    calls: 1,
    differing: 0,
    all: true,
  });
  expect(alone.rulesUsed[1].differing).toBeGreaterThan(0);
  expect({ ...together, seconds: 0 }).toEqual({ ...alone, seconds: 0 });
});

test('rules of a file that change nothing find the same states, with one worker and with two', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'same.mjs'), 'export default { hasQuorum: (v, n) => v * 2 > n, truncates: true };');
  const lines = await Promise.all(
    [['correct', '1'] as const, ['./same.mjs', '1'] as const, ['./same.mjs', '2'] as const].map(
      async ([rules, workers]) => {
        const args = ['--crashes', CRASHES, '--abandons', '0', '--rules', rules, '--workers', workers];
        const { code, out } = await check(cwd, ...args);
        return [code, ...(out.match(/\d{2,3},\d{3} +\d+,\d+,?\d* +\d+/) ?? [])];
      },
    ),
  );
  expect(lines[0][0]).toBe(0);
  expect(lines).toEqual([lines[0], lines[0], lines[0]]);
});

const REFUSED: readonly (readonly [rule: string, message: string])[] = [
  ['hasQourum: () => true', 'no rule is called `hasQourum`. Did you mean hasQuorum?'],
  ['truncates: 3', 'truncates must be a boolean, not 3'],
  ['leaderAcceptsEpoch: "soon"', 'must be whenProposed or withCurrentEpoch or never, not "soon"'],
  ['hasQuorum: true', 'hasQuorum must be a function that returns a boolean, not true'],
  ['hasQuorum: () => "yes"', 'called with (2, 3, 1), returned "yes", which is not a boolean\n  in Handle'],
  [
    'hasQuorum: () => { throw new Error("boom") }',
    'called with (2, 3, 1), threw boom at rules.js:1\n  in HandleNotification',
  ],
  ['hasQuorum: () => n++ % 2 === 0', 'when asked again'],
  ['hasQuorum: () =>', 'cannot load ./rules.js: ParseError'],
];
// By day one of each message; the first is told below as well.
test.each(
  REFUSED.filter(
    ([one]) =>
      isNightly || !['hasQourum: () => true', 'leaderAcceptsEpoch: "soon"', 'hasQuorum: true'].includes(one),
  ),
)('refuses { %s }', async (rule, message) => {
  const cwd = directory();
  writeFileSync(join(cwd, 'rules.js'), `let n = 0; export default { ${rule} };`);
  const { code, err } = await check(cwd, ...SMALL, '--rules', './rules.js');
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
  expect(err.trim().split('\n').length).toBeLessThanOrEqual(3);
});

test.each([
  [
    'hasQourum: () => true',
    'no rule is called `hasQourum`. Did you mean hasQuorum? (./rules.js exports it; ',
  ],
  ['whatever: 1', 'no rule is called `whatever`. (./rules.js exports it; '],
  ['', './rules.js overrides nothing: it exports no rule by its name; '],
])('says where the names of all rules are for { %s }', async (rule, told) => {
  const cwd = directory();
  writeFileSync(join(cwd, 'rules.js'), `export default { ${rule} };`);
  const { err } = await check(cwd, ...SMALL, '--rules', './rules.js');
  const where = 'fle-check models <model> lists the rules of a model';
  expect(err.replace(/\)?\n$/, '')).toBe(`fle-check: ${told}${where}`);
  expect((await run(cwd, ['models', 'fast-leader-election'])).out).toMatch(
    /\nRules, .*\n(.*\n)* {2}hasQuorum\b/,
  );
});

test.each([
  ['none.ts', null, 'there is no file ./none.ts to take rules from'],
  ['named.js', 'export const hasQuorum = () => true;', 'has no default export that is an object of rules'],
  ['broken.ts', 'throw new Error("on load");', 'cannot load ./broken.ts: on load'],
])('refuses %s in one line', async (name, text, message) => {
  const cwd = directory();
  if (text !== null) writeFileSync(join(cwd, name), text);
  const { code, out, err } = await check(cwd, ...SMALL, '--rules', `./${name}`);
  expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(message) });
});

// Whether one returns is a matter of seconds: they may as well loop at the same time.
describe.concurrent('of a rule that loops for ever', () => {
  const LOOPS = 'hasQuorum: (v, n) => { while (v === 2 && n === 3); return v > 2 }';
  const at = (cwd: string, rule: string): string => {
    writeFileSync(join(cwd, 'rules.js'), `export default { ${rule} };`);
    return './rules.js';
  };
  const told =
    'called with (2, 3, 1), does not return\n  in HandleNotification(s1, s2), where\n  s1 LOOKING c1';

  test('check tells the arguments, the step and the state', async () => {
    const cwd = directory();
    const { code, err } = await check(cwd, ...SMALL, '--rules', at(cwd, LOOPS));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(told) });
    expect(err.trim().split('\n')).toHaveLength(3);
  });

  test('so do explore and diff', async () => {
    const cwd = directory();
    const rules = at(cwd, LOOPS);
    const explored = await run(cwd, ['explore', 'tutorial', '--servers', '3', '--rules', rules]);
    const compared = await run(cwd, ['diff', 'correct', rules]);
    for (const { code, err } of [explored, compared]) {
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringMatching(/hasQuorum.*does not return\n {2}in /),
      });
    }
  });

  test('explore names the call that did not return, and no state of another call', async () => {
    const cwd = directory();
    const late = at(cwd, 'hasQuorum: (v, n) => { while (n === 5 && v === 3); return v * 2 > n }');
    const args = ['explore', 'fast-leader-election', '--seed', '1', '--rules', late];
    const { code, err } = await run(cwd, args);
    const told = 'the rule hasQuorum of ./rules.js, called with (3, 5, 1), does not return';
    expect({ code, err }).toEqual({ code: 2, err: `fle-check: ${told}\n` });
  });

  test('it does not matter at arguments that nobody gives', async () => {
    const cwd = directory();
    const rule = 'hasQuorum: (v, n) => { while (n === 2); return v * 2 > n }';
    const { code, err } = await check(cwd, ...SMALL, '--rules', at(cwd, rule));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('it is found at arguments that were not tried before', async () => {
    const cwd = directory();
    const early = 'hasQuorum: (v, n) => { while (n === 5); return v * 2 > n }';
    const five = ['check', 'tutorial', '--servers', '5', '--rules', at(cwd, early)];
    expect(await run(cwd, five)).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not return\n  in '),
    });
  });

  // Ten seconds of a processor; hostile-rules.test.ts has a file that waits for ever.
  test.runIf(isNightly)('a file that does is refused', async () => {
    const cwd = directory();
    const { code, out, err } = await check(cwd, '--rules', at(cwd, '...(() => { for (;;); })()'));
    const message = 'it does not finish when it is loaded';
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(message) });
  });
});

const CHECK = ['check', '--rules', './far.mjs'];
const EXPLORE = ['explore', '--rules', './far.mjs'];
const DIFF = ['diff', 'correct', './far.mjs'];

const FAR: readonly (readonly [
  rule: string,
  body: string,
  commands: readonly (readonly string[])[],
  asked: readonly string[],
])[] = [
  ['epochToPropose', '(e, l) => (l >= e ? l + 3 : e)', [CHECK, EXPLORE, DIFF], ['zab-discovery']],
  ['clockAfterCrash', '(c) => c + 1', [CHECK], ['fast-leader-election', '--crashes', '1']],
  ['acceptedEpochAfterCrash', '(a) => a - 9', [CHECK], ['zab-discovery', '--crashes', '1']],
];
// By day the first, by all commands.
test.each(FAR.filter(([one]) => isNightly || !['clockAfterCrash', 'acceptedEpochAfterCrash'].includes(one)))(
  'a number that leaves the bounds of the model is a fault of its rule: %s',
  async (rule, body, commands, asked) => {
    const cwd = directory();
    writeFileSync(join(cwd, 'far.mjs'), `export default { ${rule}: ${body} };`);
    for (const command of commands) {
      const { code, err } = await run(cwd, [...command, ...asked, '--bounds', 'tiny']);
      expect({ code, err }).toEqual({
        code: 2,
        err: expect.stringContaining('under the rules of ./far.mjs '),
      });
      expect(err).toContain(`see what ${rule} returns, or give larger bounds\n  in `);
      expect(err).not.toContain('{');
    }
  },
);
