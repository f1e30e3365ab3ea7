/** ZOOKEEPER-261: a server that crashed starts with an empty data directory, without its acceptedEpoch. */
import type { Rules } from 'fle-check/rules';

export default {
  acceptedEpochAfterCrash: () => 0,
} satisfies Partial<Rules>;
