/** The memory of `fle-check explore`, as a user meets it. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explorationSchema } from '../report/schemas.js';
import { directories, run } from '../testing/command.js';
import { run as serve } from '../testing/served.js';
import { readTrace } from '../trace/read.js';
import type { Trace } from '../trace/trace.js';
import { FAILURES, failureName, keepFailure } from './failures.js';

const directory = directories();
const VIOLATED = ['tutorial', '--rules', 'minority-quorum'];
const explore = (cwd: string, ...args: readonly string[]) => serve(cwd, ['explore', ...args]);
/** The result of a run, and its exit code. */
async function resultOf(cwd: string, ...args: readonly string[]) {
  const { code, out, err } = await explore(cwd, ...args, '--json', '-');
  return { code, err, result: explorationSchema.array().parse(JSON.parse(out))[0] };
}
const stored = (cwd: string) => readdirSync(join(cwd, FAILURES)).sort();

/** A directory in which one failure is kept, with its path in the directory and its trace. */
async function withFailure(): Promise<{ cwd: string; path: string; trace: Trace }> {
  const cwd = directory();
  expect((await explore(cwd, ...VIOLATED)).code).toBe(1);
  const [name] = stored(cwd);
  return { cwd, path: join(FAILURES, name), trace: readTrace(join(cwd, FAILURES, name)) };
}
const kept = await withFailure();
/** A directory of its own in which that failure is kept, with something about it changed. */
function withChanged(change: Partial<Trace>, name = 'tutorial.changed.json') {
  const cwd = directory();
  mkdirSync(join(cwd, FAILURES), { recursive: true });
  writeFileSync(join(cwd, FAILURES, name), JSON.stringify({ ...kept.trace, ...change }));
  return cwd;
}

describe('a failure that was found', () => {
  test('is kept as a trace that replays, named by what it is', async () => {
    const { cwd, path, trace } = kept;
    expect(trace).toMatchObject({ model: 'tutorial', rules: 'minority-quorum', claim: 'noMinorityLeader' });
    expect(path).toMatch(/\/tutorial\.minority-quorum\.noMinorityLeader\.[0-9a-f]{12}\.json$/);
    expect(path).toBe(join(FAILURES, failureName(trace)));
    expect(await serve(cwd, ['replay', path])).toMatchObject({ code: 0, err: '' });
  });

  test('is told at once by the next run, which makes no random one', async () => {
    const { cwd, path } = kept;
    const { code, out, err } = await explore(cwd, ...VIOLATED, '--seed', '9');
    expect([code, err]).toEqual([1, '']);
    expect(out).toContain(`Found: 1 step (replayed from\n${path}).`);
    expect(out).toMatch(/\ntutorial {2}violated: 1 stored failure still fails: claim\s+noMinorityLeader is/);
    expect(out).toMatch(/\nReplay: {2}npx fle-check replay fle-check-traces\/\S+\n/);
    expect(out).not.toContain('was never called');
    expect(out).not.toContain('Repeat:');
    const { result } = await resultOf(cwd, ...VIOLATED);
    expect(result).toMatchObject({
      verdict: 'violated',
      runs: 0,
      replayed: [{ failure: path, outcome: 'fails', because: null }],
      violation: { claim: 'noMinorityLeader', run: null, lengths: { found: 1, shrunk: 1, shortest: null } },
    });
  });

  test('is one file, whichever seed finds it', async () => {
    const { cwd, trace } = await withFailure();
    for (const seed of ['2', '3']) {
      rmSync(join(cwd, FAILURES), { recursive: true });
      await explore(cwd, ...VIOLATED, '--seed', seed);
      expect(stored(cwd)).toEqual([failureName(trace)]);
    }
  });

  test('is neither kept nor replayed with --no-failures', async () => {
    const cwd = directory();
    expect((await explore(cwd, ...VIOLATED, '--no-failures')).code).toBe(1);
    expect(existsSync(join(cwd, '.fle-check'))).toBe(false);
    const { result } = await resultOf(kept.cwd, ...VIOLATED, '--no-failures');
    expect(result).toMatchObject({ replayed: [], runs: 1 });
  });

  test('is not replayed under other rules or for other claims, and counted', async () => {
    for (const others of [
      ['--runs', '1'],
      [...VIOLATED.slice(1), '--claims', 'oneLeaderAtATime'],
    ]) {
      const { out } = await explore(kept.cwd, 'tutorial', ...others);
      expect(out).toContain('\nNot replayed: 1 stored failure under other rules or claims\n');
    }
    const other = await explore(kept.cwd, 'fast-leader-election', '--runs', '1');
    expect(other.out).not.toContain('stored failure');
  });

  test('stays as it is, with what was written into it by hand', async () => {
    const cwd = withChanged({ '#': 'Ours.' }, failureName(kept.trace));
    await explore(cwd, ...VIOLATED);
    expect(readTrace(join(cwd, FAILURES, failureName(kept.trace)))['#']).toBe('Ours.');
  });

  test('of several the shortest is told, and the others are named', async () => {
    const { cwd, path, trace } = await withFailure();
    const [step] = trace.steps;
    const longer = { ...trace, steps: [{ ...step, args: ['s9'] }, ...trace.steps] };
    for (const [name, one] of [
      ['tutorial.again.json', trace],
      ['tutorial.a-stale.json', longer],
    ] as const) {
      writeFileSync(join(cwd, FAILURES, name), JSON.stringify(one));
    }
    const { code, out } = await explore(cwd, ...VIOLATED);
    expect(code).toBe(1);
    expect(out).toContain('2 stored failures still fail');
    expect(out).toContain('replayed from .fle-check/failures/tutorial.again.json');
    expect(out).toContain(`\nAlso fails: ${path}\n`);
    expect(out).toContain('\nStale: .fle-check/failures/tutorial.a-stale.json: step 1, StartServer s9:');
    // It is replayed from a file that holds it already, by another name.
    expect(stored(cwd)).toHaveLength(3);
  });
});

