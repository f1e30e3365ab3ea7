/** For each claim of each model a seeded break: the model or the rules as it forbids them, for tests. */

import type { FleSchema } from '../../models/fast-leader-election/model.js';
import type { FaithfulSchema } from '../../models/fle-faithful/state.js';
import { type Bounds, findFamily, findRuleSet, type Rules } from '../../models/index.js';
import { FOLLOWING, LEADING, LOOKING, OFF, VoterState } from '../../models/model/server-state.js';
import type { TutorialSchema } from '../../models/tutorial/model.js';
import type { DiscoverySchema } from '../../models/zab-discovery/state.js';
import type { SynchronizationSchema } from '../../models/zab-synchronization/state.js';
import type { Model, StructType, View } from '../../src/language/index.js';
import { type Case, caseOf } from '../index.js';

/** What a break does to the state after a step of one action. */
type Corrupt<S extends StructType> = (state: View<S>, me: number, from: number) => void;

/** A break: other rules, or an action that does something more. */
export interface Break {
  readonly bounds?: Partial<Bounds>;
  readonly rules?: Partial<Rules>;
  readonly action?: string;
  readonly corrupt?: Corrupt<StructType>;
}

const fle = (action: string, corrupt: Corrupt<FleSchema>, bounds: Partial<Bounds> = {}): Break => ({
  action,
  corrupt: corrupt as unknown as Corrupt<StructType>,
  bounds,
});
const tutorial = (action: string, corrupt: Corrupt<TutorialSchema>): Break => ({
  action,
  corrupt: corrupt as unknown as Corrupt<StructType>,
});
const faithful = (action: string, corrupt: Corrupt<FaithfulSchema>, bounds: Partial<Bounds> = {}): Break => ({
  action,
  corrupt: corrupt as unknown as Corrupt<StructType>,
  bounds,
});
const zab = (action: string, corrupt: Corrupt<DiscoverySchema>, bounds: Partial<Bounds>): Break => ({
  action,
  corrupt: corrupt as unknown as Corrupt<StructType>,
  bounds,
});
const sync = (action: string, corrupt: Corrupt<SynchronizationSchema>): Break => ({
  action,
  corrupt: corrupt as unknown as Corrupt<StructType>,
});
const mutant = (name: string, bounds: Partial<Bounds> = {}): Break => ({
  rules: findRuleSet(name)!.overrides,
  bounds,
});

