/** Zxids compared by the sign of a difference that overflows (of two bits, in place of 64). */
import type { Rules } from 'fle-check/rules';

const later = (a: number, b: number) => ((a - b + 4) & 3) === 1;

export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newEpoch > curEpoch ||
    (newEpoch === curEpoch && (later(newZxid, curZxid) || (newZxid === curZxid && newId > curId))),
} satisfies Partial<Rules>;
