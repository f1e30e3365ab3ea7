/** The claims and witnesses of discovery and synchronization a second time; only tests use them. */

import type { Bounds } from '../../models/index.js';
import { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF } from '../../models/model/server-state.js';
import { Connection, type DiscoveryState } from '../../models/zab-discovery/state.js';
import { Stage, type SynchronizationState } from '../../models/zab-synchronization/state.js';
import { bit, indices, majority, type Naive, type NaiveWitness } from './naive-claims.js';

const faultsOf = ({ election, rounds, crashes, abandons }: Bounds): number =>
  election === 'fle' && rounds === 1 ? crashes : crashes + abandons;
const calm = (bounds: Bounds): boolean => faultsOf(bounds) === 0;
const two = ({ servers }: Bounds): boolean => servers <= 2;
const oneEpoch = ({ epochs }: Bounds): boolean => epochs === 1;
const elected = ({ election }: Bounds): boolean => election === 'fle';

/** Epochs that no server may lower. */
const neverLower =
  (field: 'acceptedEpoch' | 'currentEpoch') =>
  (pre: DiscoveryState, post: DiscoveryState): boolean =>
    indices(pre.server).every((i) => pre.server[i][field] <= post.server[i][field]);

const covers = ({ server }: { server: readonly { acceptedEpoch: number; currentEpoch: number }[] }) =>
  server.every(({ acceptedEpoch, currentEpoch }) => currentEpoch <= acceptedEpoch);

/** The servers that are counted after the step and were not before. */
const newlyCounted = (pre: DiscoveryState, post: DiscoveryState, me: number): number[] =>
  indices(pre.server).filter(
    (i) => bit(post.server[me].electingFollowers, i) && !bit(pre.server[me].electingFollowers, i),
  );

const members = (set: number): number => [...set.toString(2)].filter((digit) => digit === '1').length;

/** Pairs of servers of which `is` says so of both, in different epochs or in one. */
function pairOf(s: DiscoveryState, is: (i: number) => boolean, inOneEpoch: boolean): boolean {
  const those = indices(s.server).filter(is);
  return those.some((i) =>
    those.some((j) => i !== j && (s.server[i].epoch === s.server[j].epoch) === inOneEpoch),
  );
}

const proposed = ({ server }: DiscoveryState, i: number): boolean => members(server[i].electingFollowers) > 0;
const established = (s: DiscoveryState, i: number): boolean =>
  proposed(s, i) && bit(s.history[s.server[i].epoch - 1].established, i);

const discoveryClaims: Naive<DiscoveryState>['claims'] = {
  acceptedEpochMonotone: { witness: 'epochProposed', holds: neverLower('acceptedEpoch') },
  currentEpochMonotone: { witness: 'followerSynced', holds: neverLower('currentEpoch') },
  acceptedCoversCurrent: { witness: 'followerSynced', holds: covers },
  currentEpochEstablished: {
    witness: 'followerSynced',
    holds: ({ server, history }) =>
      server
        .filter(({ currentEpoch }) => currentEpoch > 0)
        .every(({ currentEpoch }) => members(history[currentEpoch - 1].established) > 0),
  },
  restartable: {
    witness: 'crashedAfterAccepting',
    holds: ({ server }) => covers({ server: server.filter(({ state }) => state === OFF) }),
  },
  proposedEpochFresh: {
    witness: 'epochProposed',
    on: ['BecomeLeader', 'HandleFollowerInfo'],
    holds: (pre, post, me, from) => {
      const [before, after] = [pre.server[me], post.server[me]];
      if (after.connectingFollowers === before.connectingFollowers) return true;
      const heard = before.state === LEADING ? [pre.toLeader[from][me].info] : [];
      return [before.acceptedEpoch, ...heard].every((epoch) => epoch < after.epoch);
    },
  },
  oneAckPerEpoch: {
    witness: 'leaderEstablished',
    on: ['HandleAckEpoch', 'HandleFollowerInfo'],
    holds: (pre, post, me) =>
      newlyCounted(pre, post, me).every((i) => !bit(pre.history[post.server[me].epoch - 1].acked, i)),
  },
  leaderNotBehind: {
    witness: 'followerAhead',
    on: ['HandleAckEpoch'],
    holds: (pre, post, me, from) =>
      !newlyCounted(pre, post, me).includes(from) ||
      pre.server[me].currentEpoch >= pre.toLeader[from][me].ack,
  },
  establishedOnce: {
    witness: 'leaderEstablished',
    holds: ({ history }) => !history.some(({ twice }) => twice),
  },
  singleLeaderPerEpoch: {
    witness: 'leaderEstablished',
    holds: ({ history }) => history.every((epoch) => members(epoch.established) <= 1),
  },
};

