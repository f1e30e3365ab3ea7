/** What must hold of `zab-discovery`, and what must be reachable in it. */

import type { Bounds } from '../../models/model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF } from '../../models/model/server-state.js';
import { Connection, type DiscoveryState, NO_EPOCH } from '../../models/zab-discovery/state.js';
import {
  always,
  type Claim,
  type Expectations,
  everyStep,
  someStep,
  sometimes,
  type Witness,
} from '../../src/language/index.js';
import { epochNeverFalls, epochsAreOrdered } from './epochs.js';
import { indicesIn, listed, nameOf, serversIn } from './in-words.js';

const { SYNCED } = Connection.values;

const has = (set: number, sid: number): boolean => ((set >>> sid) & 1) === 1;

export const acceptedEpochMonotone = epochNeverFalls<DiscoveryState>(
  'acceptedEpoch',
  'QuorumPeer.setAcceptedEpoch, writeLongToFile; Learner.registerWithLeader',
  'epochProposed',
);
export const currentEpochMonotone = epochNeverFalls<DiscoveryState>(
  'currentEpoch',
  'QuorumPeer.setCurrentEpoch, writeLongToFile; Leader.lead, Learner.syncWithLeader',
  'followerSynced',
);
export const acceptedCoversCurrent = epochsAreOrdered<DiscoveryState>('followerSynced');

/** What `QuorumPeer.loadDataBase` demands of the files of a server that does not run. */
export const restartable = always<DiscoveryState>({
  name: 'restartable',
  says: 'A server that has crashed, at whatever point, passes the checks of its next start.',
  source: 'QuorumPeer.loadDataBase: "The accepted epoch is less than the current epoch"',
  witness: 'crashedAfterAccepting',
  holds: ({ server }) => {
    for (let i = 0; i < server.length; i++) {
      const { state, acceptedEpoch, currentEpoch } = server[i];
      if (state === OFF && acceptedEpoch < currentEpoch) return false;
    }
    return true;
  },
  explain: ({ server }) => {
    const i = server.findIndex((one) => one.state === OFF && one.acceptedEpoch < one.currentEpoch);
    const { acceptedEpoch, currentEpoch } = server[i];
    const has = `acceptedEpoch ${acceptedEpoch}, below currentEpoch ${currentEpoch}`;
    return `${nameOf(i)} is off, and its files have ${has}: it refuses to start.`;
  },
});

/** Counted ACKEPOCHs of one server for one epoch go to at most one incarnation of a leader. */
export const oneAckPerEpoch = everyStep<DiscoveryState>({
  name: 'oneAckPerEpoch',
  says: 'An ACKEPOCH of a server is counted for an epoch in one leadership only.',
  source: 'Learner.registerWithLeader: newEpoch == acceptedEpoch answers -1',
  witness: 'leaderEstablished',
  on: ['HandleAckEpoch', 'HandleFollowerInfo'],
  holds: (pre, post, me) => {
    const newly = post.server[me].electingFollowers & ~pre.server[me].electingFollowers;
    return newly === 0 || (newly & pre.history[post.server[me].epoch - 1].acked) === 0;
  },
  explain: (pre, post, me) => {
    const { epoch, electingFollowers } = post.server[me];
    const again = electingFollowers & ~pre.server[me].electingFollowers & pre.history[epoch - 1].acked;
    const counted = `counts the ACKEPOCH of ${serversIn(again)} for epoch ${epoch}`;
    return `${nameOf(me)} ${counted}, for which an earlier leadership has counted it.`;
  },
});

/** `Leadership1` of ZkV3_7_0.tla, but over the whole run, not in each state alone. */
export const singleLeaderPerEpoch = always<DiscoveryState>({
  name: 'singleLeaderPerEpoch',
  says: 'For every epoch at most one server ever completes waitForEpochAck.',
  source: 'Leader.waitForEpochAck; Leadership1 of ZkV3_7_0.tla',
  witness: 'leaderEstablished',
  holds: ({ history }) => {
    for (let e = 0; e < history.length; e++) {
      const { established } = history[e];
      if ((established & (established - 1)) !== 0) return false;
    }
    return true;
  },
  explain: ({ history }) => {
    const e = history.findIndex(({ established }) => (established & (established - 1)) !== 0);
    return `${serversIn(history[e].established)} have been established in epoch ${e + 1}.`;
  },
});