export const breaks: { readonly [model: string]: { readonly [claim: string]: Break } } = {
  rules: {
    strictTotalOrder: {
      // ZOOKEEPER-1419: an older epoch could win by its zxid.
      rules: {
        totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
          newEpoch > curEpoch || newZxid > curZxid || (newZxid === curZxid && newId > curId),
      },
    },
  },
  tutorial: {
    oneLeaderAtATime: tutorial('StartServer', ({ server }, me) => {
      server[me].state = VoterState.values.LEADING;
    }),
    noMinorityLeader: mutant('minority-quorum'),
    highestOfQuorumWins: mutant('order-ignores-zxid'),
    tutorialScenario: mutant('minority-quorum', { servers: 5 }),
  },
  'fast-leader-election': {
    proposalDominatesSelf: fle('HandleNotification', ({ server }, me) => {
      if (server[me].state === LOOKING) server[me].proposal = 0;
    }),
    proposalMonotone: fle('ResendNotifications', ({ server }, me) => {
      server[me].proposal = 0;
    }),
    recvsetOfThisRound: fle('HandleNotification', ({ server }, me, from) => {
      const entry = server[me].recvset[from];
      if (entry.state !== OFF) entry.electionEpoch = 0;
    }),
    clockNeverLoweredByLooking: fle(
      'HandleNotification',
      ({ server }, me) => {
        if (server[me].state === LOOKING) server[me].logicalclock = 1;
      },
      { rounds: 2, abandons: 1 },
    ),
    decisionHasVoteQuorum: fle('EndFinalizeWait', ({ server }, me) => {
      server[me].state = FOLLOWING;
      server[me].proposal = 0;
    }),
    noMinorityLeader: mutant('minority-quorum'),
    highestOfQuorumWins: fle('EndFinalizeWait', ({ server }, me) => {
      server[me].state = LEADING;
    }),
    leadKeepsRound: fle(
      'EndFinalizeWait',
      ({ server }, me) => {
        server[me].logicalclock = 2;
      },
      { rounds: 2, abandons: 1 },
    ),
    adoptedWasLeading: mutant('ZOOKEEPER-159'),
  },
  'fle-faithful': {
    proposalDominatesSelf: faithful('HandleNotification', ({ server }, me) => {
      server[me].proposal.leader = 0;
    }),
    votesAreCredentials: faithful(
      'HandleNotification',
      ({ server }, me) => {
        server[me].proposal.zxid = 1;
      },
      { zxids: [0, 1] },
    ),
    recvsetOfThisRound: mutant('recvset-kept-on-jump', { rounds: 2, abandons: 1 }),
    finalizesWithQuorum: mutant('minority-quorum'),
    leadsByVotes: mutant('minority-quorum'),
    publishedHasVoteQuorum: mutant('minority-quorum'),
    adoptedWasLeading: mutant('ZOOKEEPER-159', { servers: 3, resends: 0, queue: 1, start: 'together' }),
  },
  'zab-discovery': {
    acceptedEpochMonotone: mutant('accepted-epoch-volatile', { crashes: 1 }),
    currentEpochMonotone: zab(
      'AbandonLeader',
      ({ server }, me) => {
        server[me].currentEpoch = 0;
      },
      { abandons: 1 },
    ),
    acceptedCoversCurrent: mutant('ZOOKEEPER-1291-omitted'),
    currentEpochEstablished: mutant('ZOOKEEPER-790'),
    restartable: zab(
      'CrashServer',
      ({ server }, me) => {
        server[me].acceptedEpoch = 0;
      },
      { crashes: 1 },
    ),
    proposedEpochFresh: mutant('ZOOKEEPER-1343', { abandons: 1 }),
    oneAckPerEpoch: mutant('repeated-ack-counts', { abandons: 2 }),
    leaderNotBehind: mutant('ahead-is-no-obstacle', { abandons: 1 }),
    establishedOnce: mutant('accepted-epoch-volatile', { crashes: 2 }),
    singleLeaderPerEpoch: mutant('ZOOKEEPER-2959', { observers: 1 }),
  },
  'zab-synchronization': {
    acceptedCoversCurrent: sync('ElectLeader', ({ server }, leader) => {
      server[leader].acceptedEpoch = 0;
    }),
    committedIsDurable: mutant('ZOOKEEPER-3911'),
    committedPrefixAgrees: mutant('ZOOKEEPER-1154', { txns: 2 }),
    committedNeverTruncated: mutant('ZOOKEEPER-4643', { abandons: 2 }),
    leaderCompleteness: mutant('ZOOKEEPER-3104', { abandons: 2 }),
  },
};

/** The model with what the break does after each step of its action. */
export function brokenModel(model: Model, { action, corrupt }: Break): Model {
  if (corrupt === undefined) return model;
  const actions = model.actions.map((candidate) =>
    candidate.name !== action
      ? candidate
      : {
          ...candidate,
          then: (state: View<StructType>, me: number, from: number) => {
            candidate.then(state, me, from);
            corrupt(state, me, from);
          },
        },
  );
  return { ...model, actions };
}

/** The case of a model under the rules and at the bounds of a break. */
export function brokenCase(model: string, seeded: Break): Case {
  const family = findFamily(model)!;
  const bounds = { ...family.presets.tiny, ...seeded.bounds };
  const ruleSet = { ...findRuleSet('correct')!, overrides: seeded.rules ?? {} };
  return caseOf(family, bounds, ruleSet);
}
