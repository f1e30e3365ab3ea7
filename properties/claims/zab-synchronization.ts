/** What must hold of `zab-synchronization`, and what must be reachable in it. */

import type { Bounds } from '../../models/model/bounds.js';
import { OBSERVING, OFF } from '../../models/model/server-state.js';
import { Stage, type SynchronizationState } from '../../models/zab-synchronization/state.js';
import {
  always,
  type Claim,
  type Expectations,
  everyStep,
  someStep,
  sometimes,
  type Witness,
} from '../../src/language/index.js';
import { epochsAreOrdered } from './epochs.js';
import { indicesIn, listed, nameOf, serversIn, tooFew } from './in-words.js';
import { isMajority, sizeOf } from './majority.js';

const { SERVING } = Stage.values;

type Txns = SynchronizationState['txn'];

/**
 * Whether history `a` is a prefix of `b`: all other transactions of `b` have larger zxids than those of `a`.
 */
function isPrefix(txn: Txns, a: number, b: number): boolean {
  if ((a & ~b) !== 0) return false;
  const rest = b & ~a;
  for (let t = 0; t < txn.length; t++) {
    if (((rest >>> t) & 1) === 0) continue;
    for (let u = 0; u < txn.length; u++) {
      if (((a >>> u) & 1) === 0) continue;
      const later = txn[t].epoch > txn[u].epoch || (txn[t].epoch === txn[u].epoch && t > u);
      if (!later) return false;
    }
  }
  return true;
}

/** `t1`, and `{t1 t2}`. */
const txnName = (t: number): string => `t${t + 1}`;
const historyInWords = (set: number): string => `{${indicesIn(set).map(txnName).join(' ')}}`;

/** Whether a server serves, as the leader or after UPTODATE: all in its memory is committed. */
const serves = ({ server }: SynchronizationState, i: number): boolean =>
  server[i].serves || server[i].stage === SERVING;

/** An established leader's initial history contains all transactions committed in lower epochs. */
export const leaderCompleteness = everyStep<SynchronizationState>({
  name: 'leaderCompleteness',
  says: 'A leader that is established has every transaction that was committed before.',
  source: 'Leader.lead; LeaderCompleteness of Zab; ZOOKEEPER-3911, ZOOKEEPER-4646',
  witness: 'electedWithHistory',
  on: ['ElectLeader'],
  holds: (pre, _post, leader) => (pre.committed & ~pre.server[leader].memory) === 0,
  explain: (pre, _post, leader) => {
    const { memory } = pre.server[leader];
    const lacks = indicesIn(pre.committed & ~memory).map((t) => `${txnName(t)} of epoch ${pre.txn[t].epoch}`);
    const verb = lacks.length === 1 ? 'was' : 'were';
    const history = `the history ${historyInWords(memory)} of ${nameOf(leader)}, which is established`;
    return `${listed(lacks)} ${verb} committed, and ${verb} not in ${history}.`;
  },
});

/** Committed prefixes agree. `PrefixConsistency` of Zab.tla. */
export const committedPrefixAgrees = always<SynchronizationState>({
  name: 'committedPrefixAgrees',
  says: 'Of two servers that serve, one has a beginning of what the other has committed.',
  source: 'PrefixConsistency of Zab.tla; ZOOKEEPER-1154',
  witness: 'committedByAll',
  holds: (s) => {
    for (let i = 0; i < s.server.length; i++) {
      if (!serves(s, i)) continue;
      for (let j = 0; j < i; j++) if (serves(s, j) && diverge(s, i, j)) return false;
    }
    return true;
  },
  explain: (s) => {
    const servers = s.server.map((_, i) => i).filter((i) => serves(s, i));
    const pairs = servers.flatMap((j) => servers.filter((i) => i > j).map((i) => [j, i] as const));
    const [a, b] = pairs.find(([j, i]) => diverge(s, i, j)) ?? [0, 0];
    const serving = (i: number) => `${nameOf(i)} serves with ${historyInWords(s.server[i].memory)} in memory`;
    return `${serving(a)}, and ${serving(b)}: neither is a beginning of the other.`;
  },
});

/** Whether of the histories in memory of two servers neither is a prefix of the other. */
function diverge({ server, txn }: SynchronizationState, i: number, j: number): boolean {
  const a = server[i].memory;
  const b = server[j].memory;
  return a !== b && !isPrefix(txn, a, b) && !isPrefix(txn, b, a);
}