export const establishedOnce = always<DiscoveryState>({
  name: 'establishedOnce',
  says: 'A server is established in an epoch in one leadership only.',
  source: 'Leader.getEpochToPropose: the epoch exceeds the own acceptedEpoch, which is written first',
  witness: 'leaderEstablished',
  holds: ({ history }) => {
    for (let e = 0; e < history.length; e++) if (history[e].twice) return false;
    return true;
  },
  explain: ({ history }) => {
    const e = history.findIndex(({ twice }) => twice);
    const servers = indicesIn(history[e].established).map(nameOf);
    const who = servers.length === 1 ? servers[0] : `One of ${listed(servers)}`;
    return `${who} has been established in epoch ${e + 1} by two of its leaderships.`;
  },
});

/** A credential is raised only to an epoch that a quorum has supported. */
export const currentEpochEstablished = always<DiscoveryState>({
  name: 'currentEpochEstablished',
  says: 'The currentEpoch of every server is 0, or an epoch in which some server was established.',
  source: 'Leader.lead, Learner.syncWithLeader: setCurrentEpoch after waitForEpochAck; ZOOKEEPER-335, 790',
  witness: 'followerSynced',
  holds: ({ server, history }) => {
    for (let i = 0; i < server.length; i++) {
      const { currentEpoch } = server[i];
      if (currentEpoch > 0 && history[currentEpoch - 1].established === 0) return false;
    }
    return true;
  },
  explain: ({ server, history }) => {
    const i = server.findIndex(
      ({ currentEpoch }) => currentEpoch > 0 && history[currentEpoch - 1].established === 0,
    );
    const { currentEpoch } = server[i];
    return `The currentEpoch of ${nameOf(i)} is ${currentEpoch}, and nobody has been established in epoch ${currentEpoch}.`;
  },
});

/**
 * An established leader's state is at least that of every server whose ACK it counted; here only
 * currentEpoch.
 */
export const leaderNotBehind = everyStep<DiscoveryState>({
  name: 'leaderNotBehind',
  says: 'No ACKEPOCH of a server whose currentEpoch is ahead of the leader’s is counted.',
  source: 'Leader.waitForEpochAck: "Follower is ahead of the leader"; StateSummary.isMoreRecentThan',
  witness: 'followerAhead',
  on: ['HandleAckEpoch'],
  holds: (pre, post, me, from) =>
    has(pre.server[me].electingFollowers, from) ||
    !has(post.server[me].electingFollowers, from) ||
    pre.toLeader[from][me].ack <= pre.server[me].currentEpoch,
  explain: (pre, _post, me, from) => {
    const [ours, theirs] = [pre.server[me].currentEpoch, pre.toLeader[from][me].ack];
    const acked = `the ACKEPOCH of ${nameOf(from)}, whose currentEpoch is ${theirs}`;
    return `${nameOf(me)} (currentEpoch ${ours}) counts ${acked}.`;
  },
});

/** The actions by which a server begins to lead. */
const LEADS: { readonly [E in Bounds['election']]: readonly string[] } = {
  free: ['BecomeLeader'],
  fle: ['HandleNotification', 'EndFinalizeWait'],
};

/** A proposed epoch > acceptedEpoch of the leader and of every server in its connecting quorum. */
const proposedEpochFresh = ({ election }: Bounds) =>
  everyStep<DiscoveryState>({
    name: 'proposedEpochFresh',
    says: 'A leader proposes an epoch above its own acceptedEpoch and above all it has heard.',
    source: 'Leader.getEpochToPropose: lastAcceptedEpoch >= epoch',
    witness: 'epochProposed',
    on: [...LEADS[election], 'HandleFollowerInfo'],
    holds: (pre, post, me, from) => {
      const before = pre.server[me];
      const { epoch, connectingFollowers } = post.server[me];
      if (connectingFollowers === before.connectingFollowers) return true;
      return (
        epoch > before.acceptedEpoch && (before.state !== LEADING || epoch > pre.toLeader[from][me].info)
      );
    },
    explain: (pre, post, me, from) => {
      const { epoch } = post.server[me];
      const { acceptedEpoch } = pre.server[me];
      const chooses = `${nameOf(me)} chooses epoch ${epoch} to propose`;
      if (epoch <= acceptedEpoch) return `${chooses}, and has accepted epoch ${acceptedEpoch} itself.`;
      return `${chooses}, and ${nameOf(from)} has told it of accepted epoch ${pre.toLeader[from][me].info}.`;
    },
  });

