/** docs/questions.md, run: every command prints what its row says. */
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directories } from '../testing/command.js';
import { runLine } from '../testing/served.js';

const ROOT = join(import.meta.dirname, '../..');
const directory = directories();

const rows = readFileSync(join(ROOT, 'docs/questions.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (question|---)/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\||\|$/g, '').trim()));
const plain = (cell: string): string => cell.replaceAll('`', '');

test.each(rows.filter(([, command]) => command.startsWith('`')))('%s', async (_question, command, prints) => {
  const cwd = directory();
  symlinkSync(join(ROOT, 'properties'), join(cwd, 'properties'));
  const { out } = await runLine(cwd, plain(command));
  expect(out.replace(/\s+/g, ' ')).toContain(plain(prints));
});

test('a question without a command says that it is not modelled, and where to read on', () => {
  const without = rows.filter(([, command]) => !command.startsWith('`'));
  expect(without).toHaveLength(3);
  for (const cells of without) expect(cells.at(-1)).toMatch(/^Not modelled: .*\]\(\w+\.md\)/);
});
