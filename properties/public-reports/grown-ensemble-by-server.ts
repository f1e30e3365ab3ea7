/**
 * Three servers grown to five (ZOOKEEPER-3829): s1, s2 and s3 count as in the old configuration, s4 and s5 as
 * in the new one.
 */
import { correct, type Rules } from 'fle-check/rules';

export default {
  hasQuorum: (votes, servers, sid) => correct.hasQuorum(votes, servers === 5 && sid <= 3 ? 3 : servers),
} satisfies Partial<Rules>;
