/** `fle-check promote`, as a user runs it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FAILURES, failureName } from '../../failures/failures.js';
import { directories } from '../../testing/command.js';
import { run } from '../../testing/served.js';
import { readTrace } from '../../trace/read.js';
import type { Trace } from '../../trace/trace.js';

const directory = directories();
const INTO = 'properties/corpus/regressions';
const promote = (cwd: string, ...args: readonly string[]) => run(cwd, ['promote', ...args]);

const home = directory();
await run(home, ['explore', 'tutorial', '--rules', 'minority-quorum']);
const [NAME] = readdirSync(join(home, FAILURES));
const stored = readTrace(join(home, FAILURES, NAME));

/** A directory of its own in which that failure is kept, with something about it changed. */
function withFailure(change: Partial<Trace> = {}, name = NAME): string {
  const cwd = directory();
  mkdirSync(join(cwd, FAILURES), { recursive: true });
  writeFileSync(join(cwd, FAILURES, name), JSON.stringify({ ...stored, ...change }));
  return cwd;
}

test('a failure becomes a readable file that says why it is kept and replays', async () => {
  const cwd = withFailure();
  const why = 'One server of three led.';
  const { code, out, err } = await promote(cwd, join(FAILURES, NAME), '--why', why);
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(
    `Promoted: ${INTO}/${NAME}\nRun it: npx vitest run properties/pinned/regressions.test.ts\n`,
  );
  expect(readFileSync(join(cwd, INTO, NAME), 'utf8')).toMatch(/^\{\n {2}"#": "One server of three led\.",\n/);
  expect(readTrace(join(cwd, INTO, NAME))).toEqual({ '#': why, ...stored });
  const replayed = await run(cwd, ['replay', join(INTO, NAME)]);
  expect(replayed).toMatchObject({
    code: 0,
    out: expect.stringContaining('\n  # One server of three led.\n'),
  });
});

test('it goes by its name in the directory too, and says itself why if nobody does', async () => {
  const cwd = withFailure();
  await run(cwd, ['explore', 'tutorial', '--rules', 'minority-quorum', '--failures', 'mine']);
  const { code, out } = await promote(cwd, NAME.replace('.json', ''), '--failures', 'mine', '--into', 'kept');
  expect({ code, out }).toEqual({ code: 0, out: `Promoted: kept/${NAME}\n` });
  const why = 'Found by fle-check explore: under `minority-quorum`, noMinorityLeader fails after 1 step.';
  expect(readTrace(join(cwd, 'kept', NAME))['#']).toBe(why);
});

test('once it is there that is said, and a file that says something else is left alone', async () => {
  const cwd = withFailure();
  for (const [args, code, told] of [
    [['--why', 'First.'], 0, 'Promoted: '],
    [['--why', 'First.'], 0, 'There already: '],
    [[], 0, 'There already: '],
    [['--why', 'Second.'], 2, 'is there already, and says something else'],
  ] as const) {
    const finished = await promote(cwd, NAME, ...args);
    expect(finished.code).toBe(code);
    expect(finished.out + finished.err).toContain(told);
  }
  expect(readTrace(join(cwd, INTO, NAME))['#']).toBe('First.');
  writeFileSync(join(cwd, INTO, NAME), '');
  expect((await promote(cwd, NAME)).code).toBe(2);
  expect(readFileSync(join(cwd, INTO, NAME), 'utf8')).toBe('');
});

test('states that are not those of today are recorded anew', async () => {
  const initial = { ...stored.initial, state: { server: [] } };
  const cwd = withFailure({ initial, tool: '0.0.1' });
  expect((await promote(cwd, NAME)).code).toBe(0);
  expect(readTrace(join(cwd, INTO, NAME))).toMatchObject({ initial: stored.initial, tool: stored.tool });
  const old = withFailure({ tool: '0.0.1' });
  await promote(old, NAME);
  expect(readTrace(join(old, INTO, NAME)).tool).toBe('0.0.1');
});

describe('of rules in a file', () => {
  const asked = [
    'explore',
    'fast-leader-election',
    '--servers',
    '4',
    '--rules',
    './rules.mjs',
    '--runs',
    '9',
  ];

  test('it is kept as it failed, whether or not they are mended', async () => {
    const cwd = directory();
    const [half, mended] = [
      'export default { hasQuorum: (v, n) => v * 2 >= n };',
      'export default { hasQuorum: (votes, servers) => votes * 2 > servers };',
    ];
    writeFileSync(join(cwd, 'rules.mjs'), half);
    await run(cwd, asked);
    const [name] = readdirSync(join(cwd, FAILURES));
    const unnamed = await promote(cwd, name);
    expect(unnamed).toMatchObject({ code: 2, err: expect.stringContaining('name them with --rules') });
    const failed = readTrace(join(cwd, FAILURES, name));
    for (const [rules, into] of [
      [half, 'before'],
      [mended, 'after'],
    ] as const) {
      writeFileSync(join(cwd, 'rules.mjs'), rules);
      const { code } = await promote(cwd, name, '--rules', './rules.mjs', '--into', into, '--why', 'Half.');
      expect(code).toBe(0);
      expect(readTrace(join(cwd, into, name))).toEqual({ '#': 'Half.', ...failed });
    }
    // What is collected so is replayed by explore, whose directory it can be.
    const args = [...asked, '--failures', 'after', '--runs', '1'];
    expect((await run(cwd, args)).out).toContain(`No longer fails: after/${name}`);
  });
});

describe('refuses in one line', () => {
  const [step] = stored.steps;
  test.each<[string, Partial<Trace>, readonly string[], string]>([
    ['a misspelt name', {}, [NAME.replace('minority', 'minoriti')], `Did you mean ${NAME}?`],
    ['a name in a directory that is not there', {}, [NAME, '--failures', 'none'], '(none has none)'],
    ['a directory', {}, [FAILURES], 'is not a regular file'],
    ['rules for a rule set that ships', {}, [NAME, '--rules', './a.js'], 'leave --rules out'],
    ['an empty reason', {}, [NAME, '--why', ' '], '--why takes a sentence'],
    ['a reason of two lines', {}, [NAME, '--why', 'a\nb'], '--why takes one line'],
    ['a place that is a file', {}, [NAME, '--into', join(FAILURES, NAME)], 'cannot write'],
    [
      'an action that is gone',
      { steps: [{ ...step, action: 'Boot' }] },
      [NAME],
      'no action Boot: the failure is stale',
    ],
    [
      'a claim that is gone',
      { claim: 'noLeader' },
      [NAME],
      'has no claim or witness noLeader: the failure is stale',
    ],
    ['a model that is gone', { model: 'tutoral' }, [NAME], 'Did you mean tutorial?'],
    ['rules that are gone', { rules: 'minority' }, [NAME], 'no rule set is called `minority`'],
    ['bounds that are gone', { bounds: { nodes: 3 } }, [NAME], 'has bounds that no model takes'],
    ['a rule set that survives it', { rules: 'order-ignores-sid' }, [NAME], 'must fail under it'],
    ['control characters', { says: '\u001b[2J' }, [NAME], 'control characters'],
  ])('%s', async (_, change, args, because) => {
    const cwd = withFailure(change);
    const { code, out, err } = await promote(cwd, ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^fle-check: [^\n]*\n$/);
    expect(err).toContain(because);
    expect(existsSync(join(cwd, INTO))).toBe(false);
  });
});

test('a failure of the correct rules that they no longer have is kept as it failed', async () => {
  const cwd = withFailure({ rules: 'correct' });
  expect((await promote(cwd, NAME)).code).toBe(0);
  const kept = readTrace(join(cwd, INTO, failureName({ ...stored, rules: 'correct' })));
  expect(kept).toMatchObject({ rules: 'correct', steps: stored.steps });
});

test('--help shows an example and lists the exit codes', async () => {
  const { code, out } = await promote(directory(), '--help');
  expect(code).toBe(0);
  expect(out).toMatch(/Examples:\n {2}fle-check promote /);
  expect(out).toContain('Exit codes: 0 promoted');
});