const synced = (state: number, { server }: DiscoveryState): boolean =>
  server.some((one) => one.state === state && one.connection === Connection.values.SYNCED);

/** Witnesses that votes cannot reach. */
const refused = (bounds: Bounds): boolean => {
  const { servers, rounds, crashes } = bounds;
  if (!elected(bounds)) return false;
  if (rounds === 1) return true;
  const few = servers === 3 && faultsOf(bounds) < 2;
  if (servers > 3) return false;
  return rounds === 2 ? few || crashes === 0 : rounds === 3 && few;
};

const withObservers = (observers: number): { [name: string]: NaiveWitness<DiscoveryState> } =>
  observers === 0 ? {} : { observerSynced: { shows: (s) => synced(OBSERVING, s) } };

export const naiveDiscovery = (observers: number): Naive<DiscoveryState> => ({
  claims: discoveryClaims,
  witnesses: {
    epochProposed: { shows: (s) => indices(s.server).some((i) => proposed(s, i)) },
    leaderEstablished: { shows: ({ history }) => history.some((epoch) => epoch.established > 0) },
    followerSynced: { shows: (s) => synced(FOLLOWING, s) },
    ...withObservers(observers),
    twoProposeOneEpoch: {
      shows: (s) => pairOf(s, (i) => proposed(s, i), true),
      excluded: (bounds) => two(bounds) || calm(bounds),
    },
    twoEstablishedAtOnce: {
      shows: (s) => pairOf(s, (i) => established(s, i), false),
      excluded: (bounds) => two(bounds) || oneEpoch(bounds) || calm(bounds),
    },
    epochSkipped: {
      shows: ({ history }) =>
        history.some(
          (epoch, e) =>
            e > 0 && epoch.established > 0 && history[e - 1].established === 0 && history[e - 1].acked > 0,
        ),
      excluded: (bounds) =>
        oneEpoch(bounds) || calm(bounds) || (elected(bounds) && bounds.servers === 2 && bounds.rounds === 1),
    },
    epochRefused: {
      on: ['HandleLeaderInfo'],
      shows: (_pre, post, me) => post.server[me].state === LOOKING,
      excluded: (bounds) => two(bounds) || oneEpoch(bounds) || calm(bounds) || refused(bounds),
    },
    followerAhead: {
      on: ['HandleAckEpoch'],
      shows: (pre, _post, me, from) => pre.server[me].currentEpoch < pre.toLeader[from][me].ack,
      excluded: (bounds) => {
        const few = bounds.servers === 3 && faultsOf(bounds) < 2;
        const ruledOut = bounds.servers === 2 || (bounds.rounds === 1 && few);
        return oneEpoch(bounds) || calm(bounds) || (elected(bounds) && ruledOut);
      },
    },
    epochAcceptedTwice: {
      shows: ({ toLeader }) => toLeader.some((to, i) => to.some((sent, j) => i !== j && sent.ack === -1)),
      excluded: (bounds) => calm(bounds) || (elected(bounds) && bounds.servers === 2),
    },
    lateAckCounted: {
      on: ['HandleAckEpoch'],
      shows: (pre, post, me, from) =>
        bit(post.server[me].electingFollowers, from) && pre.server[from].leader !== me,
      excluded: calm,
    },
    crashedAfterAccepting: {
      shows: ({ server }) => server.some((one) => one.state === OFF && one.currentEpoch < one.acceptedEpoch),
      excluded: ({ crashes }) => crashes === 0,
    },
  },
});

/** The transactions of a history, by their place. */
const listed = (history: number, { txn }: SynchronizationState): number[] =>
  indices(txn).filter((t) => bit(history, t));

/** By zxid: epoch, then the order in which they were proposed. */
const laterThan = ({ txn }: SynchronizationState, t: number, u: number): boolean =>
  txn[t].epoch === txn[u].epoch ? t > u : txn[t].epoch > txn[u].epoch;

/** Whether `b` has all of `a`, and its other transactions are later than all of `a`. */
function begins(s: SynchronizationState, a: number, b: number): boolean {
  const [mine, theirs] = [listed(a, s), listed(b, s)];
  const rest = theirs.filter((t) => !mine.includes(t));
  return mine.every((t) => theirs.includes(t)) && rest.every((t) => mine.every((u) => laterThan(s, t, u)));
}

const serving = ({ server }: SynchronizationState, i: number): boolean =>
  server[i].serves || server[i].stage === Stage.values.SERVING;
