/** Two implementations that share no code reach the same states: the pinned figures, counted twice. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isNightly } from '../../src/testing/nightly.js';
import { exploreNaively, type NaiveBounds } from './naive-election.js';
import type { NaiveCounts } from './naive-search.js';

const tiny: NaiveBounds = {
  servers: 3,
  rounds: 1,
  crashes: 0,
  returns: 'any',
  abandons: 0,
  disconnects: 0,
  slots: 1,
  start: 'staggered',
};

/** The pinned runs that JSON texts can afford; `two-servers` brings the crashes, abandons and round jumps. */
const pinnedRuns: Record<string, NaiveBounds> = {
  tiny,
  together: { ...tiny, start: 'together' },
  'two-servers-disconnect': { ...tiny, servers: 2, rounds: 2, crashes: 1, abandons: 1, disconnects: 2 },
  'two-servers-in-order': {
    ...tiny,
    servers: 2,
    rounds: 2,
    crashes: 2,
    returns: 'none',
    abandons: 1,
    start: 'in-order',
  },
  'two-servers': { ...tiny, servers: 2, rounds: 3, crashes: 2, abandons: 3 },
};

function pinnedCounts(run: string): NaiveCounts<string> {
  const file = new URL(`../corpus/exhaustive/fast-leader-election.${run}.json`, import.meta.url);
  const { distinct, generated, depth, actions } = JSON.parse(readFileSync(file, 'utf8'));
  return { distinct, generated, depth, actions };
}

/** Three servers that crash for good: twice as many states as the others together, for the nightly run. */
const largeRuns: Record<string, NaiveBounds> = {
  'nobody-returns': { ...tiny, crashes: 2, returns: 'none' },
  'in-order': { ...tiny, start: 'in-order', crashes: 1, returns: 'none' },
};
describe('a naive second implementation of fast-leader-election', () => {
  for (const [run, bounds] of Object.entries(isNightly ? { ...pinnedRuns, ...largeRuns } : pinnedRuns)) {
    test(`counts the same states, steps and depth as the pinned run (${run})`, () => {
      expect(exploreNaively(bounds)).toEqual(pinnedCounts(run));
    });
  }
});

describe('the comparison notices a change of the naive rules', () => {
  type Counts = Partial<NaiveCounts<string>>;
  const noticed: readonly [run: string, seeded: NonNullable<NaiveBounds['seeded']>, told: Counts][] = [
    ['two-servers', 'clears outofelection on a round jump', { distinct: 6736 }],
    ['two-servers-disconnect', 'nothing is sent again', { distinct: 1765 }],
    ['two-servers', 'oldest wins in a full channel', { distinct: 16655 }],
    ['together', 'no checkLeader', { distinct: 22903 }],
    // The same states: a server may as well crash after the next has started.
    ['two-servers-in-order', 'who has crashed for good is waited for', { distinct: 201, generated: 566 }],
  ];
  for (const [run, seeded, told] of noticed) {
    test(`${seeded} (${run})`, () => {
      expect(exploreNaively({ ...pinnedRuns[run], seeded })).toMatchObject(told);
      expect(pinnedCounts(run)).not.toMatchObject(told);
    });
  }

  test('a mistake that the bounds cannot reach changes nothing: no checkLeader (two-servers)', () => {
    const counts = exploreNaively({ ...pinnedRuns['two-servers'], seeded: 'no checkLeader' });
    expect(counts).toEqual(pinnedCounts('two-servers'));
  });
});
