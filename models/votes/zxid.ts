/**
 * The parts of a vote in ZooKeeper and in states. Sids count from 1, and servers in states from 0. A zxid is
 * made as `ZxidUtils` makes it: the upper half is the epoch, the lower half a counter that begins anew with
 * each epoch. JavaScript's numbers hold the zxids of the first 2^21 epochs exactly. States keep the place of
 * a zxid among the zxids of the bounds.
 */
import { type RangeType, range } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';

const COUNTERS = 2 ** 32;

/** `myid`, the sid, of the server with an index from 0. */
export const myidOf = (index: number): number => index + 1;

/** The largest zxid that a number holds exactly. */
export const MOST_ZXID = Number.MAX_SAFE_INTEGER;
/** Of a server without a database. `FastLeaderElection.lookForLeader` passes over votes that carry it. */
export const NO_ZXID = -1;

/** `ZxidUtils.makeZxid`. */
export const makeZxid = (epoch: number, counter: number): number => epoch * COUNTERS + counter;
/** `ZxidUtils.getEpochFromZxid`; -1 of `NO_ZXID`. */
export const epochOfZxid = (zxid: number): number => Math.floor(zxid / COUNTERS);
/** `ZxidUtils.getCounterFromZxid`. */
export const counterOfZxid = (zxid: number): number => zxid - epochOfZxid(zxid) * COUNTERS;

/** `0x100000001`, as ZooKeeper's logs have it. */
export const printZxid = (zxid: number): string => (zxid < 0 ? String(zxid) : `0x${zxid.toString(16)}`);

/**
 * The zxid that `0x100000001`, `4294967297` or `1.1` (`epoch.counter`) means; null if the text is no zxid, or
 * one above `MOST_ZXID`.
 */
export function parseZxid(text: string): number | null {
  const parts = /^(\d+)\.(\d+)$/.exec(text);
  if (parts !== null) {
    const [epoch, counter] = [Number(parts[1]), Number(parts[2])];
    return counter < COUNTERS ? within(makeZxid(epoch, counter)) : null;
  }
  return /^(0x[\da-f]+|\d+)$/i.test(text) ? within(Number(text)) : null;
}

const within = (zxid: number): number | null => (zxid <= MOST_ZXID ? zxid : null);

/**
 * The last zxids that servers may have if every assignment is explored, in ascending order: none; epoch 1 has
 * begun, with no transaction yet; a transaction of epoch 1; epoch 2 has begun. From one to the next the
 * counter may stay or fall, so that an order that compares only half of a zxid is caught.
 */
const VERSIONS: readonly number[] = [makeZxid(0, 0), makeZxid(1, 0), makeZxid(1, 1), makeZxid(2, 0)];
export const MOST_VERSIONS = VERSIONS.length;

/** The zxid at a place, if every assignment is explored. The bounds only say how many places there are. */
export const zxidOfVersion = (place: number): number => VERSIONS[place];

type Credentials = Pick<Bounds, 'zxids' | 'dataVersions'>;

/** The different zxids of servers at these bounds, in ascending order. States keep places in this list. */
export function zxidValues({ zxids, dataVersions }: Credentials): readonly number[] {
  if (zxids === 'ranks') return VERSIONS.slice(0, 1);
  if (zxids === 'every') return VERSIONS.slice(0, dataVersions);
  return [...new Set(zxids)].sort((a, b) => a - b);
}

/** The epoch of the latest of these zxids: a server has joined the epoch of each transaction that it has. */
const latestEpoch = (bounds: Credentials): number => epochOfZxid(zxidValues(bounds).at(-1) ?? 0);

/**
 * The least and the greatest currentEpoch of servers at these bounds. If every assignment is explored, there
 * are as many epochs as zxids, none below the epoch of a zxid. Otherwise all servers have the same epoch.
 */
export function currentEpochs(bounds: Credentials): readonly [least: number, greatest: number] {
  const least = latestEpoch(bounds);
  return [least, bounds.zxids === 'every' ? least + bounds.dataVersions - 1 : least];
}

/** The type of a place among `values`, which prints as the zxid itself. */
export const zxidType = (values: readonly number[], least = 0): RangeType =>
  range(least, values.length - 1, (place) => printZxid(place < 0 ? NO_ZXID : values[place]));

/** The type of a currentEpoch. */
export const currentEpochType = (bounds: Credentials): RangeType => range(...currentEpochs(bounds));
