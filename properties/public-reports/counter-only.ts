/**
 * A fork that compares the counter of a zxid alone, as ZxidUtils.getCounterFromZxid has it, after the
 * peerEpoch of the vote: a server may have joined an epoch, and have older data than its peerEpoch says.
 */
import type { Rules } from 'fle-check/rules';

const counter = (zxid: number) => zxid % 2 ** 32;

export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newEpoch > curEpoch ||
    (newEpoch === curEpoch &&
      (counter(newZxid) > counter(curZxid) || (counter(newZxid) === counter(curZxid) && newId > curId))),
} satisfies Partial<Rules>;