/** A committed transaction is never dropped from a disk. */
export const committedNeverTruncated = everyStep<SynchronizationState>({
  name: 'committedNeverTruncated',
  says: 'No step removes a committed transaction from the disk of a server.',
  source: 'ZKDatabase.truncateLog; ZOOKEEPER-2845, ZOOKEEPER-4643',
  witness: 'uncommittedTruncated',
  holds: (pre, post) => {
    for (let i = 0; i < pre.server.length; i++) {
      if ((pre.server[i].disk & pre.committed & ~post.server[i].disk) !== 0) return false;
    }
    return true;
  },
  explain: (pre, post) => {
    const dropped = (i: number) => pre.server[i].disk & pre.committed & ~post.server[i].disk;
    const i = pre.server.findIndex((_, k) => dropped(k) !== 0);
    const txns = listed(indicesIn(dropped(i)).map(txnName));
    return `This step removes ${txns} from the disk of ${nameOf(i)}; ${txns} had been committed.`;
  },
});

/** Nothing committed is lost: a majority of the `servers` that vote has it on disk. */
export const committedIsDurable = (servers: number) =>
  always<SynchronizationState>({
    name: 'committedIsDurable',
    says: 'Every committed transaction is on the disks of a majority of the voting servers.',
    source: 'Leader.tryToCommit, Leader.waitForNewLeaderAck: a server writes before it acknowledges',
    witness: 'committedByAll',
    holds: ({ server, txn, committed }) => {
      for (let t = 0; t < txn.length; t++) {
        if (((committed >>> t) & 1) === 0) continue;
        if (!isMajority(sizeOf(holders(server, servers, t)), servers)) return false;
      }
      return true;
    },
    explain: ({ server, committed }) => {
      const isRare = (t: number) => !isMajority(sizeOf(holders(server, servers, t)), servers);
      const t = indicesIn(committed).find(isRare) ?? 0;
      const on = holders(server, servers, t);
      const where =
        on === 0 ? 'on no disk' : `on the ${sizeOf(on) === 1 ? 'disk' : 'disks'} of ${serversIn(on)}`;
      return `${txnName(t)} is committed, and it is ${where}: ${tooFew(sizeOf(on), servers)}.`;
    },
  });

/** The voting servers that have a transaction on disk. */
function holders(server: SynchronizationState['server'], servers: number, t: number): number {
  let some = 0;
  for (let i = 0; i < servers; i++) if ((server[i].disk >>> t) & 1) some |= 1 << i;
  return some;
}

export const acceptedCoversCurrent = epochsAreOrdered<SynchronizationState>('electedWithHistory');

const claims = ({ servers }: Bounds): readonly Claim<SynchronizationState>[] => [
  acceptedCoversCurrent,
  committedIsDurable(servers),
  committedPrefixAgrees,
  committedNeverTruncated,
  leaderCompleteness,
];

export const zabSynchronization = (bounds: Bounds): Expectations<SynchronizationState> => ({
  claims: claims(bounds),
  witnesses: [...histories(bounds), ...synchronization(bounds), ...observers(bounds)],
});

const overlaps = (a: number, b: number): boolean => (a & b) !== 0;
const withoutFault = ({ crashes, abandons }: Bounds): string | null =>
  crashes + abandons === 0 ? 'whoever serves goes on serving, without a crash or an abandon' : null;
const oneEpoch = ({ epochs }: Bounds): string | null => (epochs < 2 ? 'there is but one epoch' : null);
const pair = ({ servers }: Bounds): string | null =>
  servers < 3 ? 'both servers are in every quorum' : null;
/**
 * Two servers both commit every transaction, so only after an election can one lack it. The reason if bounds
 * exclude that; otherwise null.
 */
const nobodyBehind = (bounds: Bounds): string | null =>
  bounds.observers > 0 || pair(bounds) === null ? null : (oneEpoch(bounds) ?? withoutFault(bounds));

