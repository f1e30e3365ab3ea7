/**
 * What each rule says, by hand: arguments and answer, on both sides of every comparison. A rule that says
 * otherwise is told with the arguments on which it does.
 */
import { expect, test } from 'vitest';
import { findRuleSet } from './rule-sets/index.js';
import { rulesOf } from './rule-sets/rule-set.js';
import { correct, type Rules } from './rules.js';

/** Arguments, then the answer; a rule without arguments is its value. */
type Answers<R> = R extends (...args: infer A) => infer T ? readonly (readonly [...A, says: T])[] : R;

const ANSWERS: { readonly [R in keyof Rules]: Answers<Rules[R]> } = {
  // The new vote, then the current one: sid, zxid, epoch.
  totalOrderPredicate: [
    [1, 1, 2, 2, 2, 1, true],
    [2, 2, 1, 1, 1, 2, false],
    [1, 2, 1, 2, 1, 1, true],
    [2, 1, 1, 1, 2, 1, false],
    [2, 1, 1, 1, 1, 1, true],
    [1, 1, 1, 2, 1, 1, false],
    [1, 1, 1, 1, 1, 1, false],
  ],
  // Votes, voting servers, and the sid of who counts, which makes no difference.
  hasQuorum: [
    [1, 1, 1, true],
    [0, 1, 1, false],
    [1, 2, 1, false],
    [2, 2, 1, true],
    [1, 3, 1, false],
    [2, 3, 1, true],
    [2, 4, 1, false],
    [3, 4, 1, true],
    [2, 5, 1, false],
    [3, 5, 1, true],
  ],
  proposesItselfFirst: true,
  // Whether what it hears beats its own credential, and its proposal.
  proposalOnJump: [
    [true, true, 'heard'],
    [true, false, 'heard'],
    [false, true, 'own'],
    [false, false, 'own'],
  ],
  clearsRecvsetOnJump: true,
  dropsEarlierRounds: true,
  // Whether its sender is LOOKING, and whether it is of this round.
  entersRecvset: [
    [true, true, true],
    [true, false, false],
    [false, true, true],
    [false, false, false],
  ],
  entersOutofelection: [
    [true, true],
    [false, true],
  ],
  joinsLeaderOfThisRound: false,
  broadcastsAdopted: true,
  repliesToEarlierRound: true,
  waitsToFinalize: true,
  // Whether it beats the proposal, and is of this round.
  endsFinalizeWait: [
    [true, true, true],
    [true, false, true],
    [false, true, false],
    [false, false, false],
  ],
  putsBack: true,
  comparesRoundsOutOfElection: false,
  comparesEpochsInRecvset: false,
  raisesClock: true,
  resendsLastMessage: true,
  clockAfterCrash: [
    [0, 0],
    [3, 0],
  ],
  // Whether the leader is the server itself, whether it says so, the own clock, the round reported.
  checkLeader: [
    [true, true, 1, 1, true],
    [true, false, 1, 1, true],
    [true, true, 2, 1, false],
    [true, true, 1, 2, false],
    [false, true, 2, 1, true],
    [false, true, 1, 1, true],
    [false, false, 1, 1, false],
    [false, false, 2, 1, false],
  ],
  // The epoch so far, -1 for none, and the acceptedEpoch heard.
  epochToPropose: [
    [-1, 0, 1],
    [3, 1, 3],
    [3, 2, 3],
    [3, 3, 4],
    [3, 4, 5],
  ],
  // Of a participant, asked of s1.
  validVoter: [
    [true, 1, true],
    [false, 1, false],
  ],
  countsInEpochQuorum: [
    [true, 1, true],
    [false, 1, false],
  ],
  leaderAcceptsEpoch: 'whenProposed',
  currentEpochWritten: 'whenEstablished',
  updatesElectionVote: true,
  countsEpochAck: [
    [-1, false],
    [0, true],
    [1, true],
  ],
  // The follower's epoch, then the leader's.
  isMoreRecentThan: [
    [2, 1, true],
    [1, 1, false],
    [1, 2, false],
  ],
  oldConnectionsCount: false,
  // The acceptedEpoch and the currentEpoch on disk, and whether it is the first start after a crash.
  acceptedEpochAfterCrash: [
    [2, 1, true, 2],
    [1, 1, false, 1],
  ],
  truncates: true,
  diffHolds: [
    [1, 2, true],
    [2, 2, true],
  ],
  queuesOutstanding: true,
  leaderAcksNewLeader: true,
  truncatesCommitted: false,
  truncationRevokesAcks: true,
  lateAcksCount: false,
  newLeaderWrites: [
    [true, ['history', 'currentEpoch', 'ack']],
    [false, ['history', 'currentEpoch', 'ack']],
  ],
  loggedForNewLeader: 'committed',
  logWriterSurvives: false,
  acksDiffWhenLogged: false,
  commitsUnlogged: false,
  // Whether it served until then, and whether it leaves in the middle of a SNAP, or of a TRUNC.
  databaseAfterLeaving: [
    [true, true, false, 'fastForwarded'],
    [true, false, true, 'fastForwarded'],
    [true, false, false, 'fastForwarded'],
    [false, true, false, 'reloaded'],
    [false, false, true, 'reloaded'],
    [false, false, false, 'kept'],
  ],
};

/** The same, with the answers that the rule gives. */
function said(rule: unknown, told: unknown): unknown {
  if (typeof rule !== 'function') return rule;
  return (told as readonly unknown[][]).map((row) => [...row.slice(0, -1), rule(...row.slice(0, -1))]);
}

for (const [name, told] of Object.entries(ANSWERS)) {
  test(`${name} says what it must, of the arguments listed`, () => {
    expect(said(correct[name as keyof Rules], told)).toEqual(told);
  });
}

test('every rule is told here', () => {
  expect(Object.keys(correct).sort()).toEqual(Object.keys(ANSWERS).sort());
});

test('the rules of a rule set are the correct ones, but for its overrides', () => {
  const ruleSet = { name: 'mine', says: '', source: '', overrides: { truncates: false }, breaks: {} };
  expect(rulesOf(ruleSet)).toEqual({ ...correct, truncates: false });
});

/** In the middle of a TRUNC: the only answer in which a release differs. */
const inATrunc = ({ databaseAfterLeaving }: Rules) => databaseAfterLeaving(false, false, true);
const REPAIRS = ['databaseAfterLeaving', 'lateAcksCount', 'truncatesCommitted', 'truncationRevokesAcks'];

test('master has none of the four repairs, and differs from the correct rules in nothing else', () => {
  const { overrides } = findRuleSet('zookeeper-master')!;
  expect(Object.keys(overrides).sort()).toEqual(REPAIRS);
});

test.each(['zookeeper-master', 'zookeeper-3.8.6', 'zookeeper-3.8.0'])('%s has no repair', (name) => {
  const rules = rulesOf(findRuleSet(name)!);
  const unrepaired = { lateAcksCount: true, truncatesCommitted: true, truncationRevokesAcks: false };
  expect(rules).toMatchObject(unrepaired);
  expect([inATrunc(rules), inATrunc(correct)]).toEqual(['kept', 'reloaded']);
});
