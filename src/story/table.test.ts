/** A trace as text: what decides at the start, what beats what, and a legend of the signs that occur. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFamily, findRuleSet } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import { readTrace } from '../trace/read.js';
import { textOf } from './table.js';

const CORPUS = join(import.meta.dirname, '../../properties/corpus');

function told(path: string) {
  const trace = readTrace(join(CORPUS, path));
  const family = findFamily(trace.model)!;
  const bounds = { ...family.presets.tiny, ...trace.bounds } as Case['bounds'];
  return textOf(caseOf(family, bounds, findRuleSet(trace.rules)!), trace);
}
const words = (lines: readonly string[]) => lines.map((line) => line.trim().replace(/ {2,}/g, ' | '));

describe('row 0', () => {
  test('shows the zxids where the servers have not all the same, in hex', () => {
    const { table } = told('mutants/fast-leader-election.order-ignores-zxid.highestOfQuorumWins.json');
    expect(words(table)[1]).toBe('0 | (start) | off, zxid 0x100000000 | off, zxid 0x0');
  });

  test('shows the epochs where the servers have not all the same', () => {
    const { table, legend } = told(
      'mutants/fast-leader-election.order-ignores-epoch.highestOfQuorumWins.json',
    );
    expect(words(table)[1]).toBe('0 | (start) | off, e2 | off, e1');
    expect(legend.join(' ')).toContain('e = currentEpoch');
  });

  test('shows nothing where all have the same: their sids decide', () => {
    const { table } = told('witnesses/fast-leader-election.twoLeadersAtOneClock.json');
    expect(words(table)[1]).toBe('0 | (start) | off | off | off');
  });
});

test('the votes of `rules` are shown, with what beats what under the rules and in the order of ZooKeeper', () => {
  const { table, legend } = told('history/rules.ZOOKEEPER-1419.strictTotalOrder.json');
  expect(`\n${table.join('\n')}\n`).toMatchInlineSnapshot(`
    "
      vote  for  epoch  zxid
      a     s2   1      0x0
      b     s1   2      0x0
      c     s1   1      0x0

      compared  under these rules     in ZooKeeper's order
      a and b   each beats the other  b beats a: epoch 2 is above 1
      b and c   b beats c             b beats c: epoch 2 is above 1
      a and c   a beats c             a beats c: sid s2 is above s1
    "
  `);
  expect(legend).toEqual([]);
  expect(words(told('mutants/rules.order-not-strict.strictTotalOrder.json').table)).toContain(
    'a and itself | a beats itself | no',
  );
});

describe('the legend', () => {
  test('explains each sign that occurs, and none that does not', () => {
    const { legend } = told('witnesses/fast-leader-election.twoLeadersAtOneClock.json');
    expect(`\n${legend.join('\n')}\n`).toMatchInlineSnapshot(`
      "
        c = logical clock · → s2 = votes for s2, or follows it · has s1:s2 = recvset: s1 votes for s2
        waits = in finalizeWait
      "
    `);
    expect(told('scenarios/tutorialScenario.json').legend).toEqual([
      '  c = logical clock · → s2 = votes for s2, or follows it',
    ]);
  });

  test('has one meaning for a sign in all models', () => {
    const meanings = ['tutorial', 'fle-faithful', 'zab-discovery', 'zab-synchronization'].flatMap(
      (model) => findFamily(model)?.signs ?? [],
    );
    const bySign = new Map<string, Set<string>>();
    for (const { says } of meanings.flatMap(({ says: all }) => all.split(' · ').map((says) => ({ says })))) {
      const [sign, meaning] = says.split(' = ');
      bySign.set(sign, (bySign.get(sign) ?? new Set()).add(meaning));
    }
    expect([...bySign].filter(([, different]) => different.size > 1)).toEqual([]);
  });
});

test.each(['history', 'mutants', 'releases', 'witnesses', 'regressions'])(
  'no line of %s is wider than a terminal',
  (folder) => {
    for (const file of readdirSync(join(CORPUS, folder))) {
      const { table, legend } = told(join(folder, file));
      for (const line of [...table, ...legend]) expect([...line].length).toBeLessThanOrEqual(100);
    }
  },
);
