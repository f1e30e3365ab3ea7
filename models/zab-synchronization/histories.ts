/** Histories of transactions, as `zab-synchronization` keeps them on disks and in memories. */
import { range } from '../../src/language/index.js';
import { makeZxid } from '../votes/zxid.js';

/** All transactions, in the order of their proposals; those not yet proposed have epoch 0. */
type Txns = readonly { readonly epoch: number }[];

/**
 * A history is a set of transactions, with a bit for each in the order of their proposals; within an epoch
 * that is the order of zxids. It is a set and not a list, because a history may have a hole.
 */
export const history = (txns: number) => range(0, 2 ** txns - 1, (set) => printHistory(set, txns));

/** `{t1 t2}`. */
export const printHistory = (set: number, txns: number): string =>
  `{${Array.from({ length: txns }, (_, t) => t)
    .filter((t) => (set >>> t) & 1)
    .map((t) => `t${t + 1}`)
    .join(' ')}}`;

export const has = (set: number, t: number): boolean => ((set >>> t) & 1) === 1;

/** Whether transaction `a` comes before `b`: by epoch, then in the order of proposal. */
export const isBefore = (txn: Txns, a: number, b: number): boolean =>
  txn[a].epoch < txn[b].epoch || (txn[a].epoch === txn[b].epoch && a < b);

/** The transaction with the largest zxid of a history; -1 of an empty one. */
export function lastOf(txn: Txns, set: number): number {
  let last = -1;
  for (let t = 0; t < txn.length; t++) if (has(set, t) && (last < 0 || isBefore(txn, last, t))) last = t;
  return last;
}

/** Whether the last transaction of a history comes after all of another. */
export function endsAfter(txn: Txns, a: number, b: number): boolean {
  const last = lastOf(txn, a);
  const theirs = lastOf(txn, b);
  return last >= 0 && (theirs < 0 || isBefore(txn, theirs, last));
}

/** The last zxid of a history; 0 of an empty one. */
export function lastZxid(txn: Txns, set: number): number {
  const last = lastOf(txn, set);
  return last < 0 ? 0 : zxidOf(txn, last);
}

/** The zxid of a transaction that has been proposed: it has the next counter of its epoch, from 1 on. */
export function zxidOf(txn: Txns, t: number): number {
  const { epoch } = txn[t];
  let counter = 1;
  for (let earlier = 0; earlier < t; earlier++) if (txn[earlier].epoch === epoch) counter++;
  return makeZxid(epoch, counter);
}

/** The transactions of a history up to one of any history; none up to -1. */
export function upToTxn(txn: Txns, set: number, last: number): number {
  let some = 0;
  if (last < 0) return some;
  for (let t = 0; t < txn.length; t++) if (has(set, t) && !isBefore(txn, last, t)) some |= 1 << t;
  return some;
}

/** The first transaction of a history that comes after one of any history; -1 if none does. */
export function nextAfter(txn: Txns, set: number, last: number): number {
  let next = -1;
  for (let t = 0; t < txn.length; t++) {
    if (!has(set, t) || (last >= 0 && !isBefore(txn, last, t))) continue;
    if (next < 0 || isBefore(txn, t, next)) next = t;
  }
  return next;
}

/** The transactions of a history that come after one of any history; all of them after -1. */
export const afterTxn = (txn: Txns, set: number, last: number): number => set & ~upToTxn(txn, set, last);

/** A history without a set of transactions. */
export const without = (set: number, gone: number): number => set & ~gone;
