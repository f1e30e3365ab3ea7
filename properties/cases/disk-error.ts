/**
 * ZOOKEEPER-4882: a server goes on with what it has in memory, though its log differs. Here the log is ahead,
 * or behind after a SNAP; a failed write, which leaves it behind there, is not modelled.
 */
import type { Rules } from 'fle-check/rules';

export default { databaseAfterLeaving: () => 'kept' } satisfies Partial<Rules>;