describe('the name of a failure', () => {
  const { trace } = kept;
  const [step] = trace.steps;

  test('is of what it is: not of its states, its version, or the way its rules are spelt', () => {
    const bounds = Object.fromEntries(Object.entries(trace.bounds).reverse());
    const steps = trace.steps.map((one) => ({ ...one, state: {} }));
    const name = failureName(trace);
    expect(failureName({ ...trace, '#': 'Ours.', tool: '9.9.9', says: '', bounds, steps })).toBe(name);
    const names = ['./a.ts', 'a.ts', 'b/../a.ts'].map((rules) => failureName({ ...trace, rules }));
    expect(new Set(names).size).toBe(1);
  });

  test('is another for another model, bound, rule set, claim, start or step', () => {
    const others: readonly Partial<Trace>[] = [
      {},
      { model: 'rules' },
      { bounds: { ...trace.bounds, crashes: 1 } },
      { rules: 'correct' },
      { rules: './correct.ts' },
      { rules: './other/correct.ts' },
      { claim: 'oneLeaderAtATime' },
      { initial: { ...trace.initial, args: [] } },
      { steps: [] },
      { steps: [{ ...step, action: 'CrashServer' }] },
      { steps: [{ ...step, args: ['s2'] }] },
    ];
    const names = others.map((change) => failureName({ ...trace, ...change }));
    expect(new Set(names).size).toBe(others.length);
  });

  test('is a name of a file, whatever the rules are called', () => {
    const name = failureName({ ...trace, rules: `/a b/\u001b[2J'${'n'.repeat(300)}.ts` });
    expect(name).toMatch(/^tutorial\._+2J_n{55}\.noMinorityLeader\.[0-9a-f]{12}\.json$/);
  });
});

