/** The commands that are printed below a trace, run as they are printed, from where they were printed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directories } from '../testing/command.js';
import { run, runLine } from '../testing/served.js';

const directory = directories();

/** A directory with a file of rules whose name a shell would take apart. */
function withRules(): { readonly cwd: string; readonly rules: string } {
  const cwd = directory();
  mkdirSync(join(cwd, "o'mine"));
  const rules = "./o'mine/half the votes.ts";
  writeFileSync(join(cwd, rules), 'export default { hasQuorum: (votes: number) => votes >= 1 };\n');
  return { cwd, rules };
}

const commandsIn = (out: string): readonly string[] =>
  [...out.matchAll(/^(?:Replay|See it|Repeat): +(npx fle-check .*)$/gm)].map(([, command]) => command);

test.each([
  [
    'check, under rules that ship',
    ['check', 'tutorial', '--bounds', 'tiny', '--rules', 'minority-quorum'],
    2,
  ],
  [
    'check, into a directory whose name begins like an option',
    ['check', 'tutorial', '--bounds', 'tiny', '--rules', 'minority-quorum', '--trace-dir=-a b'],
    2,
  ],
  [
    'explore, with zxids',
    ['explore', 'tutorial', '--rules', 'minority-quorum', '--zxids', '0,0,1', '--runs', '20'],
    3,
  ],
])('%s', async (_what, args, count) => {
  const cwd = directory();
  const { code, out } = await run(cwd, args);
  expect(code).toBe(1);
  await expectToWork(cwd, commandsIn(out), count);
});

test.each([
  ['check', ['check', 'tutorial', '--bounds', 'tiny'], 2],
  ['explore', ['explore', 'tutorial', '--runs', '20'], 3],
])('%s, under the rules of a file', async (_what, args, count) => {
  const { cwd, rules } = withRules();
  const { code, out } = await run(cwd, [...args, '--rules', rules]);
  expect(code).toBe(1);
  await expectToWork(cwd, commandsIn(out), count);
});

async function expectToWork(cwd: string, commands: readonly string[], count: number): Promise<void> {
  expect(commands).toHaveLength(count);
  for (const command of commands) {
    const { code, err } = await runLine(cwd, command);
    // What is explored again fails again; a page that cannot run rules of a file says so.
    const expected = command.startsWith('npx fle-check explore') ? 1 : 0;
    expect({
      command,
      code,
      err: err.replace(/^fle-check: The rules of this trace are in a file.*\n/, ''),
    }).toEqual({
      command,
      code: expected,
      err: '',
    });
  }
}
