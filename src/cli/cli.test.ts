/**
 * The command as a user runs it. What is about the process itself runs in one of its own, and so do the first
 * runs of each exit code.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { resultSchema } from '../report/schemas.js';
import { directories, type Finished, run, runInShell } from '../testing/command.js';
import { run as serve } from '../testing/served.js';
import { traceSchema } from '../trace/schema.js';

const freshDirectory = directories();
const check = (...args: string[]) => serve(freshDirectory(), ['check', ...args]);

/** One line on standard error, no stack trace, exit code 2. */
function expectRefusal({ code, out, err }: Finished, words: string): void {
  expect(err).toMatch(/^fle-check: [^\n]*\n$/);
  expect(err).toContain(words);
  expect(out).toBe('');
  expect(code).toBe(2);
}

const VIOLATED = ['tutorial', '--bounds', 'tiny', '--rules', 'minority-quorum'];
const TRACE = 'tutorial.minority-quorum.noMinorityLeader.json';
/** The one result that `--json` has written. */
const resultIn = (text: string) => z.tuple([resultSchema]).parse(JSON.parse(text))[0];

/** Far more states than can be explored while a test waits. */
const ENDLESS = ['fast-leader-election', '--servers', '5', '--crashes', '2'];

test('exits 0 if a model holds, with a table and what it proves', async () => {
  const { code, out, err } = await run(freshDirectory(), ['check', 'tutorial', '--bounds', 'tiny']);
  expect(out).toMatch(
    /\nmodel .*\ntutorial +\d.* holds +\d+\.\d s\n {2}3 servers.*\n(.+\n)*\n(.+\n)+\ntutorial holds, comp/,
  );
  expect(out).toMatch(/\nTaken: {2}StartServer \d/);
  expect(out).toMatch(/\nWitnesses, in steps: {2}leaderElected \d/);
  expect([code, err]).toEqual([0, '']);
});

test('exits 1 if a claim is violated; leaves a trace that replays', async () => {
  const cwd = freshDirectory();
  const { code, out, err } = await run(cwd, ['check', ...VIOLATED]);
  expect([code, err]).toEqual([1, '']);
  expect(out).toContain('tutorial with rules `minority-quorum` violates noMinorityLeader:');
  expect(out).toContain(`npx fle-check replay fle-check-traces/${TRACE}`);
  expect(readdirSync(join(cwd, 'fle-check-traces'))).toEqual([TRACE]);
  const replayed = await run(cwd, ['replay', join('fle-check-traces', TRACE)]);
  expect(replayed).toMatchObject({ code: 0, err: '' });
  expect(replayed.out).toMatch(/Replays: \d+ steps?, every state as in the file/);
  const because = /^ {2}✗ {2}s\d leads, .*: (?:with itself )?1 of \d servers, and a majority is \d\.$/m;
  expect(out).toMatch(because);
  expect(replayed.out).toMatch(because);
});

test('a trace that no longer replays exits 1 and names the first differing step', async () => {
  const cwd = freshDirectory();
  await serve(cwd, ['check', ...VIOLATED, '--trace-dir', '.']);
  const text = readFileSync(join(cwd, TRACE), 'utf8');
  writeFileSync(join(cwd, 'changed.json'), text.replace('"logicalclock": 1', '"logicalclock": 2'));
  const { code, err } = await run(cwd, ['replay', 'changed.json']);
  expect(code).toBe(1);
  expect(err).toContain('part at step 1, StartServer');
  expect(err).toContain('.logicalclock: 2 in the file, 1 now');
});

test('replay refuses bad files in one line', async () => {
  const cwd = freshDirectory();
  await serve(cwd, ['check', ...VIOLATED, '--trace-dir', '.']);
  const text = readFileSync(join(cwd, TRACE), 'utf8');
  const refusals: [string, string][] = [
    [text.slice(0, 300), 'is truncated'],
    [text.replace('"model": "tutorial"', '"model": "tutoral"'), 'Did you mean tutorial?'],
    [text.replace('"servers": 3', '"servers": -3'), 'has bounds that no model takes'],
    [text.replace('"dataVersions": 3', '"dataVersions": 0'), 'has bounds that tutorial cannot have'],
  ];
  for (const [content, words] of refusals) {
    writeFileSync(join(cwd, 'bad.json'), content);
    expectRefusal(await serve(cwd, ['replay', 'bad.json']), words);
  }
  expectRefusal(await run(cwd, ['replay', 'none.json']), 'there is no file none.json');
});

