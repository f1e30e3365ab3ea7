/** A run in a process that serves many is the run that a user starts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directories, type Finished, run } from './command.js';
import { isNightly } from './nightly.js';
import { run as serve } from './served.js';

const directory = directories();

/** Runs that end in every way, so that each has others behind it. */
const RUNS: readonly (readonly string[])[] = [
  ['check', 'tutorial', '--bounds', 'tiny'],
  ['check', 'tutorial', '--bounds', 'tiny', '--rules', 'minority-quorum'],
  ['replay', 'fle-check-traces/tutorial.minority-quorum.noMinorityLeader.json'],
  ['check', 'tutorial', '--bounds', 'tiny', '--rules', './mine.mjs'],
  ['check', 'tutorial', '--bounds', 'tiny', '--rules', './throws.mjs'],
  ['check', 'fast-leader-election', '--servers', '5', '--states-max', '5k', '--workers', '1'],
  ['explore', 'tutorial', '--seed', '7', '--runs', '5'],
  ['check', 'tutorial', '--servers', '99'],
  ['chek'],
  ['models', 'tutorial'],
  ['check', '--help'],
  [],
];

/** By day half of them: each exit code, a trace, a limit and a file of rules are among those. */
const TRIED = RUNS.filter((_, i) => isNightly || [1, 2, 3, 5, 8, 9].includes(i));

/** What was printed, without what no two runs have in common: times and the speed. */
const timeless = ({ code, signal, out, err }: Finished) => ({
  code,
  signal,
  out: out.replaceAll(/[\d,.]+(?= (?:s|ms|kB|MB)\b)/g, '…').replaceAll(/ +/g, ' '),
  err,
});

function filled(): string {
  const cwd = directory();
  writeFileSync(
    join(cwd, 'mine.mjs'),
    'console.log("heard"); export default { hasQuorum: (v, n) => v > 1 };',
  );
  writeFileSync(join(cwd, 'throws.mjs'), 'export default { hasQuorum() { throw new Error("boom") } };');
  return cwd;
}

test('prints the same as a start of its own, whatever was run before', async () => {
  const cwd = filled();
  const started = [];
  for (const args of TRIED) started.push(timeless(await run(cwd, args)));
  expect(new Set(started.map(({ code }) => code))).toEqual(new Set([0, 1, 2, 3]));
  const served = [];
  // Backwards, so that what ends well comes after what does not; and the first once more.
  for (const args of TRIED.toReversed()) served.unshift(timeless(await serve(cwd, args)));
  expect(served).toEqual(started);
  expect(timeless(await serve(cwd, TRIED[0]))).toEqual(started[0]);
});

test('a file that was edited between two runs is read anew', async () => {
  const cwd = filled();
  const args = ['check', 'tutorial', '--bounds', 'tiny', '--rules', './mine.mjs', '--json', 'result.json'];
  const write = (rule: string) =>
    writeFileSync(join(cwd, 'mine.mjs'), `export default { hasQuorum: ${rule} };`);
  write('(votes, servers) => votes * 2 > servers');
  expect(await serve(cwd, args)).toMatchObject({ code: 0 });
  write('() => true');
  expect(await serve(cwd, args)).toMatchObject({ code: 1 });
  expect(JSON.parse(readFileSync(join(cwd, 'result.json'), 'utf8'))[0].verdict).toBe('violated');
});

test('runs that are asked for at once do not mix', async () => {
  const [one, other] = [filled(), filled()];
  const args = ['check', 'tutorial', '--bounds', 'tiny'];
  const ended = await Promise.all([
    serve(one, args),
    serve(other, [...args, '--rules', 'minority-quorum']),
    serve(one, ['models', 'tutorial']),
  ]);
  expect(ended.map(({ code }) => code)).toEqual([0, 1, 0]);
  expect(ended[2].out).not.toContain('holds');
});
