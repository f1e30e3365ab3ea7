/**
 * The election rules as pure functions of plain values, each replaceable by name. The models call them and
 * decide nothing themselves; a rule set is an object of overrides. None but `totalOrderPredicate` sees a sid.
 */

export interface Rules {
  /**
   * Whether the new vote beats the current one. Lexicographic in (peerEpoch, zxid, sid).
   * `FastLeaderElection.totalOrderPredicate`.
   */
  totalOrderPredicate(
    newId: number,
    newZxid: number,
    newEpoch: number,
    curId: number,
    curZxid: number,
    curEpoch: number,
  ): boolean;

  /** Whether `votes` equal votes of `servers` voting servers are a quorum. `QuorumMaj.containsQuorum`. */
  hasQuorum(votes: number, servers: number): boolean;

  /**
   * Whether an existing leader that others report may be followed.
   * `leaderIsMe`: they say it is the server itself; then its own `logicalclock` must be that of the election
   * reported. `leaderSaysLeading`: a vote from the leader itself, in state LEADING, is among those counted.
   * `FastLeaderElection.checkLeader`.
   */
  checkLeader(
    leaderIsMe: boolean,
    leaderSaysLeading: boolean,
    logicalclock: number,
    electionEpoch: number,
  ): boolean;
}

/** The rules as ZooKeeper has them. */
export const correct: Rules = {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newEpoch > curEpoch ||
    (newEpoch === curEpoch && (newZxid > curZxid || (newZxid === curZxid && newId > curId))),
  hasQuorum: (votes, servers) => votes * 2 > servers,
  checkLeader: (leaderIsMe, leaderSaysLeading, logicalclock, electionEpoch) =>
    leaderIsMe ? logicalclock === electionEpoch : leaderSaysLeading,
};

/**
 * A named set of rules: overrides of the correct ones, with where it comes from and which claim must catch
 * it.
 */
export interface RuleSet {
  readonly name: string;
  /** What it changes, in one sentence. */
  readonly says: string;
  /** Where it comes from: ZOOKEEPER-NNNN, or that it is made up. */
  readonly source: string;
  readonly overrides: Partial<Rules>;
  /** For each model that shows it, the claim that must fail; empty for the correct rules. */
  readonly breaks: { readonly [model: string]: string };
}

/** The rules of a rule set, complete. */
export const rulesOf = (ruleSet: RuleSet): Rules => ({ ...correct, ...ruleSet.overrides });