test.each([
  [['chek'], "unknown command 'chek'. Did you mean check?"],
  [['check', 'fast-leader-electoin'], 'Did you mean fast-leader-election? (fle-check models lists all.)'],
  [['check', 'tutorial', '--servers', '99'], '--servers takes 1 to 7 for tutorial, not 99'],
  [['check', 'tutorial', '--servers', '0'], '--servers takes 1 to 7 for tutorial, not 0'],
  [
    ['check', 'fast-leader-election', '--servers', '7', '--zxids', 'every', '--data-versions', '4'],
    'initial states',
  ],
  [['check', 'tutorial', '--slots', '2'], 'tutorial does not take --slots'],
  [['check', '--serverz', '3'], "unknown option '--serverz'. Did you mean --servers?"],
  [['check', '--rules', 'minority-qorum'], 'Did you mean minority-quorum?'],
  [['check', 'tutorial', '--claims', 'noMinorityLeadr'], 'Did you mean noMinorityLeader?'],
  [['check', 'tutorial', '--json', 'no/such/file.json'], 'cannot write no/such/file.json: no such file'],
  [['check', 'tutorial', '--time', 'long'], 'It takes a time such as'],
  [['replay'], "missing required argument 'trace'"],
  [['models', 'tutoral'], 'Did you mean tutorial?'],
])('exits 2 with one line for %j', async (args, words) => {
  expectRefusal(await serve(freshDirectory(), args), words);
});

test('exits 3 at a limit of states, of memory, of time', async () => {
  for (const [flag, value, words] of [
    ['--states-max', '5k', 'the limit of 5000 distinct states was reached'],
    ['--memory-max', '16m', 'bytes for the search'],
    ['--time', '1ms', 'the time limit of 0.001 s was reached'],
  ]) {
    const { code, out } = await check(...ENDLESS, flag, value);
    const told = out.replaceAll(/\s+/g, ' ');
    expect(told).toContain('fast-leader-election is inconclusive: ');
    expect(told).toContain(words);
    expect(code).toBe(3);
  }
});

test('Ctrl-C ends a search as inconclusive, with all figures so far', async () => {
  const cwd = freshDirectory();
  const { code, out, err } = await run(cwd, ['check', ...ENDLESS, '--json', 'r.json'], (kill) =>
    kill('SIGINT'),
  );
  expect([code, err]).toEqual([3, '']);
  expect(out).toContain('fast-leader-election is inconclusive: interrupted.');
  const result = resultIn(readFileSync(join(cwd, 'r.json'), 'utf8'));
  expect(result).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted' });
  expect(result.distinct).toBeGreaterThan(1000);
});

test('a row is there before the next model ends', async () => {
  const args = ['check', '--servers', '4', '--rounds', '4', '--crashes', '3'];
  const { out, signal } = await run(freshDirectory(), args, (kill, text) => {
    if (text.includes('\nrules  ')) kill('SIGKILL');
  });
  expect(signal).toBe('SIGKILL');
  expect(out).toMatch(/\nrules +[\d,]+ .* holds +\d+\.\d s\n {2}votes for 4 servers/);
});

test('Ctrl-C leaves the remaining models as not run', async () => {
  const args = ['check', '--servers', '4', '--rounds', '4', '--crashes', '3'];
  const { code, out } = await run(freshDirectory(), args, (kill) => kill('SIGINT'));
  expect(code).toBe(3);
  expect(out).toMatch(/\nfast-leader-election .* not run +-\n {2}4 servers/);
  expect(out).toContain('fast-leader-election was not run: interrupted before its turn.');
});

test('--json - prints an array of one result for one model, and nothing else', async () => {
  const { code, out } = await check(...VIOLATED, '--json', '-');
  const result = resultIn(out);
  expect(code).toBe(1);
  expect(result).toMatchObject({ model: 'tutorial', verdict: 'violated' });
  expect(result.violation?.claim).toBe('noMinorityLeader');
  expect(result.violation?.explanation).toMatch(
    /^s\d leads, .*: (?:with itself )?1 of \d servers, and a majority is \d\.$/,
  );
});

