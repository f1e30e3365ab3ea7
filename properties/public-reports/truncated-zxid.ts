/**
 * A fork that widens the counter of a zxid (ZOOKEEPER-2789) and compares what is left of it after a cast: the
 * lowest bit, in place of the lower half.
 */
import type { Rules } from 'fle-check/rules';

export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newEpoch > curEpoch ||
    (newEpoch === curEpoch && (newZxid % 2 > curZxid % 2 || (newZxid % 2 === curZxid % 2 && newId > curId))),
} satisfies Partial<Rules>;
