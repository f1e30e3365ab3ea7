/** Every mutant is caught by the claim it names, by a shortest trace, kept in corpus/mutants. */
import { describe, expect, test } from 'vitest';
import { findRung, ruleSets } from '../models/index.js';
import { check } from '../src/engine/breadth-first.js';
import { recordTrace, type Trace, toReadableJson } from '../src/trace/trace.js';
import { type Case, caseOf } from './index.js';

/** A case with one claim alone, so that the search goes on until that claim fails. */
function only(subject: Case, claim: string): Case {
  const { claims, witnesses } = subject.expectations;
  return { ...subject, expectations: { claims: claims.filter(({ name }) => name === claim), witnesses } };
}

/** The shortest trace on which the claim fails, written as `fle-check check --claims` writes it. */
function shortestTrace(subject: Case, claim: string): Trace {
  const alone = only(subject, claim);
  const outcome = check(alone.model, alone.expectations);
  expect(outcome.violation?.claim).toBe(claim);
  const { says, source } = alone.expectations.claims[0];
  return recordTrace(alone.model, outcome.violation!.schedule, {
    tool: '0.1.0',
    bounds: { ...subject.stated },
    rules: subject.ruleSet.name,
    claim,
    says,
    source,
  });
}

const kills = ruleSets.flatMap((ruleSet) =>
  Object.entries(ruleSet.breaks).map(([model, { claim, bounds }]) => {
    const rung = findRung(model)!;
    return { rung, claim, subject: caseOf(rung, { ...rung.presets.tiny, ...bounds }, ruleSet) };
  }),
);

describe('the shortest trace of each mutant', () => {
  for (const { subject, rung, claim } of kills) {
    const { name } = subject.ruleSet;
    test(`${name} violates ${claim} of ${rung.name} (${rung.describe(subject.bounds)})`, async () => {
      const trace = shortestTrace(subject, claim);
      const file = `corpus/mutants/${rung.name}.${name}.${claim}.json`;
      await expect(toReadableJson(trace)).toMatchFileSnapshot(file);
    });
  }

  const lengths: { readonly [kill: string]: number } = {
    'tutorial order-ignores-zxid': 2,
    'tutorial minority-quorum': 1,
    'rules ZOOKEEPER-1419': 0,
    'rules order-ignores-sid': 0,
    'rules order-not-strict': 0,
    'fast-leader-election order-ignores-zxid': 5,
    'fast-leader-election order-ignores-epoch': 5,
    'fast-leader-election jump-takes-what-it-hears': 8,
    'fast-leader-election recvset-kept-on-jump': 8,
    'fast-leader-election minority-quorum': 4,
    'fast-leader-election check-leader-always-true': 8,
    'zab-discovery leader-accepts-never': 13,
    'zab-discovery leader-accepts-late': 13,
    'zab-discovery accepted-epoch-volatile': 14,
    'zab-discovery accepted-epoch-in-memory-only': 8,
    'zab-discovery repeated-ack-counts': 17,
    'zab-discovery old-connections-count': 19,
    'zab-discovery observers-count': 12,
    'zab-discovery ahead-is-no-obstacle': 14,
    'zab-discovery epoch-not-raised-when-equal': 9,
    'zab-synchronization ack-before-history': 15,
    'zab-synchronization ack-before-snapshot': 15,
    'zab-synchronization epoch-before-history': 17,
    'zab-synchronization no-truncation': 19,
    'zab-synchronization database-kept': 14,
    'zab-synchronization snapshot-kept-in-memory': 21,
    'zab-synchronization acks-outlive-truncation': 20,
  };
  test('is as long as pinned here, by hand', () => {
    const measured = kills.map(({ subject, rung, claim }) => [
      `${rung.name} ${subject.ruleSet.name}`,
      shortestTrace(subject, claim).steps.length,
    ]);
    expect(Object.fromEntries(measured)).toEqual(lengths);
  });
});
