/** Rules of one's own: half of the servers are a quorum. `fle-check check --rules ./my-rules.ts`. */
import { correct, type Rules } from 'fle-check/rules';

export default {
  hasQuorum: (votes, servers) => correct.hasQuorum(votes, servers) || votes * 2 === servers,
} satisfies Partial<Rules>;
