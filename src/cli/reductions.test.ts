/** `--reduce`, as a user meets it: what a verdict rests on is said, and what is unsound is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directories } from '../testing/command.js';
import { run } from '../testing/served.js';

const directory = directories();
const check = (...args: readonly string[]) => run(directory(), ['check', ...args]);

const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

const TINY = ['fast-leader-election', '--bounds', 'tiny'];

test('says by what it was reduced, in the table and in the JSON', async () => {
  const { code, out } = await check(...TINY, '--reduce', 'all');
  expect(code).toBe(0);
  expect(out).toMatch(/^fast-leader-election: all 7 reductions are sound here, and taken$/m);
  expect(out).toMatch(/^fast-leader-election +156 +523 /m);
  expect(inOneLine(out)).toContain('every assignment, all 7 reductions;');
  const { out: json } = await check(...TINY, '--reduce', 'full-slots', '--json', '-');
  expect(JSON.parse(json)[0]).toMatchObject({
    bounds: { reduce: 'full-slots' },
    reductions: { taken: ['full-slots'], leftOut: {} },
    distinct: 14_510,
  });
  const { out: whole } = await check(...TINY, '--json', '-');
  expect(JSON.parse(whole)[0]).toMatchObject({ reductions: null });
  expect(JSON.parse(whole)[0].bounds).not.toHaveProperty('reduce');
});

test('all are those that are sound within the bounds; the others are named with the reason', async () => {
  const { out } = await check(...TINY, '--crashes', '1', '--reduce', 'all');
  expect(out).toMatch(/^fast-leader-election +120,209 /m);
  const told = inOneLine(out);
  expect(told).toContain('--reduce all takes 1 of 7 reductions taken: full-slots left out: spent-slots, ');
  expect(told).toContain('anonymous-servers (it needs --crashes 0 or --returns none: a server that');
  expect(told).toContain('all 7 are sound with --returns none');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('the bounds that would make all of them sound are as few as will do, in the JSON the reasons', async () => {
  const limit = ['--states-max', '1', '--reduce', 'all'];
  const { out } = await check('fast-leader-election', ...limit);
  expect(out).toContain('  all 7 are sound with --rounds 1 --abandons 0 --returns none');
  const json = JSON.parse((await check('fast-leader-election', ...limit, '--json', '-')).out);
  expect(json[0].reductions.taken).toEqual(['full-slots']);
  expect(Object.keys(json[0].reductions.leftOut)).toHaveLength(6);
  expect(json[0].reductions.leftOut['dead-votes']).toMatch(/^it needs --rounds 1 and no abandon/);
});

test('servers that crash for good', async () => {
  const { code, out } = await check(...TINY, '--crashes', '1', '--returns', 'none', '--reduce', 'all');
  expect(code).toBe(0);
  expect(inOneLine(out)).toMatch(/ 1 crash, nobody returns, .*, all 7 reductions; /);
});

test('a violation is a run of the model without reductions, and replays there', async () => {
  const cwd = directory();
  const asked = ['check', ...TINY, '--servers', '4', '--rules', 'minority-quorum', '--reduce', 'all'];
  const { code, out } = await run(cwd, asked);
  expect(code).toBe(1);
  expect(out).toContain('Shortest: 4 steps (breadth-first).');
  const path = 'fle-check-traces/fast-leader-election.minority-quorum.decisionHasVoteQuorum.json';
  expect(JSON.parse(readFileSync(join(cwd, path), 'utf8')).bounds).not.toHaveProperty('reduce');
  expect((await run(cwd, ['replay', path])).code).toBe(0);
});

test('all of them are left out one by one where the rules make them unsound', async () => {
  const { code, out } = await check(...TINY, '--rules', 'ZOOKEEPER-159', '--reduce', 'all');
  expect(code).toBe(1);
  expect(inOneLine(out)).toContain(', reduced by full-slots; ');
  expect(out).not.toContain('are sound with');
});

describe('refuses in one line', () => {
  test.each([
    [
      [...TINY, '--slots', '2', '--reduce', 'full-slots'],
      'the reduction full-slots is unsound here: it needs --slots 1',
    ],
    [[...TINY, '--crashes', '1', '--reduce', 'eager-reads'], 'it needs --crashes 0 or --returns none'],
    [[...TINY, '--rules', 'put-back-lost', '--reduce', 'dead-votes'], "about ZooKeeper's putsBack"],
    [['fle-faithful', '--start', 'in-order'], '--start takes staggered or together for fle-faithful'],
    [[...TINY, '--reduce', 'full-slot'], 'Did you mean full-slots?'],
    [['zab-discovery', '--reduce', 'all'], 'zab-discovery does not take --reduce'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await check(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^fle-check: [^\n]*\n$/);
    expect(err).toContain(words);
  });
});
