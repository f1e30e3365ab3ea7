/**
 * The fork of preferred-leader.ts by somebody who counts servers from zero: sids begin with 1, so it prefers
 * s2.
 */
import { correct, type Rules } from 'fle-check/rules';

export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newId === 2 || curId === 2
      ? newId === 2 && curId !== 2
      : correct.totalOrderPredicate(newId, newZxid, newEpoch, curId, curZxid, curEpoch),
} satisfies Partial<Rules>;
