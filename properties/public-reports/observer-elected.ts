/**
 * ZOOKEEPER-764, 2988: s4 is an observer and takes itself for a voter, and s1 votes for it. s2 and s3 know
 * better.
 */
import type { Rules } from 'fle-check/rules';

export default {
  validVoter: (isParticipant, sid) => isParticipant || sid === 1 || sid === 4,
  countsInEpochQuorum: (isParticipant, sid) => isParticipant || sid === 4,
} satisfies Partial<Rules>;
