/** `fle-check mutants`, as a user runs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { matrixSchema } from '../report/matrix.js';
import { directories, run } from '../testing/command.js';

const directory = directories();

test('prints a section for each model, each claim that fails with its steps, and counts', async () => {
  const { code, out, err } = await run(directory(), ['mutants', 'minority-quorum', 'clock-not-raised']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('* noMinorityLeader 4, highestOfQuorumWins 4, decisionHasVoteQuorum 4');
  expect(out).toMatch(/clock-not-raised +survives: with one round for all/);
  expect(out).toContain('3 trials: 2 killed, 1 survive as declared, 0 unexplained');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('writes the matrix as JSON of its schema, alone on standard output for -', async () => {
  const cwd = directory();
  const file = await run(cwd, ['mutants', 'ZOOKEEPER-1419', '--json', 'matrix.json']);
  expect(file.code).toBe(0);
  const [row] = matrixSchema.parse(JSON.parse(readFileSync(join(cwd, 'matrix.json'), 'utf8')));
  expect(row).toMatchObject({ verdict: 'killed', failures: [{ claim: 'strictTotalOrder', steps: 0 }] });
  const { out } = await run(cwd, ['mutants', 'ZOOKEEPER-1419', '--json', '-']);
  expect(matrixSchema.parse(JSON.parse(out))).toHaveLength(1);
});

test.each([
  [['ZOOKEEPER-1491'], 'Did you mean ZOOKEEPER-1419?'],
  [['correct'], 'correct is no mutant'],
  [['--json', 'no/such/place.json'], 'cannot write no/such/place.json'],
])('refuses %j in one line', async (args, message) => {
  const { code, out, err } = await run(directory(), ['mutants', ...args]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});
