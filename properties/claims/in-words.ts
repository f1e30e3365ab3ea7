/** Servers, sets of them and their credentials in words, for explanations of claims that fail. */
import type { Bounds } from '../../models/model/bounds.js';
import { printZxid, zxidValues } from '../../models/votes/zxid.js';

/** `s2`, of the server with index 1. */
export const nameOf = (server: number): string => `s${server + 1}`;

/** The indices in a set of servers, or of transactions. */
export const indicesIn = (set: number): readonly number[] =>
  Array.from({ length: 32 }, (_, i) => i).filter((i) => (set >>> i) & 1);

/** `s1`, `s1 and s3`, `s1, s2 and s3`; `nobody` if the set is empty. */
export function listed(names: readonly string[], none = 'nobody'): string {
  if (names.length < 2) return names[0] ?? none;
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

/** The names of a set of servers. */
export const serversIn = (set: number): string => listed(indicesIn(set).map(nameOf));

/** `only s1`, `only s1 and s3`, `nobody`: for sets that are too small. */
export const onlyServersIn = (set: number): string => (set === 0 ? 'nobody' : `only ${serversIn(set)}`);

/** `1 of 3 servers, and a majority is 2`. */
export const tooFew = (count: number, servers: number): string =>
  `${count} of ${servers} servers, and a majority is ${Math.floor(servers / 2) + 1}`;

/** Prints a zxid from its place among the zxids of the bounds, which is what a state keeps. */
export function zxidIn(bounds: Bounds): (place: number) => string {
  const values = zxidValues(bounds);
  return (place) => printZxid(values[place]);
}

interface Credential {
  readonly zxid: number;
  readonly currentEpoch?: number;
}

/**
 * Two servers with the key by which they differ in the order of votes: `s1 (zxid 0x2)` and `s2 (zxid 0x1)`.
 * Only their names if the sid decides.
 */
export function apart(
  bounds: Bounds,
  server: readonly Credential[],
  a: number,
  b: number,
): readonly [string, string] {
  const print = zxidIn(bounds);
  const [mine, theirs] = [server[a], server[b]];
  const by = (what: (one: Credential) => string): readonly [string, string] => [
    `${nameOf(a)} (${what(mine)})`,
    `${nameOf(b)} (${what(theirs)})`,
  ];
  if (mine.currentEpoch !== theirs.currentEpoch) return by((one) => `currentEpoch ${one.currentEpoch}`);
  if (mine.zxid !== theirs.zxid) return by(({ zxid }) => `zxid ${print(zxid)}`);
  return [nameOf(a), nameOf(b)];
}

/** `s1 (zxid 0x2) ranks above s2 (zxid 0x1)`, `s2 ranks above s1 by its sid`. */
export function ranksAbove(bounds: Bounds, server: readonly Credential[], a: number, b: number): string {
  const [higher, lower] = apart(bounds, server, a, b);
  return `${higher} ranks above ${lower}${higher === nameOf(a) ? ' by its sid' : ''}`;
}
