/**
 * Votes in words and pictures, for every model whose servers vote: a server in a few words, the signs that
 * these use, and what the actions of an election do to notifications.
 */
import type { Plain } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import {
  BARE,
  type Link,
  type PicturedMessage,
  type PicturedServer,
  type PicturedStep,
  type PicturedVote,
  quorumOf,
  type Role,
  type Traffic,
} from '../model/drawing.js';
import { type Fields, indexOf, serversOf, sidOf } from '../model/plain-states.js';
import type { Sign } from '../model/signs.js';

/** `c1 → s2`. */
export const printVote = (c: Plain, leader: Plain): string => `c${c} → ${leader}`;

/**
 * The epoch and zxid with which a server starts, `e1 zxid 0x100000000`, which the election compares before
 * the sid. Empty if all servers have the same.
 */
export function credentialAtStart(state: Plain, index: number): string {
  const differs = (field: string) =>
    new Set(serversOf(state).map((server) => String(server[field]))).size > 1;
  const { currentEpoch, zxid } = serversOf(state)[index];
  return [
    ...(differs('currentEpoch') ? [`e${currentEpoch}`] : []),
    ...(differs('zxid') ? [`zxid ${zxid}`] : []),
  ].join(' ');
}

/** `has s1:s2 s3:s2!`: the votes in recvset, then those in outofelection. */
export function recorded({ recvset, outofelection, logicalclock }: Fields): readonly string[] {
  const votes = [...votesIn(recvset, '', logicalclock), ...votesIn(outofelection, '!', null)];
  return votes.length > 0 ? [`has ${votes.join(' ')}`] : [];
}

/**
 * `s1:s2` for a vote of s1 for s2, `s1:s2/c1` if it is of another round than `clock`; `mark` sets those out
 * of the election apart, whose rounds do not count.
 */
const votesIn = (votes: Plain, mark: string, clock: Plain): readonly string[] =>
  (votes as readonly (Fields | null)[]).flatMap((entry, j) => {
    if (entry === null || entry.state === 'OFF') return [];
    const round = clock === null || entry.electionEpoch === clock ? '' : `/c${entry.electionEpoch}`;
    return [`s${j + 1}:${entry.leader}${mark}${round}`];
  });

/** The meaning of each sign of an election. */
export const electionSigns: readonly Sign[] = [
  { shows: /\bc-?\d/, says: 'c = logical clock' },
  { shows: /→ ?s\d/, says: '→ s2 = votes for s2, or follows it' },
  { shows: /\bhas /, says: 'has s1:s2 = recvset: s1 votes for s2' },
  { shows: /\/c-?\d/, says: '/c = of that round' },
  { shows: /s\d!/, says: '! = in outofelection, of a decided server' },
  { shows: /\bqueue \d/, says: 'queue = in recvqueue' },
  { shows: /\bwaits\b/, says: 'waits = in finalizeWait' },
  { shows: /unknown yet/, says: 'unknown yet = others are told the vote before' },
  { shows: /\be\d/, says: 'e = currentEpoch' },
];

/** The vote for a server with that server's credential, for models whose votes carry only their leader. */
export function voteFor(servers: readonly Fields[], leader: Plain): PicturedVote | null {
  const { zxid, currentEpoch } = servers[indexOf(leader)];
  return {
    leader: String(leader),
    zxid: Number(zxid),
    peerEpoch: currentEpoch === undefined ? null : Number(currentEpoch),
  };
}

export const clockLabel = (role: Plain, clock: Plain, leader: Plain): string =>
  role === 'LEADING' ? `c${clock}` : `c${clock}→${leader}`;

/** A link for each pair of servers, in a list. */
export const linksTo = (to: number, servers: number): readonly Link[] =>
  Array.from({ length: servers }, (_, from) => ({ from, to }));

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

export const notificationsIn = (state: Plain): readonly PicturedMessage[] =>
  (state as { readonly channel: readonly (readonly (readonly Fields[] | null)[])[] }).channel.flatMap(
    (row, from) =>
      row.flatMap((queue, to) => (queue ?? []).map((message) => notification(from, to, message))),
  );

/** The effect of an action of an election on notifications. `reading`: the action that reads them. */
export function electionTraffic(
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

export const notified = (from: string, { state, leader }: Fields): Traffic => ({
  heard: { from, role: state as Role, leader: String(leader).split(' ')[0] },
});

/** The oldest notification on a link. */
export function heardFrom(state: Plain, me: number, from: number): Traffic {
  const { channel } = state as { readonly channel: readonly (readonly (readonly Fields[] | null)[])[] };
  const head = channel[from]?.[me]?.[0];
  return head === undefined ? {} : notified(sidOf(from), head);
}

/** The server itself, and the servers whose vote of this round in its recvset is the same. */
export function votersFor(self: Fields, me: number): readonly string[] {
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
export function electing(
  self: Fields,
  me: number,
  vote: PicturedVote | null,
  bounds: Bounds,
): PicturedServer {
  const { state: role, logicalclock, finalizing } = self;
  const leader = vote?.leader ?? '';
  const votes = () => quorumOf(`votes for ${leader}`, votersFor(self, me), bounds);
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