test('--json FILE writes an array for several models', async () => {
  const cwd = freshDirectory();
  const { code } = await serve(cwd, ['check', '--bounds', 'tiny', '--json', 'all.json']);
  const results = z.array(resultSchema).parse(JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8')));
  expect(results.map(({ verdict }) => verdict)).toEqual(results.map(() => 'holds'));
  expect(results.map(({ model }) => model)).toContain('tutorial');
  expect(code).toBe(0);
  expect(readdirSync(cwd)).toEqual(['all.json']);
});

test('a trace directory that cannot be made costs the trace, not the verdict', async () => {
  const cwd = freshDirectory();
  writeFileSync(join(cwd, 'file'), '');
  const { code, out, err } = await run(cwd, ['check', ...VIOLATED, '--trace-dir', 'file/traces']);
  expect(out).toContain('violates noMinorityLeader');
  expect(err).toMatch(/^fle-check: cannot write file\/traces: [^\n]*\n$/);
  expect(code).toBe(2);
  expect(readdirSync(cwd)).toEqual(['file']);
});

test('a trace directory below one in which nothing can be made is refused, not tried for ever', async () => {
  const { err, code } = await run(freshDirectory(), [
    'check',
    ...VIOLATED,
    '--trace-dir',
    '/proc/none/traces',
  ]);
  expect(err).toMatch(/^fle-check: cannot write \/proc\/none\/traces: [^\n]*\n$/);
  expect(code).toBe(2);
});

test('--claims leaves out the models that have none of them', async () => {
  const { out } = await check('--bounds', 'tiny', '--claims', 'oneLeaderAtATime', '--json', '-');
  const results = z.array(resultSchema).parse(JSON.parse(out));
  expect(results.map(({ model, claims }) => [model, claims])).toEqual([['tutorial', ['oneLeaderAtATime']]]);
});

test('--claims checks only these', async () => {
  const { out } = await check('tutorial', '--bounds', 'tiny', '--claims', 'noMinorityLeader', '--json', '-');
  expect(resultIn(out).claims).toEqual(['noMinorityLeader']);
});

test.skipIf(!existsSync('/dev/full'))('a full disk behind the output is one line', async () => {
  const { code, err } = await runInShell('"$0" "$1" models > /dev/full');
  expect(err).toBe('fle-check: cannot write to standard output: no space is left on the device\n');
  expect(code).toBe(2);
});

test('a reader that leaves early is no error', async () => {
  const line = '("$0" "$1" check tutorial --bounds tiny; echo "exit $?" >&2) | true';
  const { err } = await runInShell(line);
  expect(err).toBe('exit 0\n');
});

test('models lists all models, or describes one', async () => {
  const listed = await serve(freshDirectory(), ['models']);
  expect(listed.out).toMatch(/^ {2}\S+ +\S.*\n/);
  expect(listed.out).toContain('fast-leader-election');
  const { out, code } = await serve(freshDirectory(), ['models', 'fast-leader-election']);
  for (const part of [
    'Departures from Java',
    '--slots',
    'HandleNotification',
    'Claims',
    'Witnesses',
    'Rule sets',
  ]) {
    expect(out).toContain(part);
  }
  expect(code).toBe(0);
});

test('every command explains itself with an example', async () => {
  for (const command of [[], ['check'], ['replay'], ['models'], ['explore']]) {
    const { code, out } = await serve(freshDirectory(), [...command, '--help']);
    expect(out).toMatch(/Examples?:\n {2}fle-check /);
    expect(code).toBe(0);
  }
  expect((await run(freshDirectory(), [])).out).toContain('Usage: fle-check');
});

test('the package carries the JSON Schema of results', () => {
  const path = fileURLToPath(new URL('../../dist/result.schema.json', import.meta.url));
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(path, 'utf8')));
  expect(schema.safeParse({}).success).toBe(false);
  expect(schema.safeParse([]).success).toBe(true);
});

test('a trace file has the shape that its schema states', async () => {
  const cwd = freshDirectory();
  await serve(cwd, ['check', ...VIOLATED, '--trace-dir', 'deep/er']);
  const json = JSON.parse(readFileSync(join(cwd, 'deep/er', TRACE), 'utf8'));
  expect(traceSchema.parse(json)).toEqual(json);
});