const claims = (bounds: Bounds): readonly Claim<DiscoveryState>[] => [
  acceptedEpochMonotone,
  currentEpochMonotone,
  acceptedCoversCurrent,
  currentEpochEstablished,
  restartable,
  proposedEpochFresh(bounds),
  oneAckPerEpoch,
  leaderNotBehind,
  establishedOnce,
  singleLeaderPerEpoch,
];

export const zabDiscovery = (bounds: Bounds): Expectations<DiscoveryState> => ({
  claims: claims(bounds),
  witnesses: [...handshake(bounds), ...epochs(bounds), ...faults(bounds)],
});

/** Whether a server leads and has proposed its epoch, which it is the first to acknowledge. */
const hasProposed = ({ server }: DiscoveryState, me: number): boolean => server[me].electingFollowers !== 0;
const isEstablished = ({ server, history }: DiscoveryState, me: number): boolean =>
  hasProposed({ server } as DiscoveryState, me) && has(history[server[me].epoch - 1].established, me);

/** Witnesses of each step of a handshake. */
const handshake = ({ observers }: Bounds): Witness<DiscoveryState>[] => [
  sometimes({
    name: 'epochProposed',
    says: 'A leader proposes an epoch.',
    source: 'Leader.getEpochToPropose',
    shows: (s) => {
      for (let i = 0; i < s.server.length; i++) if (hasProposed(s, i)) return true;
      return false;
    },
  }),
  sometimes({
    name: 'leaderEstablished',
    says: 'A leader is established: a quorum has acknowledged its epoch.',
    source: 'Leader.waitForEpochAck',
    shows: ({ history }) => {
      for (let e = 0; e < history.length; e++) if (history[e].established !== 0) return true;
      return false;
    },
  }),
  sometimes({
    name: 'followerSynced',
    says: 'A follower writes the currentEpoch of an established leader.',
    source: 'Learner.syncWithLeader',
    shows: ({ server }) => {
      for (let i = 0; i < server.length; i++) {
        if (server[i].state === FOLLOWING && server[i].connection === SYNCED) return true;
      }
      return false;
    },
  }),
  ...(observers === 0
    ? []
    : [
        sometimes<DiscoveryState>({
          name: 'observerSynced',
          says: 'An observer writes the currentEpoch of an established leader.',
          source: 'Observer.observeLeader, Learner.syncWithLeader',
          shows: ({ server }) => {
            for (let i = 0; i < server.length; i++) {
              if (server[i].state === OBSERVING && server[i].connection === SYNCED) return true;
            }
            return false;
          },
        }),
      ]),
];

/** Only by a fault does a follower leave a leader that goes on leading, or a leader its quorum. */
const withoutFault = (bounds: Bounds): string | null =>
  faultsOf(bounds) === 0 ? 'whoever leads a quorum keeps it, without a crash or an abandon' : null;

/** The largest number of faults. In the last round of an election no server gives up. */
const faultsOf = ({ election, rounds, crashes, abandons }: Bounds): number =>
  crashes + (election === 'fle' && rounds === 1 ? 0 : abandons);

type ByVotes = 'epochSkipped' | 'epochAcceptedTwice' | 'epochRefused' | 'followerAhead';

/**
 * Witnesses that an adversary reaches and votes do not. For three servers this is measured: no complete
 * search at these bounds finds them.
 */
function unlessElected(bounds: Bounds, witness: ByVotes): string | null {
  const { election, servers, rounds, crashes } = bounds;
  if (election === 'free') return null;
  const few = servers === 3 && faultsOf(bounds) < 2;
  switch (witness) {
    case 'epochSkipped':
      return servers === 2 && rounds === 1 ? 'there is but one round' : null;
    case 'epochAcceptedTwice':
      return servers === 2 ? 'of two servers it is always the same that leads' : null;
    case 'epochRefused':
      if (rounds === 1) return 'who refuses begins another round, and there is but one';
      if (servers > 3 || rounds > 3 || (rounds === 3 && !few)) return null;
      return few || crashes === 0 ? 'by votes it needs a crash and another fault, or more rounds' : null;
    case 'followerAhead':
      if (servers === 2) return 'of two servers it is always the same that leads';
      return rounds === 1 && few ? 'in one round of votes it needs two crashes' : null;
  }
}