test('a failure that is kept already is left as it is, unless the file is not whole', () => {
  const cwd = directory();
  const path = keepFailure(cwd, kept.trace);
  writeFileSync(path, JSON.stringify({ '#': 'Ours.', ...kept.trace }));
  expect(keepFailure(cwd, { ...kept.trace, tool: '9.9.9' })).toBe(path);
  expect(readTrace(path)).toEqual({ '#': 'Ours.', ...kept.trace });
  writeFileSync(path, '{');
  keepFailure(cwd, kept.trace);
  expect(readTrace(path)).toEqual(kept.trace);
});

describe('of rules in a file', () => {
  const HALF = 'export default { hasQuorum: (votes, servers) => votes * 2 >= servers };';
  const asked = ['fast-leader-election', '--servers', '4', '--rules', './rules.mjs', '--runs', '2'];

  test('a failure no longer fails once they are mended, and the runs go on', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'rules.mjs'), HALF);
    expect((await explore(cwd, ...asked)).code).toBe(1);
    const again = await explore(cwd, ...asked.map((word) => word.replace('./', '')));
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining('1 stored failure still fails') });
    writeFileSync(
      join(cwd, 'rules.mjs'),
      'export default { hasQuorum: (votes, servers) => votes * 2 > servers };',
    );
    const { code, out } = await explore(cwd, ...asked);
    expect(code).toBe(0);
    expect(out).toMatch(/\nNo longer fails: \S+: step \d, EndFinalizeWait s\d: the model does not admit/);
    expect(out).toContain('; keep it with fle-check promote, or remove it\n');
    expect(out).toMatch(/\nfast-leader-election {2}passed\n {2}2 runs, /);
    const { result } = await resultOf(cwd, ...asked);
    expect(result).toMatchObject({ verdict: 'passed', replayed: [{ outcome: 'holds' }], runs: 2 });
    // Another version may have another model: it is not known which of the two refuses the step.
    const path = join(cwd, FAILURES, stored(cwd)[0]);
    writeFileSync(path, JSON.stringify({ ...readTrace(path), tool: '0.0.1' }));
    expect((await resultOf(cwd, ...asked)).code).toBe(3);
  });

  test('a rule that fails is told as the fault that it is', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'rules.mjs'), HALF);
    await explore(cwd, ...asked);
    const one =
      'export default { hasQuorum: (votes, servers) => (servers === 4 ? 1 : votes * 2 > servers) };';
    writeFileSync(join(cwd, 'rules.mjs'), one);
    // No run with five servers would meet it.
    const { code, err } = await explore(cwd, ...asked.map((word) => word.replace('4', '5')));
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('which is not a boolean\n  in Hand'),
    });
    expect(err.trim().split('\n')).toHaveLength(3);
  });
});

