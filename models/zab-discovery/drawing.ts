/** How a state of `zab-discovery` is shown: each server in a few words, the signs, and a picture. */
import type { Plain } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import {
  BARE,
  type Draws,
  type PicturedMessage,
  type PicturedServer,
  type PicturedStep,
  type PicturedVote,
  quorumOf,
  type Role,
  type Traffic,
} from '../model/drawing.js';
import { type Fields, indexOf, membersOf, serversOf, sidOf } from '../model/plain-states.js';
import type { Sign } from '../model/signs.js';
import { electing, electionSigns, electionTraffic, notificationsIn, printVote } from '../votes/drawing.js';

/** The servers that a leader of `zab-discovery` counts for its proposed epoch, or as connected. */
function followersOf({ epoch, connectingFollowers, electingFollowers }: Fields): string {
  return electingFollowers === '{}'
    ? `connected ${connectingFollowers}`
    : `epoch ${epoch} counts ${electingFollowers}`;
}

/**
 * `LEADING epoch 2 counts {s1 s3}, a2 e0`: the servers whose ACKEPOCH counts for the proposed epoch, and the
 * two durable epochs; also the vote, if votes elect. For `zab-discovery`.
 */
export function describeServer(state: Plain, index: number): string {
  const self = serversOf(state)[index];
  const durable = `a${self.acceptedEpoch} e${self.currentEpoch}`;
  if (self.state === 'OFF') return `off, ${durable}`;
  if (self.state === 'LOOKING') {
    const proposal = 'proposal' in self ? ` ${printVote(self.logicalclock, self.proposal)}` : '';
    return `LOOKING${proposal}${self.finalizing ? ' waits' : ''}, ${durable}`;
  }
  if (self.state === 'LEADING') return `LEADING ${followersOf(self)}, ${durable}`;
  const connection = self.connection === 'NONE' ? '' : ` ${String(self.connection).toLowerCase()}`;
  return `${self.state} ${self.leader}${connection}, ${durable}`;
}

/** The meaning of each sign of `zab-discovery`, besides those of an election. */
export const signs: readonly Sign[] = [
  { shows: /\ba\d/, says: 'a = acceptedEpoch · e = currentEpoch' },
  { shows: /connected \{/, says: 'connected {s1} = has read the acceptedEpoch of s1' },
  { shows: /counts \{/, says: 'counts {s1 s3} = their ACKEPOCHs, for the epoch that it proposes' },
  { shows: /registering/, says: 'registering = sent FOLLOWERINFO' },
  { shows: /\backed/, says: 'acked = sent ACKEPOCH' },
  { shows: /synced/, says: 'synced = acknowledged NEWLEADER' },
  { shows: /broken/, says: 'broken = its connection has ended' },
  ...electionSigns.filter(({ says }) => !says.startsWith('e =')),
  { shows: /→ ?s\d e\d/, says: '→ s2 e1 = with peerEpoch 1' },
];

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
      ? quorumOf(`counted for epoch ${epoch}`, counted, bounds)
      : quorumOf('counted as connected', connected, bounds),
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
export const draws: Draws = {
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