const lacks = (history: number, other: number, s: SynchronizationState): boolean =>
  listed(history, s).some((t) => !bit(other, t));

const synchronizationClaims = (servers: number): Naive<SynchronizationState>['claims'] => ({
  acceptedCoversCurrent: { witness: 'electedWithHistory', holds: covers },
  committedIsDurable: {
    witness: 'committedByAll',
    holds: (s) =>
      listed(s.committed, s).every((t) => {
        const holders = s.server.slice(0, servers).filter(({ disk }) => bit(disk, t));
        return majority(holders.length, servers);
      }),
  },
  committedPrefixAgrees: {
    witness: 'committedByAll',
    holds: (s) => {
      const memories = indices(s.server)
        .filter((i) => serving(s, i))
        .map((i) => s.server[i].memory);
      return memories.every((a) => memories.every((b) => begins(s, a, b) || begins(s, b, a)));
    },
  },
  committedNeverTruncated: {
    witness: 'uncommittedTruncated',
    holds: (pre, post) =>
      indices(pre.server).every((i) => !lacks(pre.server[i].disk & pre.committed, post.server[i].disk, pre)),
  },
  leaderCompleteness: {
    witness: 'electedWithHistory',
    on: ['ElectLeader'],
    holds: (pre, _post, leader) => !lacks(pre.committed, pre.server[leader].memory, pre),
  },
});

/** Two servers must both commit, so one is behind only after an election. */
const nobodyBehind = (bounds: Bounds): boolean =>
  bounds.observers === 0 && two(bounds) && (oneEpoch(bounds) || bounds.crashes + bounds.abandons === 0);
const quiet = (bounds: Bounds): boolean => oneEpoch(bounds) || bounds.crashes + bounds.abandons === 0;

/** Whether a server has a transaction in any place. */
const knows = (self: SynchronizationState['server'][number], t: number): boolean =>
  [self.disk, self.memory, self.pending, self.unlogged, self.orphaned].some((set) => bit(set, t));

const informed = (observers: number): { [name: string]: NaiveWitness<SynchronizationState> } =>
  observers === 0
    ? {}
    : {
        observerInformed: {
          shows: ({ server, committed }) =>
            server.some(
              ({ state, stage, memory }) =>
                state === OBSERVING && stage === Stage.values.SERVING && (memory & committed) > 0,
            ),
        },
      };

export const naiveSynchronization = (servers: number, observers: number): Naive<SynchronizationState> => ({
  claims: synchronizationClaims(servers),
  witnesses: {
    committedByAll: {
      shows: (s) =>
        listed(s.committed, s).some((t) =>
          indices(s.server).every((i) => serving(s, i) && bit(s.server[i].memory, t)),
        ),
    },
    electedWithHistory: { on: ['ElectLeader'], shows: (pre) => pre.committed > 0, excluded: quiet },
    committedByLaterLeader: {
      on: ['StartServing'],
      shows: (pre, post) => post.committed !== pre.committed,
      excluded: quiet,
    },
    committedBeforeLeaderLogged: {
      on: ['ReceiveAck'],
      shows: (pre, post, leader) =>
        listed(post.committed, post).some((t) => !bit(pre.committed, t) && !bit(post.server[leader].disk, t)),
      excluded: two,
    },
    proposalLost: {
      shows: (s) =>
        s.txn.some(
          ({ epoch }, t) => epoch > 0 && !bit(s.committed, t) && s.server.every((self) => !knows(self, t)),
        ),
      excluded: (bounds) => bounds.crashes === 0 && (quiet(bounds) || two(bounds)),
    },
    uncommittedTruncated: {
      on: ['ReceiveSync'],
      shows: (pre, post, me) => lacks(pre.server[me].disk, post.server[me].disk, pre),
      excluded: ({ crashes, abandons }) => crashes === 0 && abandons === 0,
    },
    followerBehind: {
      on: ['WriteNewLeader'],
      shows: (pre, post, me) => lacks(post.server[me].disk, pre.server[me].disk, pre),
      excluded: nobodyBehind,
    },
    snapshotRead: {
      on: ['ReceiveSync'],
      shows: (_pre, post, me) => lacks(post.server[me].memory, post.server[me].disk, post),
      excluded: nobodyBehind,
    },
    cannotStartAgain: {
      shows: (s) =>
        s.server.some(
          ({ state, disk, currentEpoch }) =>
            state === OFF && listed(disk, s).some((t) => s.txn[t].epoch > currentEpoch),
        ),
      excluded: (bounds) => bounds.crashes === 0 || (bounds.observers === 0 && two(bounds)),
    },
    ...informed(observers),
  },
});
