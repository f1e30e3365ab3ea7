/**
 * Three servers grown to five (ZOOKEEPER-3829): every server still counts as in the old configuration, where
 * two votes were a majority.
 */
import { correct, type Rules } from 'fle-check/rules';

export default {
  hasQuorum: (votes, servers) => correct.hasQuorum(votes, servers === 5 ? 3 : servers),
} satisfies Partial<Rules>;
