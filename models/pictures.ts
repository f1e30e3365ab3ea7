/** How each rung draws its states: read from the plain values that traces keep. */
import type { Plain } from '../src/spec/index.js';
import { dataInWords, historyInWords, stageInWords } from './columns.js';
import {
  BARE,
  type Draws,
  type Link,
  type PicturedMessage,
  type PicturedQuorum,
  type PicturedServer,
  type PicturedStep,
  type PicturedVote,
  type Role,
  type Traffic,
} from './model/drawing.js';
import type { Bounds } from './model/entry.js';

type Fields = { readonly [field: string]: Plain };

const serversOf = (state: Plain): readonly Fields[] =>
  (state as { readonly server: readonly Fields[] }).server;

/** `s2`, of the server with index 1; and back. */
const sidOf = (index: number): string => `s${index + 1}`;
const indexOf = (sid: Plain): number => Number(String(sid).slice(1)) - 1;
/** The sids in `{s1 s3}`. */
const membersOf = (set: Plain): readonly string[] => String(set).match(/s\d+/g) ?? [];

const majority = ({ servers }: Bounds): number => Math.floor(servers / 2) + 1;
const quorum = (what: string, members: readonly string[], bounds: Bounds): PicturedQuorum => ({
  what,
  members,
  needed: majority(bounds),
});

/** The vote for a server by what that server has: where votes carry nothing but their leader. */
function voteFor(servers: readonly Fields[], leader: Plain): PicturedVote | null {
  const { zxid, currentEpoch } = servers[indexOf(leader)];
  return {
    leader: String(leader),
    zxid: Number(zxid),
    peerEpoch: currentEpoch === undefined ? null : Number(currentEpoch),
  };
}

const clockLabel = (role: Plain, clock: Plain, leader: Plain): string =>
  role === 'LEADING' ? `c${clock}` : `c${clock}→${leader}`;

/** A link for each pair of servers, in a list. */
const linksTo = (to: number, servers: number): readonly Link[] =>
  Array.from({ length: servers }, (_, from) => ({ from, to }));

/** Votes settle at once: there are no messages. */
export const tutorialDraws: Draws = {
  picture: (state, bounds) => {
    const servers = serversOf(state);
    return {
      servers: servers.map(({ state: role, logicalclock, vote }, i) => {
        if (role === 'OFF') return { ...BARE, role, own: voteFor(servers, sidOf(i)) };
        const same = servers.flatMap((other, j) =>
          other.state !== 'OFF' && other.vote === vote ? [sidOf(j)] : [],
        );
        return {
          ...BARE,
          role: role as Role,
          label: clockLabel(role, logicalclock, vote),
          clock: Number(logicalclock),
          vote: voteFor(servers, vote),
          own: voteFor(servers, sidOf(i)),
          quorum: quorum(`votes for ${vote}`, same, bounds),
        };
      }),
      messages: [],
    };
  },
  traffic: () => ({}),
};

/** `LOOKING c1 → s2`. */
const notification = (
  from: number,
  to: number,
  { state, electionEpoch, leader }: Fields,
): PicturedMessage => ({
  from,
  to,
  kind: 'notification',
  text: `${state} c${electionEpoch} → ${leader}`,
});

const notificationsIn = (state: Plain): readonly PicturedMessage[] =>
  (state as { readonly channel: readonly (readonly (readonly Fields[] | null)[])[] }).channel.flatMap(
    (row, from) =>
      row.flatMap((queue, to) => (queue ?? []).map((message) => notification(from, to, message))),
  );

/** What the actions of an election do to notifications; `reading` is the one that takes them. */
function electionTraffic(
  reading: string,
  { action, args }: PicturedStep,
  before: Plain,
  { servers }: Bounds,
): Traffic {
  const [me, other] = args.map(indexOf);
  switch (action) {
    case reading: {
      const read = { reads: { from: other, to: me } };
      return reading === 'ReceiveNotification' ? read : { ...read, ...heardFrom(before, me, other) };
    }
    case 'ResendNotifications':
      return { sends: me };
    case 'BreakConnection':
      return {
        cuts: [
          { from: me, to: other },
          { from: other, to: me },
        ],
      };
    case 'CrashServer':
      return { cuts: linksTo(me, servers) };
    default:
      return {};
  }
}

