/** Two implementations of zab-synchronization that share no code reach the same states, by the same steps. */
import { describe, expect, test } from 'vitest';
import { findFamily, findRuleSet } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import type { Outcome } from '../../src/engine/outcome.js';
import { isNightly } from '../../src/testing/nightly.js';
import { caseOf } from '../index.js';
import {
  exploreSynchronization,
  type SynchronizationBounds,
  type SynchronizationCounts,
} from './naive-synchronization.js';

/** The bounds in the order in which the names of the tests give them. */
function boundsOf(
  servers: number,
  epochs: number,
  txns: number,
  crashes: number,
  abandons: number,
): SynchronizationBounds {
  return { servers, epochs, txns, crashes, abandons };
}

function nameOf(bounds: SynchronizationBounds): string {
  return Object.entries(bounds)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/**
 * Ours without symmetry, because the naive one also visits what differs only in the names of the servers.
 * `asked`: whether the claims are asked, whose violation would end the search.
 */
function exploreOurs(bounds: SynchronizationBounds, ruleSet = 'correct', asked = 'claims'): Outcome {
  const family = findFamily('zab-synchronization')!;
  const { servers, epochs, txns, crashes, abandons } = bounds;
  const stated = { ...family.presets.tiny, servers, epochs, txns, crashes, abandons };
  const { model, expectations } = caseOf(family, stated, findRuleSet(ruleSet)!);
  const claims = asked === 'claims' ? expectations.claims : [];
  return check({ ...model, permutations: null }, { ...expectations, claims });
}

function countsOf({ distinct, generated, depth, actions }: Outcome | SynchronizationCounts) {
  return { distinct, generated, depth, actions };
}

/**
 * What JSON texts can afford by day: two servers bring a third epoch, three a quorum that leaves one out. All
 * failures together, and two transactions, take half a minute each.
 */
const byDay: readonly SynchronizationBounds[] = [
  boundsOf(2, 2, 1, 1, 1),
  boundsOf(2, 3, 2, 1, 1),
  boundsOf(3, 2, 1, 0, 1),
  boundsOf(3, 2, 1, 1, 0),
];
const atNight: readonly SynchronizationBounds[] = [
  boundsOf(3, 2, 1, 1, 1),
  boundsOf(3, 2, 2, 1, 0),
  boundsOf(3, 2, 2, 0, 1),
  boundsOf(3, 3, 1, 1, 1),
];
const compared = isNightly ? [...byDay, ...atNight] : byDay;

describe('a naive second implementation of zab-synchronization', () => {
  for (const bounds of compared) {
    test(`counts the same states, steps and depth as ours (${nameOf(bounds)})`, () => {
      const naive = exploreSynchronization(bounds);
      const ours = exploreOurs(bounds);
      expect(countsOf(naive)).toEqual(countsOf(ours));
      expect(naive.violations).toEqual([]);
      expect(ours.verdict).toBe('holds');
    });
  }
});

/** A mistake of the naive rules, and the claims that fail under it. */
interface Seeded {
  readonly name: NonNullable<SynchronizationBounds['seeded']>;
  readonly violations: SynchronizationCounts['violations'];
  /** The rule set in which ours makes the same mistake. */
  readonly ruleSet?: string;
}

const every: Seeded['violations'] = ['committedIsDurable', 'committedNeverTruncated', 'leaderCompleteness'];
const SEEDS: readonly Seeded[] = [
  { name: 'elects without a look at the histories', violations: [] },
  { name: 'truncates one more than is ahead', violations: every },
  { name: 'commits without a majority', violations: ['committedIsDurable'] },
  { name: 'writes currentEpoch before the history', violations: [] },
  { name: 'a database behind its log until UPTODATE', violations: ['committedIsDurable'] },
  {
    name: 'counts an ACK that was sent before a TRUNC',
    violations: ['committedIsDurable'],
    ruleSet: 'late-acks-count',
  },
  {
    name: 'keeps the ACKs of what it tells to truncate',
    violations: ['committedIsDurable'],
    ruleSet: 'acks-outlive-truncation',
  },
  {
    name: 'truncates what is committed and not applied',
    violations: ['committedIsDurable', 'committedNeverTruncated'],
    ruleSet: 'committed-is-truncated',
  },
];

describe('the comparison notices a change of the naive rules', () => {
  const bounds = boundsOf(2, 3, 2, 1, 1);
  const ours = exploreOurs(bounds);
  for (const { name, violations, ruleSet } of SEEDS) {
    test(`${name} (${nameOf(bounds)})`, () => {
      const naive = exploreSynchronization({ ...bounds, seeded: name });
      expect(naive.distinct).not.toBe(ours.distinct);
      expect(naive.violations).toEqual(violations);
    });
    test.runIf(ruleSet !== undefined)(`${name}: the same states as under ${ruleSet}`, () => {
      const naive = exploreSynchronization({ ...bounds, seeded: name });
      expect(countsOf(naive)).toEqual(countsOf(exploreOurs(bounds, ruleSet, 'no claims')));
    });
  }
});
