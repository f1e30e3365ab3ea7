/** Every mutant is caught by the claim it names: its shortest trace is in corpus/history or mutants. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFamily, ruleSets } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { readTrace } from '../../src/trace/read.js';
import { recordTrace, type Trace, toReadableJson } from '../../src/trace/trace.js';
import { type Case, caseOf } from '../index.js';
import { traceOf } from './pinned.js';

const CORPUS = join(import.meta.dirname, '..', 'corpus');

/** A case with one claim alone, so that the search goes on until that claim fails. */
function only(subject: Case, claim: string): Case {
  const { claims, witnesses } = subject.expectations;
  return { ...subject, expectations: { claims: claims.filter(({ name }) => name === claim), witnesses } };
}

/** A deadlock breaks this demand, which no claim states. */
const NO_STEP = { says: 'A state that is not terminal has a step.', source: 'every model' };

/** The shortest trace on which the claim fails, written as `fle-check check --claims` writes it. */
function shortestTrace(subject: Case, claim: string): Trace {
  const alone = only(subject, claim);
  const outcome = check(alone.model, alone.expectations);
  expect(outcome.violation?.claim).toBe(claim);
  const { says, source } = alone.expectations.claims[0] ?? NO_STEP;
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
    const family = findFamily(model)!;
    return { family, claim, subject: caseOf(family, { ...family.presets.tiny, ...bounds }, ruleSet) };
  }),
);

describe('the shortest trace of each mutant', () => {
  for (const { subject, family, claim } of kills) {
    const { name } = subject.ruleSet;
    // Five servers take as long as half of the others together.
    const isLarge = name === 'acks-outlive-truncation';
    test.skipIf(isLarge && process.env.FLE_CHECK_NIGHTLY !== '1')(
      `${name} violates ${claim} of ${family.name} (${family.describe(subject.bounds)})`,
      async () => {
        const trace = shortestTrace(subject, claim);
        const file = traceOf(family.name, name, claim);
        await expect(toReadableJson(trace)).toMatchFileSnapshot(join(CORPUS, file));
      },
    );
  }

  const lengths: { readonly [kill: string]: number } = {
    'tutorial order-ignores-zxid': 2,
    'tutorial order-ignores-sid': 3,
    'tutorial minority-quorum': 1,
    'rules ZOOKEEPER-1419': 0,
    'rules order-ignores-sid': 0,
    'rules order-not-strict': 0,
    'fast-leader-election ZOOKEEPER-159': 8,
    'fast-leader-election ZOOKEEPER-569': 10,
    'fast-leader-election ZOOKEEPER-1419': 5,
    'fast-leader-election order-ignores-zxid': 5,
    'fast-leader-election order-ignores-epoch': 5,
    'fast-leader-election minority-quorum': 4,
    'fast-leader-election jump-takes-what-it-hears': 8,
    'fast-leader-election recvset-kept-on-jump': 8,
    'fast-leader-election recvset-of-any-round': 9,
    'zab-discovery ZOOKEEPER-335': 4,
    'zab-discovery ZOOKEEPER-764': 12,
    'zab-discovery ZOOKEEPER-790': 4,
    'zab-discovery ZOOKEEPER-1291': 13,
    'zab-discovery ZOOKEEPER-1291-omitted': 13,
    'zab-discovery ZOOKEEPER-1343': 9,
    'zab-discovery ZOOKEEPER-2307': 8,
    'zab-discovery ZOOKEEPER-2959': 12,
    'zab-discovery minority-quorum': 2,
    'zab-discovery accepted-epoch-volatile': 14,
    'zab-discovery repeated-ack-counts': 17,
    'zab-discovery old-connections-count': 19,
    'zab-discovery ahead-is-no-obstacle': 14,
    'zab-synchronization ZOOKEEPER-1154': 19,
    'zab-synchronization ZOOKEEPER-2845': 14,
    'zab-synchronization ZOOKEEPER-3104': 15,
    'zab-synchronization ZOOKEEPER-3642': 21,
    'zab-synchronization ZOOKEEPER-3911': 15,
    'zab-synchronization ZOOKEEPER-4643': 17,
    'zab-synchronization ZOOKEEPER-4882': 29,
    'zab-synchronization order-ignores-zxid': 16,
    'zab-synchronization ZOOKEEPER-1419': 16,
    'zab-synchronization order-ignores-epoch': 25,
    'zab-synchronization minority-quorum': 7,
    'zab-synchronization acks-outlive-truncation': 20,
  };
  test('is as long as pinned here, by hand', () => {
    const recorded = kills.map(({ subject: { ruleSet }, family, claim }) => {
      const { steps } = readTrace(join(CORPUS, traceOf(family.name, ruleSet.name, claim)));
      return [`${family.name} ${ruleSet.name}`, steps.length];
    });
    expect(Object.fromEntries(recorded)).toEqual(lengths);
  });
});
