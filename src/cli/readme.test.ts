/** The commands of the README, as printed there, and what its first screen says that one prints. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directories, runLine } from '../testing/command.js';
import { isNightly } from '../testing/nightly.js';

const ROOT = join(import.meta.dirname, '../..');
const directory = directories();

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const blocks = readme.split(/^```.*$/m).filter((_, i) => i % 2 === 1);
const commands = blocks
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('npx fle-check '))
  .map((line) => line.replace(/ {2,}#.*/, ''));
/** It takes minutes; src/cli/leaders.test.ts runs it within smaller bounds. */
const isLong = (command: string) => command.endsWith(' leaders');
/** By day src/cli/commands/mutants.test.ts tries these rules, and another set. */
const isNightlyOnly = (command: string) => command.includes(' mutants ');

describe('a command of the README', () => {
  const daily = commands.filter((command) => !isLong(command) && (isNightly || !isNightlyOnly(command)));

  test.each(daily)('runs as printed: %s', async (command) => {
    const cwd = directory();
    symlinkSync(join(ROOT, 'properties'), join(cwd, 'properties'));
    const { code, err } = await runLine(cwd, command);
    expect({ code, err }).toEqual({ code: command.includes(' --rules ') ? 1 : 0, err: '' });
  });
});

test('the first command prints the lines that the first screen shows', async () => {
  const [, shown] = blocks;
  const { out } = await runLine(directory(), commands[0]);
  const printed = out.split('\n');
  for (const line of shown.split('\n').filter((each) => each !== '')) expect(printed).toContain(line);
});

test('its program runs, and prints what its comment says', async () => {
  const cwd = directory();
  const [program] = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code);
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(ROOT, join(cwd, 'node_modules/fle-check'));
  writeFileSync(join(cwd, 'program.mjs'), program);
  const out = execFileSync(process.execPath, ['program.mjs'], { cwd, encoding: 'utf8' });
  expect(out).toMatch(/^violated decisionHasVoteQuorum is violated after 4 steps: .*\n {2}# {2}step /s);
});
