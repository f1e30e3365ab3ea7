/**
 * ZOOKEEPER-4882: a write to the log of a follower fails, and it commits the transaction all the same. What
 * its memory has, its log never gets, because leaders send what comes after the last zxid in memory.
 */
import type { Rules } from 'fle-check/rules';

export default { commitsUnlogged: true } satisfies Partial<Rules>;
