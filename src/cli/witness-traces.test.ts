/** `check --witness`, as a user runs it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directories } from '../testing/command.js';
import { run, runLine } from '../testing/served.js';

const directory = directories();
const TINY = ['check', 'fast-leader-election', '--bounds', 'tiny', '--crashes', '0'];

test('writes the run to a witness as a trace that replays and is viewed, and prints it', async () => {
  const cwd = directory();
  const { code, out, err } = await run(cwd, [...TINY, '--witness', 'twoLeadersAtOneClock']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(readdirSync(join(cwd, 'fle-check-traces'))).toEqual([
    'fast-leader-election.correct.twoLeadersAtOneClock.json',
  ]);
  expect(out).toMatch(/^ {2}twoLeadersAtOneClock {2}9 steps {2}fle-check-traces\/\S+\.json$/m);
  expect(out).toMatch(/^ {2}9 +s3 ends finalizeWait.* LEADING c1$/m);
  const commands = [...out.matchAll(/^(?:Replay|See it): +(npx .*)$/gm)].map(([, command]) => command);
  expect(commands).toHaveLength(2);
  const [replayed, viewed] = await Promise.all(commands.map((command) => runLine(cwd, command)));
  expect(replayed).toMatchObject({ code: 0, err: '' });
  expect(replayed.out).toContain('it shows twoLeadersAtOneClock reached.');
  // The witness in words, below its name.
  expect(replayed.out).toMatch(/: twoLeadersAtOneClock\n {2}\S+ .*\.\n\n/);
  expect(viewed).toMatchObject({ code: 0, err: '' });
});

test('all stands for every witness; what the bounds exclude has its reason', async () => {
  const cwd = directory();
  const { out } = await run(cwd, [...TINY, '--witness', 'all', '--trace-dir', 'seen', '--reduce', 'all']);
  expect(out).toMatch(/^ {2}s1Leads +excluded +only 1 of 3 servers ranks at or below s1$/m);
  const files = readdirSync(join(cwd, 'seen'));
  expect(files).toContain('fast-leader-election.correct.s3Leads.json');
  for (const file of files) expect(await run(cwd, ['replay', join('seen', file)])).toMatchObject({ code: 0 });
});

test('a misspelt witness is refused in one line, with the nearest', async () => {
  const { code, out, err } = await run(directory(), [...TINY, '--witness', 'twoLeadersAtOneClok']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^fle-check: no witness is called .* Did you mean twoLeadersAtOneClock\?.*\n$/);
});

test('a directory that cannot be written costs the traces, not the verdict', async () => {
  const { code, out, err } = await run(directory(), [
    ...TINY,
    '--witness',
    'all',
    '--trace-dir',
    '/proc/none',
  ]);
  expect(out).toContain('fast-leader-election holds');
  expect(err).toMatch(/^fle-check: cannot write \/proc\/none: [^\n]*\n$/);
  expect(code).toBe(2);
});
