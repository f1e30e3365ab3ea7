/** `fle-check mutants`, as a user runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { findRuleSet } from '../../../models/index.js';
import { matrixSchema } from '../../report/schemas.js';
import { directories, type Finished } from '../../testing/command.js';
import { run } from '../../testing/served.js';
import { trialsOf } from '../../trials/trials.js';

const directory = directories();
const cwd = directory();
/** Two mutants with all that is tried, whose rows are in `rows.json`. */
let tried: Finished;
beforeAll(async () => {
  tried = await run(cwd, ['mutants', 'minority-quorum', 'clock-not-raised', '--json', 'rows.json']);
});
const rowsIn = (path: string) => matrixSchema.parse(JSON.parse(readFileSync(path, 'utf8')));

test('prints a section for each model, each claim that fails with its steps, and counts', () => {
  const { code, out, err } = tried;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  // The seconds of a row may stand between any two of its words.
  const inOneLine = out.replaceAll(/\s+/g, ' ').replaceAll(/\d+\.\d \+ \d+\.\d s /g, '');
  expect(inOneLine).toContain(
    '* noMinorityLeader 4 (random 4), decisionHasVoteQuorum 4, highestOfQuorumWins 4',
  );
  expect(out).toMatch(/clock-not-raised +survives: with one round for all/);
  const trials = ['minority-quorum', 'clock-not-raised'].flatMap((name) => trialsOf(findRuleSet(name)!));
  const killed = trials.filter(({ declared }) => 'claim' in declared).length;
  const counts = `${killed} killed, ${trials.length - killed} survive as declared, 0 unexplained`;
  expect(out).toContain(`${trials.length} trials: ${counts}`);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('writes the matrix as JSON of its schema, alone on standard output for -', async () => {
  const cwd = directory();
  const asked = ['mutants', 'ZOOKEEPER-1419', '--no-random', '--json'];
  const file = await run(cwd, [...asked, 'matrix.json']);
  expect(file.code).toBe(0);
  const rows = matrixSchema.parse(JSON.parse(readFileSync(join(cwd, 'matrix.json'), 'utf8')));
  const row = rows.find(({ model }) => model === 'rules');
  expect(row).toMatchObject({ verdict: 'killed', failures: [{ claim: 'strictTotalOrder', steps: 0 }] });
  expect(row?.rulesUsed).toEqual([
    { rule: 'totalOrderPredicate', constant: false, calls: 30, differing: 1, all: true },
  ]);
  expect(file.out).toMatch(/ZOOKEEPER-1419 +survives, 0 of \d+ answers unlike ZooKeeper's: the textbook has/);
  const { out } = await run(cwd, [...asked, '-']);
  expect(matrixSchema.parse(JSON.parse(out))).toHaveLength(rows.length);
});

test('has nothing on standard output for - where its input is refused', async () => {
  const { code, out, err } = await run(directory(), ['mutants', 'no-such-rules', '--json', '-']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('no-such-rules');
});

test('leaves out what random exploration ends with for --no-random', async () => {
  const { code, out } = await run(directory(), ['mutants', 'minority-quorum', '--no-random', '--json', '-']);
  expect(code).toBe(0);
  const [withIt, without] = [rowsIn(join(cwd, 'rows.json')), matrixSchema.parse(JSON.parse(out))].map(
    (rows) =>
      rows.find(({ model, ruleSet }) => model === 'fast-leader-election' && ruleSet === 'minority-quorum'),
  );
  expect(withIt?.random?.violation).toMatchObject({ steps: 4, breadthFirst: 4, switches: { fewest: true } });
  expect(without?.random).toBeNull();
});

test.each([
  [['ZOOKEEPER-14119'], 'ZOOKEEPER-14119 is not modelled; docs/history.md lists'],
  [['clock-not-risen'], 'Did you mean clock-not-raised?'],
  [['correct'], 'correct is no mutant'],
  [['--json', 'no/such/place.json'], 'cannot write no/such/place.json'],
])('refuses %j in one line', async (args, message) => {
  const { code, out, err } = await run(directory(), ['mutants', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});
