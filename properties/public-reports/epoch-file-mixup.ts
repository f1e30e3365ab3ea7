/** ZOOKEEPER-1387: what belongs into acceptedEpoch is written to currentEpoch, so a start finds no other. */
import type { Rules } from 'fle-check/rules';

export default {
  acceptedEpochAfterCrash: (_acceptedEpoch, currentEpoch) => currentEpoch,
} satisfies Partial<Rules>;
