/**
 * The claims' own majority and order of credentials. They are written a second time here, and not taken from
 * models/rules.ts: a wrong rule there would make its own claim hold.
 */
import type { Bounds } from '../../models/model/bounds.js';
import { indicesIn, nameOf, onlyServersIn, ranksAbove, serversIn, tooFew } from './in-words.js';

/** Whether `votes` of `servers` are a majority: more than all the others. */
export const isMajority = (votes: number, servers: number): boolean => votes > servers - votes;

/** How many servers a set has. */
export function sizeOf(set: number): number {
  let size = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) size++;
  return size;
}

/** A server's place in the order of votes: (currentEpoch, zxid), then its sid. */
interface Credential {
  readonly zxid: number;
  readonly currentEpoch: number;
}

/** Whether server `a`'s credential is greater than server `b`'s, in the order that ZooKeeper defines. */
export function outranks(server: readonly Credential[], a: number, b: number): boolean {
  const mine = server[a];
  const theirs = server[b];
  if (mine.currentEpoch !== theirs.currentEpoch) return mine.currentEpoch > theirs.currentEpoch;
  return mine.zxid === theirs.zxid ? a > b : mine.zxid > theirs.zxid;
}

/** Whether those of the voters that do not rank above the leader are a majority of the servers. */
export function majorityBacks(server: readonly Credential[], leader: number, voters: number): boolean {
  let supporters = 0;
  for (let s = 0; s < server.length; s++) {
    if ((voters >>> s) & 1 && !outranks(server, s, leader)) supporters++;
  }
  return isMajority(supporters, server.length);
}

/**
 * Why a server should not lead with the votes of these servers: one of them ranks above it, or they are too
 * few.
 */
export function ledBy(
  bounds: Bounds,
  server: readonly Credential[],
  leader: number,
  round: number,
  voters: number,
): string {
  const leads = `${nameOf(leader)} becomes LEADING in round ${round}`;
  const better = indicesIn(voters).find((i) => outranks(server, i, leader));
  const few = tooFew(sizeOf(voters), server.length);
  if (!isMajority(sizeOf(voters), server.length))
    return `${leads}; ${onlyServersIn(voters)} voted for it in that round: ${few}.`;
  const order = ranksAbove(bounds, server, better ?? leader, leader);
  return `${leads} by the votes of ${serversIn(voters)}, though ${order}.`;
}

/**
 * Why the server with index `s` can never lead at these bounds; null if it can. Nobody votes below itself, so
 * a leader needs a majority whose credentials do not exceed its own.
 */
export function cannotLead({ servers, zxids, dataVersions }: Bounds, s: number): string | null {
  if (zxids === 'every' && dataVersions > 1) return null;
  const server = Array.from({ length: servers }, (_, t) => ({
    zxid: typeof zxids === 'string' ? 0 : zxids[t],
    currentEpoch: 0,
  }));
  const notAbove = server.filter((_, t) => !outranks(server, t, s)).length;
  const rank = `${notAbove === 1 ? 'ranks' : 'rank'} at or below ${nameOf(s)}`;
  return isMajority(notAbove, servers) ? null : `only ${notAbove} of ${servers} servers ${rank}`;
}

/** Whether some server has newer data than one with a larger sid, in some initial state. */
export const zxidsInvertSids = ({ servers, zxids, dataVersions }: Bounds): boolean =>
  zxids === 'every'
    ? servers > 1 && dataVersions > 1
    : zxids !== 'ranks' && zxids.some((zxid, t) => zxids.slice(t + 1).some((later) => later < zxid));
