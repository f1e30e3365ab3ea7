/**
 * ZOOKEEPER-4712, 4541: the thread that logs outlives the server, so the log grows after the database was
 * read again.
 */
import type { Rules } from 'fle-check/rules';

export default { logWriterSurvives: true } satisfies Partial<Rules>;
