/** The shortest trace to each witness. Traces that a reader should see are kept as files. */
import { expect, test } from 'vitest';
import { type Bounds, findFamily, findRuleSet } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { recordTrace, toReadableJson } from '../../src/trace/trace.js';
import { caseOf } from '../index.js';

/** A model at small bounds that show every witness, with the outcome of a search. */
function explored(name: string, bounds: Partial<Bounds>) {
  const family = findFamily(name)!;
  const subject = caseOf(family, { ...family.presets.tiny, ...bounds }, findRuleSet('correct')!);
  return { subject, outcome: check(subject.model, subject.expectations) };
}
type Explored = ReturnType<typeof explored>;

const election = explored('fast-leader-election', { rounds: 2, abandons: 1 });
const faithful = explored('fle-faithful', { servers: 3, start: 'together', queue: 1, resends: 0 });
const discovery = explored('zab-discovery', { epochs: 2, crashes: 1, abandons: 1 });
const synchronization = explored('zab-synchronization', { epochs: 3, txns: 1, crashes: 1, abandons: 1 });

const lengthsOf = ({ outcome }: Explored) =>
  Object.fromEntries(
    Object.entries(outcome.witnesses).map(([name, schedule]) => [name, schedule?.steps.length]),
  );

test('finds every witness of fast-leader-election at the shortest length (rounds=2, abandons=1)', () => {
  expect(lengthsOf(election)).toEqual({
    leaderElected: 5,
    twoLeadersAtOneClock: 9,
    decisionOvertaken: 5,
    clockLoweredByAdoption: 13,
    leaderAdopted: 9,
    proposalRaised: 3,
    recvsetFilled: 3,
    lookingHandled: 7,
    s2Leads: 5,
    s3Leads: 5,
  });
  expect(election.outcome.excluded).toEqual({ s1Leads: 'only 1 of 3 servers ranks at or below s1' });
});

test('finds every witness of fle-faithful at the shortest length (servers=3, together, queue=1)', () => {
  expect(lengthsOf(faithful)).toEqual({
    leaderElected: 7,
    proposalRaised: 2,
    ownVoteCounts: 2,
    decisionOvertaken: 6,
    droppedByFinalizeWait: 6,
    leaderAdopted: 13,
    oldVoteWithNewState: 6,
    clockBelowZero: 17,
    s2Leads: 7,
    s3Leads: 7,
  });
});

test('finds every witness of zab-discovery at the shortest length (epochs=2, crashes=1, abandons=1)', () => {
  expect(lengthsOf(discovery)).toEqual({
    epochProposed: 4,
    leaderEstablished: 6,
    followerSynced: 7,
    twoProposeOneEpoch: 9,
    twoEstablishedAtOnce: 13,
    epochSkipped: 11,
    epochRefused: 16,
    followerAhead: 14,
    epochAcceptedTwice: 11,
    lateAckCounted: 7,
    crashedAfterAccepting: 5,
  });
});

test('finds every witness of zab-synchronization at the shortest length (epochs=3, txns=1)', () => {
  expect(lengthsOf(synchronization)).toEqual({
    committedByAll: 18,
    electedWithHistory: 14,
    committedByLaterLeader: 14,
    committedBeforeLeaderLogged: 18,
    proposalLost: 8,
    uncommittedTruncated: 12,
    followerBehind: 11,
    snapshotRead: 10,
    cannotStartAgain: 12,
  });
});

test('two servers lead at one logical clock after 9 steps of a staggered start, without crash or loss', () => {
  const steps = election.outcome.witnesses.twoLeadersAtOneClock?.steps.map(
    (code) => election.subject.model.actions.findLast(({ first }) => first <= code)?.name,
  );
  expect(steps).toHaveLength(9);
  expect(new Set(steps)).toEqual(new Set(['StartServer', 'HandleNotification', 'EndFinalizeWait']));
});

const kept: readonly (readonly [Explored, readonly string[]])[] = [
  [election, ['twoLeadersAtOneClock', 'decisionOvertaken', 'clockLoweredByAdoption']],
  [faithful, ['clockBelowZero']],
  [discovery, ['twoProposeOneEpoch', 'twoEstablishedAtOnce', 'epochSkipped', 'lateAckCounted']],
  [synchronization, ['cannotStartAgain', 'committedByLaterLeader', 'proposalLost']],
];
for (const [{ subject, outcome }, names] of kept) {
  for (const name of names) {
    test(`the shortest trace to ${name} of ${subject.family.name} is the one in the corpus`, async () => {
      const witness = subject.expectations.witnesses.find((candidate) => candidate.name === name)!;
      const trace = recordTrace(subject.model, outcome.witnesses[name]!, {
        tool: '0.1.0',
        bounds: { ...subject.stated },
        rules: 'correct',
        claim: name,
        says: witness.says,
        source: witness.source,
      });
      await expect(toReadableJson(trace)).toMatchFileSnapshot(
        `../corpus/witnesses/${subject.family.name}.${name}.json`,
      );
    });
  }
}
