/** Zxids are compared by their remainder of a division by three, as if a counter had no more room. */
import type { Rules } from 'fle-check/rules';

const counter = (zxid: number) => zxid % 3;

export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newEpoch > curEpoch ||
    (newEpoch === curEpoch &&
      (counter(newZxid) > counter(curZxid) || (counter(newZxid) === counter(curZxid) && newId > curId))),
} satisfies Partial<Rules>;