/** Witnesses that need several epochs. */
function epochs(bounds: Bounds): Witness<DiscoveryState>[] {
  const alone = bounds.servers < 3 ? 'both servers are in every quorum' : null;
  const one = bounds.epochs < 2 ? 'there is but one epoch' : null;
  return [
    sometimes({
      name: 'twoProposeOneEpoch',
      says: 'Two leaders propose one epoch at one time; only one of them can be established.',
      source: 'Leader.getEpochToPropose: no vote and no round of the election is checked',
      excludedBecause: alone ?? withoutFault(bounds),
      shows: (s) => {
        for (let i = 0; i < s.server.length; i++) {
          for (let j = 0; j < i; j++) {
            if (hasProposed(s, i) && hasProposed(s, j) && s.server[i].epoch === s.server[j].epoch)
              return true;
          }
        }
        return false;
      },
    }),
    sometimes({
      name: 'twoEstablishedAtOnce',
      says: 'Two established leaders lead at one instant, in different epochs.',
      source: 'Leader.lead: a leader learns that its followers have left after a while only',
      excludedBecause: alone ?? one ?? withoutFault(bounds),
      shows: (s) => {
        for (let i = 0; i < s.server.length; i++) {
          for (let j = 0; j < i; j++) {
            if (s.server[i].epoch !== s.server[j].epoch && isEstablished(s, i) && isEstablished(s, j))
              return true;
          }
        }
        return false;
      },
    }),
    sometimes({
      name: 'epochSkipped',
      says: 'An epoch was proposed and acknowledged, and a later one is established in its place.',
      source: 'Leader.waitForEpochAck: quorum intersection alone decides',
      excludedBecause: one ?? withoutFault(bounds) ?? unlessElected(bounds, 'epochSkipped'),
      shows: ({ history }) => {
        for (let e = 0; e + 1 < history.length; e++) {
          const { acked, established } = history[e];
          if (acked !== 0 && established === 0 && history[e + 1].established !== 0) return true;
        }
        return false;
      },
    }),
    someStep({
      name: 'epochRefused',
      says: 'A learner refuses an epoch below the one it has accepted.',
      source: 'Learner.registerWithLeader: "is less than accepted epoch"',
      on: ['HandleLeaderInfo'],
      excludedBecause: alone ?? one ?? withoutFault(bounds) ?? unlessElected(bounds, 'epochRefused'),
      shows: (_pre, post, me) => post.server[me].state === LOOKING,
    }),
    someStep({
      name: 'followerAhead',
      says: 'A leader reads the ACKEPOCH of a server whose currentEpoch is ahead of its own.',
      source: 'Leader.waitForEpochAck: "Follower is ahead of the leader"',
      on: ['HandleAckEpoch'],
      excludedBecause: one ?? withoutFault(bounds) ?? unlessElected(bounds, 'followerAhead'),
      shows: (pre, _post, me, from) => pre.toLeader[from][me].ack > pre.server[me].currentEpoch,
    }),
  ];
}

/** Witnesses that need crashes or abandons. */
const faults = (bounds: Bounds): Witness<DiscoveryState>[] => [
  sometimes({
    name: 'epochAcceptedTwice',
    says: 'A learner is offered the epoch that it has accepted; its ACKEPOCH says -1.',
    source: 'Learner.registerWithLeader: newEpoch == self.getAcceptedEpoch()',
    excludedBecause: withoutFault(bounds) ?? unlessElected(bounds, 'epochAcceptedTwice'),
    shows: ({ toLeader }) => {
      for (let i = 0; i < toLeader.length; i++) {
        for (let j = 0; j < toLeader.length; j++) if (i !== j && toLeader[i][j].ack === NO_EPOCH) return true;
      }
      return false;
    },
  }),
  someStep({
    name: 'lateAckCounted',
    says: 'A leader counts the ACKEPOCH of a server that has left it since.',
    source: 'LearnerHandler.run: what is in the socket is read',
    on: ['HandleAckEpoch'],
    excludedBecause: withoutFault(bounds),
    shows: (pre, post, me, from) =>
      pre.server[from].leader !== me && has(post.server[me].electingFollowers, from),
  }),
  sometimes({
    name: 'crashedAfterAccepting',
    says: 'A server dies between writing acceptedEpoch and writing currentEpoch.',
    source: 'Learner.registerWithLeader, Learner.syncWithLeader',
    excludedBecause: bounds.crashes === 0 ? 'no crash is budgeted' : null,
    shows: ({ server }) => {
      for (let i = 0; i < server.length; i++) {
        const { state, acceptedEpoch, currentEpoch } = server[i];
        if (state === OFF && acceptedEpoch > currentEpoch) return true;
      }
      return false;
    },
  }),
];
