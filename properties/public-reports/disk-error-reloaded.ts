/** ZOOKEEPER-4882 with a repair: a server that leaves its leader reads its database from disk again. */
import type { Rules } from 'fle-check/rules';

export default {
  commitsUnlogged: true,
  databaseAfterLeaving: () => 'reloaded',
} satisfies Partial<Rules>;
