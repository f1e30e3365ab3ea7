/** ZOOKEEPER-3922: two servers, and an Oracle that says yes to s1 alone. */
import { correct, type Rules } from 'fle-check/rules';

export default {
  hasQuorum: (votes, servers, sid) =>
    correct.hasQuorum(votes, servers) || (servers === 2 && votes === 1 && sid === 1),
} satisfies Partial<Rules>;
