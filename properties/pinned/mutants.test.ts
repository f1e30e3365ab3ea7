/** Every mutant is caught by the claim it names: its shortest trace is in corpus/history or mutants. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findFamily, findRuleSet, ruleSets } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { isNightly } from '../../src/testing/nightly.js';
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
    test(`${name} violates ${claim} of ${family.name} (${family.describe(subject.bounds)})`, async () => {
      const trace = shortestTrace(subject, claim);
      const file = traceOf(family.name, name, claim);
      await expect(toReadableJson(trace)).toMatchFileSnapshot(join(CORPUS, file));
    });
  }

  // A million states: as long as all others together.
  test.runIf(isNightly)('five servers of which none crashes lose what was acknowledged', async () => {
    const family = findFamily('zab-synchronization')!;
    const bounds = { ...family.presets.tiny, servers: 5, epochs: 2, crashes: 0, abandons: 2 };
    const subject = caseOf(family, bounds, findRuleSet('acks-outlive-truncation')!);
    const trace = shortestTrace(subject, 'leaderCompleteness');
    expect(trace.steps).toHaveLength(25);
    const file = 'mutants/zab-synchronization.acks-outlive-truncation.five-servers.json';
    await expect(toReadableJson(trace)).toMatchFileSnapshot(join(CORPUS, file));
  });

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
    'zab-synchronization zookeeper-master': 18,
    'zab-synchronization zookeeper-3.8.6': 18,
    'zab-synchronization zookeeper-3.8.0': 18,
    'zab-synchronization ZOOKEEPER-962': 23,
    'zab-synchronization ZOOKEEPER-1154': 23,
    'zab-synchronization ZOOKEEPER-1419': 16,
    'zab-synchronization ZOOKEEPER-2418': 16,
    'zab-synchronization ZOOKEEPER-2845': 18,
    'zab-synchronization ZOOKEEPER-3104': 15,
    'zab-synchronization ZOOKEEPER-3642': 25,
    'zab-synchronization ZOOKEEPER-3911': 15,
    'zab-synchronization ZOOKEEPER-4643': 20,
    'zab-synchronization ZOOKEEPER-4712': 25,
    'zab-synchronization ZOOKEEPER-4882': 35,
    'zab-synchronization ZOOKEEPER-5094': 29,
    'zab-synchronization order-ignores-zxid': 19,
    'zab-synchronization order-ignores-epoch': 25,
    'zab-synchronization minority-quorum': 5,
    'zab-synchronization acks-outlive-truncation': 18,
    'zab-synchronization late-acks-count': 18,
    'zab-synchronization committed-is-truncated': 18,
    'zab-synchronization acks-before-uptodate': 18,
    'zab-synchronization logs-ahead-of-memory': 18,
  };
  test('is as long as pinned here, by hand', () => {
    const recorded = kills.map(({ subject: { ruleSet }, family, claim }) => {
      const { steps } = readTrace(join(CORPUS, traceOf(family.name, ruleSet.name, claim)));
      return [`${family.name} ${ruleSet.name}`, steps.length];
    });
    expect(Object.fromEntries(recorded)).toEqual(lengths);
  });
});