const notified = (from: string, { state, leader }: Fields): Traffic => ({
  heard: { from, role: state as Role, leader: String(leader).split(' ')[0] },
});

/** The oldest notification on a link. */
function heardFrom(state: Plain, me: number, from: number): Traffic {
  const { channel } = state as { readonly channel: readonly (readonly (readonly Fields[] | null)[])[] };
  const head = channel[from]?.[me]?.[0];
  return head === undefined ? {} : notified(sidOf(from), head);
}

/** Servers whose vote in recvset, of this round, is the same, and itself. */
function votersFor(self: Fields, me: number): readonly string[] {
  const recvset = self.recvset as readonly (Fields | null)[];
  return recvset.flatMap((entry, j) => {
    if (j === me) return [sidOf(me)];
    const counts =
      entry !== null &&
      entry.state !== 'OFF' &&
      entry.electionEpoch === self.logicalclock &&
      entry.leader === self.proposal;
    return counts ? [sidOf(j)] : [];
  });
}

/** A server of `fast-leader-election`; `vote` is what its proposal means. */
function electing(self: Fields, me: number, vote: PicturedVote | null, bounds: Bounds): PicturedServer {
  const { state: role, logicalclock, finalizing } = self;
  const leader = vote?.leader ?? '';
  const votes = () => quorum(`votes for ${leader}`, votersFor(self, me), bounds);
  return {
    ...BARE,
    role: role as Role,
    label: clockLabel(role, logicalclock, leader),
    clock: Number(logicalclock),
    vote,
    waits: finalizing === true,
    quorum: role === 'LOOKING' ? votes() : null,
  };
}

export const fastLeaderElectionDraws: Draws = {
  picture: (state, bounds) => {
    const servers = serversOf(state);
    return {
      servers: servers.map((self, me) => {
        const own = voteFor(servers, sidOf(me));
        if (self.state === 'OFF') return { ...BARE, role: 'OFF', own };
        return { ...electing(self, me, voteFor(servers, self.proposal), bounds), own };
      }),
      messages: notificationsIn(state),
    };
  },
  traffic: (step, before, _after, bounds) => electionTraffic('HandleNotification', step, before, bounds),
};

/** A vote with all that it carries. */
const fullVote = ({ leader, zxid, peerEpoch }: Fields): PicturedVote => ({
  leader: String(leader),
  zxid: Number(zxid),
  peerEpoch: Number(peerEpoch),
});

function faithful(self: Fields, me: number, bounds: Bounds): PicturedServer {
  const { state: role, place, logicalclock, proposal, currentVote, endVote, zxid, currentEpoch } = self;
  const own = { leader: sidOf(me), zxid: Number(zxid), peerEpoch: Number(currentEpoch) };
  if (role === 'OFF') return { ...BARE, role, own };
  const vote = fullVote(
    (role === 'LOOKING' ? proposal : place === 'LEAVING' ? endVote : currentVote) as Fields,
  );
  const recvset = self.recvset as readonly Fields[];
  const same = recvset.flatMap((entry, j) => {
    const { leader, zxid: theirs, peerEpoch } = fullVote(entry);
    const equal = leader === vote.leader && theirs === vote.zxid && peerEpoch === vote.peerEpoch;
    return equal && entry.state !== 'OFF' && entry.electionEpoch === logicalclock ? [sidOf(j)] : [];
  });
  return {
    ...BARE,
    role: role as Role,
    label: clockLabel(role, logicalclock, vote.leader),
    clock: Number(logicalclock),
    vote,
    own,
    waits: place === 'FINALIZE_WAIT',
    quorum: role === 'LOOKING' ? quorum(`votes for ${vote.leader}`, same, bounds) : null,
  };
}