describe('what is stale makes a run inconclusive that would have passed', () => {
  const [step] = kept.trace.steps;
  const BRACKETS = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

  test.each<[string, Partial<Trace>, string]>([
    ['an action', { steps: [{ ...step, action: 'Boot' }] }, 'step 1, Boot s1: the model has no action Boot'],
    ['an argument', { steps: [{ ...step, args: ['s9'] }] }, 'StartServer s9: StartServer does not take (s9)'],
    ['a claim', { claim: 'noLeader' }, 'step 1, StartServer s1: the model has no claim or witness noLeader'],
    ['an initial state', { initial: { args: ['0'], state: {} } }, 'the start: initial does not take (0)'],
    ['a bound', { bounds: { ...kept.trace.bounds, nodes: 3 } }, 'Unrecognized key: "nodes"'],
  ])('%s that the model does not have', async (_, change, because) => {
    const cwd = withChanged({ ...change, rules: 'correct' });
    const { code, out, err } = await explore(cwd, 'tutorial', '--runs', '1');
    expect([code, err]).toEqual([3, '']);
    expect(out).toMatch(/\nStale: \.fle-check\/failures\/tutorial\.changed\.json[^\n]*; remove it once you/);
    expect(out).toContain(because);
    expect(out).toContain('\ntutorial  inconclusive: 1 stored failure could not be replayed\n  1 run, ');
  });

  test('bounds at which no model can be built', async () => {
    const most = { servers: 30, rounds: 1000, crashes: 0, abandons: 0, slots: 1000, dataVersions: 2 };
    const bounds = { ...most, start: 'together', zxids: 'ranks' };
    const cwd = withChanged({ model: 'fast-leader-election', rules: 'correct', bounds });
    const { code, out } = await explore(cwd, 'fast-leader-election', '--runs', '1');
    expect(code).toBe(3);
    expect(out).toMatch(/\nStale: \S+: the model fails: a struct of \d+ bits is too large: [^\n]*split it;/);
  });

  test('a step refused in states that are not those of the file', async () => {
    // Under the correct rules one server of three ends no election, and does not lead.
    const second = { action: 'CrashServer', args: ['s3'], state: {} };
    const bounds = { ...kept.trace.bounds, crashes: 1 };
    const cwd = withChanged({ rules: 'correct', bounds, steps: [step, second] });
    const { code, result } = await resultOf(cwd, 'tutorial', '--runs', '1');
    expect(code).toBe(3);
    expect(result).toMatchObject({
      verdict: 'inconclusive',
      reason: '1 stored failure could not be replayed',
      replayed: [{ outcome: 'stale', because: expect.stringContaining('does not admit this step there') }],
      violation: null,
    });
  });

  test('a schedule that the model takes to its end is not stale, whatever states are in the file', async () => {
    const cwd = withChanged({ rules: 'correct' });
    const { code, out } = await explore(cwd, 'tutorial', '--runs', '1');
    expect(code).toBe(0);
    const told = 'No longer fails: .fle-check/failures/tutorial.changed.json; keep it with fle-check promote';
    expect(out).toContain(told);
    const mutant = withChanged({ rules: 'order-ignores-zxid' });
    const { out: other } = await explore(mutant, 'tutorial', '--rules', 'order-ignores-zxid');
    expect(other).toContain('tutorial.changed.json; remove it\n');
  });

  test.each([
    ['empty', '', 'is empty'],
    ['of another format', '{"format":"itf"}', 'is not a trace of fle-check'],
    ['of open brackets', '['.repeat(200_000), 'is truncated'],
    ['of brackets', `{"format":"fle-check-trace","version":${BRACKETS}}`, 'has no number as version'],
    ['of control characters', JSON.stringify({ ...kept.trace, says: '\u001b[2J' }), 'is not a valid trace'],
  ])('a file %s', async (_, text, because) => {
    const cwd = directory();
    mkdirSync(join(cwd, FAILURES), { recursive: true });
    writeFileSync(join(cwd, FAILURES, 'tutorial.x.json'), text);
    const { code, out, err } = await explore(cwd, 'tutorial', '--runs', '1');
    expect([code, err]).toEqual([3, '']);
    expect(out).toContain(`\nStale: .fle-check/failures/tutorial.x.json ${because}`);
    expect(out).toContain('\ntutorial  inconclusive: 1 stored failure could not be replayed\n');
  });

  test('a violation found besides is the verdict', async () => {
    const cwd = withChanged({ claim: 'noLeader' });
    const { code, result } = await resultOf(cwd, ...VIOLATED);
    expect(code).toBe(1);
    expect(result).toMatchObject({ verdict: 'violated', runs: 1, replayed: [{ outcome: 'stale' }] });
  });

  test('a file of no model is told on standard error, with its name as a terminal may see it', async () => {
    const cwd = withChanged({ model: 'paxos' });
    writeFileSync(join(cwd, FAILURES, 'a\n\u001b[2J.json'), '');
    mkdirSync(join(cwd, FAILURES, 'dir.json'));
    writeFileSync(join(cwd, FAILURES, 'notes.txt'), '');
    symlinkSync('nowhere', join(cwd, FAILURES, 'link.json'));
    const { code, out, err } = await explore(cwd, 'tutorial', '--runs', '1');
    expect(code).toBe(3);
    expect(out).toContain('\ntutorial  passed\n');
    expect(err.split('\n')).toEqual([
      'fle-check: stale: .fle-check/failures/a??[2J.json is empty; remove it once you know why',
      'fle-check: stale: .fle-check/failures/dir.json is not a regular file; remove it once you know why',
      'fle-check: stale: .fle-check/failures/tutorial.changed.json: no model is called paxos; remove it once you know why',
      '',
    ]);
  });
});

