/** ZOOKEEPER-1387 as it was: only the first start writes to currentEpoch what belongs into acceptedEpoch. */
import type { Rules } from 'fle-check/rules';

export default {
  acceptedEpochAfterCrash: (acceptedEpoch, currentEpoch, isFirst) => (isFirst ? currentEpoch : acceptedEpoch),
} satisfies Partial<Rules>;
