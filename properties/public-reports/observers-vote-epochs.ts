/** ZOOKEEPER-2959: a leader takes an observer for a voter, where servers accept an epoch. */
import type { Rules } from 'fle-check/rules';

export default { countsInEpochQuorum: () => true } satisfies Partial<Rules>;