export const fleFaithfulDraws: Draws = {
  picture: (state, bounds) => ({
    servers: serversOf(state).map((self, me) => faithful(self, me, bounds)),
    messages: notificationsIn(state),
  }),
  traffic: (step, before, _after, bounds) => {
    if (step.action !== 'HandleNotification')
      return electionTraffic('ReceiveNotification', step, before, bounds);
    const [head] = serversOf(before)[indexOf(step.args[0])].recvqueue as readonly Fields[];
    return head === undefined ? {} : notified(String(head.from), head);
  },
};

/** A server of `zab-discovery`. */
function discovering(self: Fields, bounds: Bounds): PicturedServer {
  const { state: role, acceptedEpoch, currentEpoch, leader, epoch } = self;
  const durable = { acceptedEpoch, currentEpoch };
  const epochs = `a${acceptedEpoch} e${currentEpoch}`;
  const shown = { ...BARE, role: role as Role, durable };
  if (role === 'OFF' || role === 'LOOKING') return { ...shown, label: epochs };
  if (role !== 'LEADING')
    return {
      ...shown,
      label: `→${leader} ${epochs}`,
      vote: { leader: String(leader), peerEpoch: null, zxid: 0 },
    };
  const connected = membersOf(self.connectingFollowers);
  // A leader is the first to acknowledge what it proposes.
  const counted = membersOf(self.electingFollowers);
  const hasProposed = counted.length > 0;
  return {
    ...shown,
    label: hasProposed ? `epoch ${epoch}` : 'connecting',
    quorum: hasProposed
      ? quorum(`counted for epoch ${epoch}`, counted, bounds)
      : quorum('counted as connected', connected, bounds),
  };
}

const toLeader = (state: Plain): readonly PicturedMessage[] =>
  (state as { readonly toLeader: readonly (readonly (Fields | null)[])[] }).toLeader.flatMap((row, from) =>
    row.flatMap((sent, to) => {
      if (sent === null) return [];
      const { info, ack } = sent as { readonly info: number; readonly ack: number };
      const followerInfo = { from, to, kind: 'FOLLOWERINFO', text: `acceptedEpoch ${info}` };
      const ackEpoch = {
        from,
        to,
        kind: 'ACKEPOCH',
        text: ack === -1 ? '-1: accepted before' : `currentEpoch ${ack}`,
      };
      return [...(info === -1 ? [] : [followerInfo]), ...(ack === -2 ? [] : [ackEpoch])];
    }),
  );

function discoveryTraffic({ action, args }: PicturedStep, before: Plain): Traffic {
  const [me, other] = args.map(indexOf);
  const leader = () => indexOf(serversOf(before)[me].leader);
  const told = (kind: string): Traffic => {
    const { epoch } = serversOf(before)[leader()];
    return { instant: [{ from: leader(), to: me, kind, text: `epoch ${epoch}` }] };
  };
  switch (action) {
    case 'HandleFollowerInfo':
      return { reads: { from: other, to: me, kind: 'FOLLOWERINFO' } };
    case 'HandleAckEpoch':
      return { reads: { from: other, to: me, kind: 'ACKEPOCH' } };
    case 'HandleLeaderInfo':
      return told('LEADERINFO');
    case 'HandleNewLeader':
      return told('NEWLEADER');
    default:
      return {};
  }
}

/** Of a vote that is printed as `s2 e1`. */
const composedVote = (printed: Plain): PicturedVote => {
  const [leader, epoch] = String(printed).split(' e');
  return { leader, peerEpoch: Number(epoch), zxid: 0 };
};