describe('a directory that cannot be used costs the memory, not the verdict', () => {
  test.each([
    ['a file', 'file', 'cannot read file: a part of the path is not a directory'],
    ['below a file', 'file/below', 'cannot read file/below: a part of the path is not a directory'],
    [
      'where nothing can be made',
      '/proc/none/failures',
      'cannot write /proc/none/failures: no such file or directory',
    ],
    ['of a long name', 'n'.repeat(300), 'the name is too long'],
  ])('%s', async (_, failures, because) => {
    const cwd = directory();
    writeFileSync(join(cwd, 'file'), '');
    const { code, out, err } = await explore(cwd, ...VIOLATED, '--failures', failures);
    expect(out).toContain('\ntutorial  violated: claim noMinorityLeader is violated');
    expect(err).toMatch(/^fle-check: [^\n]*\n$/);
    expect(err).toContain(because);
    expect(code).toBe(2);
  });
});

test('processes that write at once lose nothing, and every file is whole', async () => {
  const cwd = directory();
  const runs = ['minority-quorum', 'order-ignores-zxid'].flatMap((rules) =>
    ['1', '2', '3'].map((seed) => ['tutorial', '--rules', rules, '--seed', seed, '--failures', 'shared']),
  );
  const results = await Promise.all(runs.map((args) => resultOf(cwd, ...args)));
  expect(results.map(({ code, err }) => [code, err])).toEqual(runs.map(() => [1, '']));
  const traces = results.map(({ result }) => result.violation!.trace);
  for (const trace of traces) expect(readTrace(join(cwd, 'shared', failureName(trace)))).toEqual(trace);
  const names = [...new Set(traces.map(failureName))];
  expect(names).toHaveLength(2);
  expect(readdirSync(join(cwd, 'shared')).sort()).toEqual(names.sort());
});

test('a trace that check has left is a failure too, once it is put there', async () => {
  const cwd = directory();
  await serve(cwd, ['check', ...VIOLATED, '--bounds', 'tiny']);
  const [trace] = readdirSync(join(cwd, 'fle-check-traces'));
  mkdirSync(join(cwd, 'mine'));
  copyFileSync(join(cwd, 'fle-check-traces', trace), join(cwd, 'mine', trace));
  const { result } = await resultOf(cwd, ...VIOLATED, '--failures', 'mine');
  expect(result).toMatchObject({ runs: 0, replayed: [{ failure: `mine/${trace}`, outcome: 'fails' }] });
});

test('Ctrl-C is heard between two replays', async () => {
  const cwd = directory();
  mkdirSync(join(cwd, FAILURES), { recursive: true });
  for (let i = 0; i < 200; i++) {
    const name = `tutorial.${i}.json`;
    writeFileSync(join(cwd, FAILURES, name), JSON.stringify({ ...kept.trace, rules: 'correct' }));
  }
  const args = ['explore', 'tutorial', '--runs', '100m', '--json', 'r.json'];
  const { code } = await run(cwd, args, (kill) => kill('SIGINT'));
  const result = explorationSchema.array().parse(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')))[0];
  expect(code).toBe(3);
  expect(result).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted before its turn', runs: 0 });
  expect(result.replayed.length).toBeLessThan(200);
});