/** Witnesses about transactions. */
const histories = (bounds: Bounds): Witness<SynchronizationState>[] => [
  sometimes({
    name: 'committedByAll',
    says: 'All servers have committed a transaction.',
    source: 'Leader.tryToCommit, FollowerZooKeeperServer.commit',
    shows: (s) => {
      let all = s.committed;
      for (let i = 0; i < s.server.length; i++) all &= serves(s, i) ? s.server[i].memory : 0;
      return all !== 0;
    },
  }),
  someStep({
    name: 'electedWithHistory',
    says: 'A server is established after something was committed.',
    source: 'Leader.lead, loadData',
    on: ['ElectLeader'],
    excludedBecause: oneEpoch(bounds) ?? withoutFault(bounds),
    shows: (pre) => pre.committed !== 0,
  }),
  someStep({
    name: 'committedByLaterLeader',
    says: 'A leader commits what an earlier one had proposed and not committed.',
    source: 'Leader.startZkServer: the initial history is committed whole',
    on: ['StartServing'],
    excludedBecause: oneEpoch(bounds) ?? withoutFault(bounds),
    shows: (pre, post) => pre.committed !== post.committed,
  }),
  someStep({
    name: 'committedBeforeLeaderLogged',
    says: 'A leader commits a transaction that its own log does not have yet.',
    source: 'ProposalRequestProcessor: propose before SyncRequestProcessor; Leader.tryToCommit',
    on: ['ReceiveAck'],
    excludedBecause: bounds.servers < 3 ? 'of two servers a quorum has both' : null,
    shows: (pre, post, leader) => (post.committed & ~pre.committed & ~post.server[leader].disk) !== 0,
  }),
  sometimes({
    name: 'proposalLost',
    says: 'A transaction that was proposed and not committed is on no server any more: its client had no answer.',
    source: 'ZKDatabase.truncateLog',
    excludedBecause: bounds.crashes > 0 ? null : (oneEpoch(bounds) ?? withoutFault(bounds) ?? pair(bounds)),
    shows: ({ server, txn, committed }) => {
      let known = committed;
      for (let i = 0; i < server.length; i++) {
        const { disk, memory, pending, unlogged, orphaned } = server[i];
        known |= disk | memory | pending | unlogged | orphaned;
      }
      for (let t = 0; t < txn.length; t++) {
        if (txn[t].epoch !== 0 && ((known >>> t) & 1) === 0) return true;
      }
      return false;
    },
  }),
];

/** Witnesses about synchronization. */
const synchronization = (bounds: Bounds): Witness<SynchronizationState>[] => [
  someStep({
    name: 'uncommittedTruncated',
    says: 'A learner truncates what only it has.',
    source: 'Learner.syncWithLeader, TRUNC',
    on: ['ReceiveSync'],
    excludedBecause: withoutFault(bounds),
    shows: (pre, post, me) => (pre.server[me].disk & ~post.server[me].disk) !== 0,
  }),
  someStep({
    name: 'followerBehind',
    says: 'A learner writes what it lacked.',
    source: 'Learner.syncWithLeader, DIFF: packetsCommitted',
    on: ['WriteNewLeader'],
    excludedBecause: nobodyBehind(bounds),
    shows: (pre, post, me) => (post.server[me].disk & ~pre.server[me].disk) !== 0,
  }),
  someStep({
    name: 'snapshotRead',
    says: 'A learner reads a snapshot of what it lacks into memory, and has yet to write it.',
    source: 'Learner.syncWithLeader, SNAP',
    on: ['ReceiveSync'],
    excludedBecause: nobodyBehind(bounds),
    shows: (_pre, post, me) => overlaps(post.server[me].memory, ~post.server[me].disk),
  }),
  sometimes({
    name: 'cannotStartAgain',
    says: 'A server died between writing its history and currentEpoch: it refuses to start. Not a loss of data.',
    source: 'QuorumPeer.loadDataBase: "The current epoch is older than the last zxid"; ZOOKEEPER-1653',
    excludedBecause:
      bounds.crashes === 0 ? 'no crash is budgeted' : bounds.observers === 0 ? pair(bounds) : null,
    shows: ({ server, txn }) => {
      for (let i = 0; i < server.length; i++) {
        const { state, disk, currentEpoch } = server[i];
        for (let t = 0; state === OFF && t < txn.length; t++) {
          if (((disk >>> t) & 1) === 1 && txn[t].epoch > currentEpoch) return true;
        }
      }
      return false;
    },
  }),
];

const observers = (bounds: Bounds): Witness<SynchronizationState>[] =>
  bounds.observers === 0
    ? []
    : [
        sometimes({
          name: 'observerInformed',
          says: 'An observer has applied a committed transaction.',
          source: 'Observer.processPacket, INFORM',
          shows: ({ server, committed }) => {
            for (let i = 0; i < server.length; i++) {
              const { state, stage, memory } = server[i];
              if (state === OBSERVING && stage === SERVING && overlaps(memory, committed)) return true;
            }
            return false;
          },
        }),
      ];