/** `zab-discovery`, under any election or under that of `fast-leader-election`. */
export const zabDiscoveryDraws: Draws = {
  picture: (state, bounds) => {
    const isComposed = bounds.election === 'fle';
    const servers = serversOf(state).map((self, me) => {
      const shown = discovering(self, bounds);
      if (!isComposed || self.state === 'OFF') return shown;
      const {
        clock,
        vote,
        waits,
        quorum: votes,
        label,
      } = electing(self, me, composedVote(self.proposal), bounds);
      const own = { leader: sidOf(me), peerEpoch: Number(self.currentEpoch), zxid: 0 };
      if (self.state !== 'LOOKING') return { ...shown, clock, vote, own };
      return { ...shown, clock, vote, own, waits, quorum: votes, label };
    });
    return { servers, messages: [...(isComposed ? notificationsIn(state) : []), ...toLeader(state)] };
  },
  traffic: (step, before, _after, bounds) => {
    if (bounds.election !== 'fle') return discoveryTraffic(step, before);
    const { reads, ...rest } = {
      ...electionTraffic('HandleNotification', step, before, bounds),
      ...discoveryTraffic(step, before),
    };
    if (reads === undefined) return rest;
    return { ...rest, reads: { kind: 'notification', ...reads } };
  },
};

function synchronizing(self: Fields, txn: readonly Fields[], bounds: Bounds): PicturedServer {
  const { state: role, acceptedEpoch, currentEpoch, disk, leader, serves } = self;
  const durable = { acceptedEpoch, currentEpoch, disk };
  const shown = { ...BARE, role: role as Role, durable };
  if (role === 'OFF' || role === 'LOOKING') return { ...shown, label: dataInWords(self) };
  if (role !== 'LEADING') {
    return {
      ...shown,
      label: `→${leader} ${stageInWords(self)} ${historyInWords(self)}`,
      vote: { leader: String(leader), peerEpoch: null, zxid: 0 },
    };
  }
  const waiting = txn.findIndex(
    ({ epoch, acks }, t) =>
      epoch === currentEpoch && String(acks) !== '{}' && !String(self.memory).includes(`t${t + 1}`),
  );
  return {
    ...shown,
    label: `${serves === true ? 'serves ' : ''}${dataInWords(self)}`,
    quorum:
      serves !== true
        ? quorum('counted for NEWLEADER', membersOf(self.newLeaderAcks), bounds)
        : waiting < 0
          ? null
          : quorum(`counted for t${waiting + 1}`, membersOf(txn[waiting].acks), bounds),
  };
}

/** Messages are read in the step that sends them. */
export const zabSynchronizationDraws: Draws = {
  picture: (state, bounds) => {
    const { txn } = state as { readonly txn: readonly Fields[] };
    return { servers: serversOf(state).map((self) => synchronizing(self, txn, bounds)), messages: [] };
  },
  traffic: ({ action, args }, before, after, { servers }) => {
    const me = indexOf(args[0]);
    const leader =
      action === 'JoinLeader' ? indexOf(args[1]) : indexOf(serversOf(before)[me]?.leader ?? 's0');
    const told = (kind: string, text = ''): PicturedMessage => ({ from: leader, to: me, kind, text });
    const tells = (kind: string): PicturedMessage => ({ from: me, to: leader, kind, text: '' });
    switch (action) {
      case 'JoinLeader':
        return { instant: [tells('FOLLOWERINFO')] };
      case 'ReceiveSync':
        return { instant: [told(String(serversOf(after)[me].syncMode))] };
      case 'WriteNewLeader': {
        const acks = (state: Plain) => membersOf(serversOf(state)[leader].newLeaderAcks);
        const isAck = acks(after).length > acks(before).length;
        return { instant: isAck ? [tells('ACK of NEWLEADER')] : [] };
      }
      case 'HandleUpToDate':
        return { instant: [told('UPTODATE')] };
      case 'LogTxn':
        return { instant: me < servers ? [told('PROPOSAL'), tells('ACK')] : [told('INFORM')] };
      case 'CommitTxn':
        return { instant: [told('COMMIT')] };
      default:
        return {};
    }
  },
};
