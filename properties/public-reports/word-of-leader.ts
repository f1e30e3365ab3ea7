/**
 * The word of one decided server of this round is enough to follow its leader, as before ZOOKEEPER-480. That
 * the leader itself says so is not asked: for that, see the rule joinsLeaderOfThisRound.
 */
import { correct, type Rules } from 'fle-check/rules';

export default {
  checkLeader: (leaderIsMe, leaderSaysLeading, logicalclock, electionEpoch) =>
    correct.checkLeader(leaderIsMe, leaderSaysLeading, logicalclock, electionEpoch) ||
    electionEpoch === logicalclock,
} satisfies Partial<Rules>;
