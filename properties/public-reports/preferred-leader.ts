/** A fork with a preferred leader: s3 wins whatever its data, all others as in ZooKeeper. */
import { correct, type Rules } from 'fle-check/rules';

export default {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newId === 3 || curId === 3
      ? newId === 3 && curId !== 3
      : correct.totalOrderPredicate(newId, newZxid, newEpoch, curId, curZxid, curEpoch),
} satisfies Partial<Rules>;
