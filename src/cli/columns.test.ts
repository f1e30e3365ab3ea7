/** What is printed keeps within the columns asked for; commands stay whole, so that they can be copied. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directories, runLine } from '../testing/command.js';

const directory = directories();
const TWO_LEADERS = join(
  import.meta.dirname,
  '../../properties/corpus/witnesses/fast-leader-election.twoLeadersAtOneClock.json',
);

test.each([
  'check fast-leader-election --rules minority-quorum --bounds tiny',
  'explore tutorial --rules minority-quorum --runs 20 --no-failures',
  'leaders --servers 3',
  'models tutorial',
  'mutants order-not-strict --no-random',
  'replay "$TWO_LEADERS"',
])('%s keeps within 80 columns', async (command) => {
  const { out } = await runLine(
    directory(),
    `export COLUMNS=80; TWO_LEADERS='${TWO_LEADERS}'; npx fle-check ${command}`,
  );
  expect(out).not.toBe('');
  const lines = out.split('\n').filter((line) => !/^(Replay|See it|Repeat): +npx /.test(line));
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
