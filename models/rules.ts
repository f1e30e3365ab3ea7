/**
 * The rules of election, discovery and synchronization as pure functions of plain values, each replaceable by
 * name. The models call them and decide nothing themselves; a rule set is an object of overrides.
 *
 * Every model gives a rule what ZooKeeper would give it:
 * - a *sid* is the `myid` of a server, 1 to the number of voting servers;
 * - a *zxid* is `epoch * 2**32 + counter`, and the counter begins anew with each epoch: 0 of an empty
 *   history, 2**32 of one in which epoch 1 has begun, and -1 of a server without a database (only `conform`
 *   has those);
 * - an *epoch* is 0 before the first, then 1 or more; -1 stands for none, where a rule says so. The epoch of
 *   a zxid is above the currentEpoch that comes with it only of a server that left its leader between writing
 *   its history and writing currentEpoch;
 * - a *round* is a logical clock: 0 before the first election, then 1 or more; `fle-faithful` also has -1, of
 *   a server that joined a leader which told its state before its vote;
 * - a *count* is a number of servers, 0 or more.
 */
export interface Rules {
  /**
   * Whether the new vote beats the current one. Lexicographic in (peerEpoch, zxid, sid).
   * `newId`, `curId`: the sids that the votes are for. `newZxid`, `curZxid`: zxids, and `newEpoch`,
   * `curEpoch`: epochs, both of the servers voted for. `FastLeaderElection.totalOrderPredicate`.
   */
  totalOrderPredicate(
    newId: number,
    newZxid: number,
    newEpoch: number,
    curId: number,
    curZxid: number,
    curEpoch: number,
  ): boolean;

  /**
   * Whether `votes`, a count of equal votes or acknowledgements, are a quorum of `servers`, the count of
   * voting servers, for the server `sid` that counts them: each server has a configuration, and an Oracle, of
   * its own. `QuorumMaj.containsQuorum`.
   */
  hasQuorum(votes: number, servers: number, sid: number): boolean;

  /** Whether a server that begins an election votes for itself first. `FastLeaderElection.lookForLeader`. */
  readonly proposesItselfFirst: boolean;

  /**
   * What a server proposes when it hears a later round and enters it: what it hears, its own credential, or
   * what it proposed before. `beatsOwn`, `beatsProposal`: whether what it hears beats the other two.
   * `FastLeaderElection.lookForLeader`, `n.electionEpoch > logicalclock`.
   */
  proposalOnJump(beatsOwn: boolean, beatsProposal: boolean): 'heard' | 'own' | 'proposal';

  /** Whether the votes of the round before are forgotten then. `recvset.clear`. */
  readonly clearsRecvsetOnJump: boolean;

  /** Whether the vote of a LOOKING server that is rounds behind is passed over. `lookForLeader`. */
  readonly dropsEarlierRounds: boolean;

  /**
   * Whether a notification is put into recvset. `isLooking`: its sender is LOOKING; otherwise it has decided.
   * `isOfThisRound`: its round is the logical clock of the server that hears it.
   * `FastLeaderElection.lookForLeader`, `recvset.put`.
   */
  entersRecvset(isLooking: boolean, isOfThisRound: boolean): boolean;

  /**
   * Whether the notification of a server that has decided is put into outofelection. `isOfThisRound`: as for
   * `entersRecvset`. `receivedFollowingNotification`.
   */
  entersOutofelection(isOfThisRound: boolean): boolean;

  /**
   * Whether the LEADING notification of a server of this round is enough to follow it, without a quorum. Java
   * has asked for a quorum since ZOOKEEPER-480; `leaveOk3` of FastLeaderElection.tla does not.
   */
  readonly joinsLeaderOfThisRound: boolean;

  /** Whether a server sends the vote that it adopts. `FastLeaderElection.sendNotifications`. */
  readonly broadcastsAdopted: boolean;

  /** Whether a LOOKING server answers one that is rounds behind it. `WorkerReceiver.run`. */
  readonly repliesToEarlierRound: boolean;

  /** Whether a server waits for a better vote once it has a quorum. `FastLeaderElection.finalizeWait`. */
  readonly waitsToFinalize: boolean;

  /**
   * Whether a notification ends that wait; all others are lost. `beatsProposal`: its vote beats the proposal.
   * `isOfThisRound`: as for `entersRecvset`. `FastLeaderElection.lookForLeader`.
   */
  endsFinalizeWait(beatsProposal: boolean, isOfThisRound: boolean): boolean;

  /** Whether the vote that ends it is handled afterwards. `lookForLeader`, `recvqueue.put`. */
  readonly putsBack: boolean;

  /** Whether two votes of servers out of the election equal each other in their round too. `Vote.equals`. */
  readonly comparesRoundsOutOfElection: boolean;

  /** Whether two votes of this round, of servers that have decided, equal each other in their epoch too. */
  readonly comparesEpochsInRecvset: boolean;

  /** Whether a new election begins a new round. `logicalclock.incrementAndGet`. */
  readonly raisesClock: boolean;

  /** Whether the last message is sent again over a new connection. `QuorumCnxManager.SendWorker.run`. */
  readonly resendsLastMessage: boolean;

  /**
   * The logical clock, a round, of a server that starts after a crash; `logicalclock` was it before the
   * crash. It is kept in memory alone.
   */
  clockAfterCrash(logicalclock: number): number;

  /**
   * Whether an existing leader that others report may be followed.
   * `leaderIsMe`: they say it is the server itself; then its own `logicalclock` must be that of the election
   * reported. `leaderSaysLeading`: a vote from the leader itself, in state LEADING, is among those counted.
   * `logicalclock`, `electionEpoch`: the rounds of the server and of the notification.
   * `FastLeaderElection.checkLeader`.
   */
  checkLeader(
    leaderIsMe: boolean,
    leaderSaysLeading: boolean,
    logicalclock: number,
    electionEpoch: number,
  ): boolean;

  /**
   * The epoch a leader will propose, having heard `lastAcceptedEpoch`, an epoch, of one more server; `epoch`
   * was it so far, -1 before any was heard. `Leader.getEpochToPropose`.
   */
  epochToPropose(epoch: number, lastAcceptedEpoch: number): number;

  /**
   * Whether the server `sid`, a sid, lets an election decide for a server, for itself or for another.
   * `isParticipant`: that one is a voting server, no observer. `FastLeaderElection.validVoter`.
   */
  validVoter(isParticipant: boolean, sid: number): boolean;

  /**
   * Whether a server counts for the quorums of an epoch. `isParticipant`: it is a voting server, no observer.
   * `sid`: the leader that counts, a sid. `Leader.isParticipant`.
   */
  countsInEpochQuorum(isParticipant: boolean, sid: number): boolean;

  /** When a leader writes its own epoch as its acceptedEpoch. `Leader.getEpochToPropose`. */
  readonly leaderAcceptsEpoch: 'whenProposed' | 'withCurrentEpoch' | 'never';

  /**
   * When a server writes currentEpoch: a leader once its epoch is acknowledged by a quorum, a learner for
   * NEWLEADER; or a leader when it proposes the epoch; or either when it accepts it. `Leader.lead`,
   * `Learner.syncWithLeader`.
   */
  readonly currentEpochWritten: 'whenEstablished' | 'whenProposed' | 'whenAccepted';

  /** Whether the votes of servers that serve get the established epoch. `QuorumPeer.updateElectionVote`. */
  readonly updatesElectionVote: boolean;

  /**
   * Whether an ACKEPOCH counts. `currentEpoch`: the epoch it carries, -1 from a server that had accepted the
   * epoch before. `Leader.waitForEpochAck`.
   */
  countsEpochAck(currentEpoch: number): boolean;

  /**
   * Whether a follower's state is ahead of the leader's. `followerEpoch`, `leaderEpoch`: their currentEpochs,
   * -1 from a follower that had accepted the epoch before. `StateSummary.isMoreRecentThan`.
   */
  isMoreRecentThan(followerEpoch: number, leaderEpoch: number): boolean;

  /** Whether a leader reads what was sent over the connections of a leadership of its own that has ended. */
  readonly oldConnectionsCount: boolean;

  /**
   * The acceptedEpoch that a server finds when it starts after a crash. `acceptedEpoch`, `currentEpoch`: the
   * epochs it had written. `isFirst`: it is its first start after a crash. `QuorumPeer.loadDataBase`.
   */
  acceptedEpochAfterCrash(acceptedEpoch: number, currentEpoch: number, isFirst: boolean): number;

  /**
   * Whether a DIFF holds one of the transactions that the learner lacks: the `nth` of `count`, both counts,
   * and 1 is the oldest. `LearnerHandler.queueCommittedProposals`.
   */
  diffHolds(nth: number, count: number): boolean;

  /**
   * Whether a leader queues its outstanding proposals for a follower that joins. `Leader.startForwarding`.
   */
  readonly queuesOutstanding: boolean;

  /**
   * Whether a leader counts itself for the quorum that acknowledges NEWLEADER. `Leader.lead`,
   * `waitForNewLeaderAck`.
   */
  readonly leaderAcksNewLeader: boolean;

  /**
   * Whether a leader tells a learner to truncate transactions that the leader lacks.
   * `LearnerHandler.syncFollower`.
   */
  readonly truncates: boolean;

  /**
   * Whether a leader tells a learner to truncate transactions that the leader has committed and not yet
   * applied. Java does: it compares with `ZKDatabase.getmaxCommittedLog`. `LearnerHandler.syncFollower`.
   */
  readonly truncatesCommitted: boolean;

  /**
   * Whether a leader takes back the ACKs of a learner for the proposals that it queues for it again. Java
   * does not. `Leader.startForwarding`.
   */
  readonly truncationRevokesAcks: boolean;

  /**
   * Whether a leader counts the ACK of a proposal that it has queued for the sender again since: it was sent
   * over an earlier connection, and read late. Java does. `LearnerHandler.run`, `Leader.processAck`.
   */
  readonly lateAcksCount: boolean;

  /**
   * The writes of a learner for NEWLEADER, in order, each once. `snapshot`: true after a SNAP or TRUNC, when
   * its history is written as a snapshot; false after a DIFF. `Learner.syncWithLeader`.
   */
  newLeaderWrites(snapshot: boolean): readonly NewLeaderWrite[];

  /**
   * The transactions that came before NEWLEADER and that a follower logs before it acknowledges NEWLEADER:
   * those that its leader had committed, the others after UPTODATE (3.9.3 and later); all, and it
   * acknowledges them after UPTODATE (3.8.6); or none, and its SyncRequestProcessor logs and acknowledges all
   * in its own time (3.8.0). `Learner.syncWithLeader`.
   */
  readonly loggedForNewLeader: 'committed' | 'all' | 'none';

  /**
   * Whether the SyncRequestProcessor of a learner goes on writing after the learner has left, in place of
   * writing all it has before (until 3.9.2: ZOOKEEPER-4712). `LearnerZooKeeperServer.shutdownComponents`.
   */
  readonly logWriterSurvives: boolean;

  /**
   * Whether a learner acknowledges the transactions of a DIFF as soon as they are logged: its leader takes
   * the first such ACK for that of NEWLEADER, and does not count it. `Learner.syncWithLeader`.
   */
  readonly acksDiffWhenLogged: boolean;

  /**
   * Whether a follower that fails to write a proposal to its log still commits it, before it leaves its
   * leader. Java does if a write fails (ZOOKEEPER-4882); under `correct` no write fails.
   * `SyncRequestProcessor.run`, `FollowerZooKeeperServer.commit`.
   */
  readonly commitsUnlogged: boolean;

  /**
   * What becomes of the database of a server that leaves its leader or its followers. `runs`: it served until
   * then. `snapshot`, `truncation`: it leaves in the middle of a SNAP, or of a TRUNC. Java keeps the database
   * in the middle of a TRUNC, in which a COMMIT may have changed it (ZOOKEEPER-5094).
   * `Learner.shutdown`, `ZooKeeperServer.shutdown`.
   */
  databaseAfterLeaving(
    runs: boolean,
    snapshot: boolean,
    truncation: boolean,
  ): 'kept' | 'fastForwarded' | 'reloaded';
}

/** The name of a rule. */
export type RuleName = keyof Rules;

export type NewLeaderWrite = 'history' | 'currentEpoch' | 'ack';

const NEW_LEADER_WRITES: readonly NewLeaderWrite[] = ['history', 'currentEpoch', 'ack'];

/**
 * The rules of ZooKeeper's master with four repairs, if no write to a log fails. Every release lacks them
 * and loses data without them (docs/zab.md): `truncatesCommitted`, `truncationRevokesAcks`, `lateAcksCount`,
 * and the middle of a TRUNC in `databaseAfterLeaving`. The rule set `zookeeper-master` is without them. A
 * majority is the same for every server.
 */
export const correct: Rules & { hasQuorum(votes: number, servers: number): boolean } = {
  totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newEpoch > curEpoch ||
    (newEpoch === curEpoch && (newZxid > curZxid || (newZxid === curZxid && newId > curId))),
  hasQuorum: (votes, servers) => votes * 2 > servers,
  proposesItselfFirst: true,
  proposalOnJump: (beatsOwn) => (beatsOwn ? 'heard' : 'own'),
  clearsRecvsetOnJump: true,
  dropsEarlierRounds: true,
  entersRecvset: (_isLooking, isOfThisRound) => isOfThisRound,
  entersOutofelection: () => true,
  joinsLeaderOfThisRound: false,
  broadcastsAdopted: true,
  repliesToEarlierRound: true,
  waitsToFinalize: true,
  endsFinalizeWait: (beatsProposal) => beatsProposal,
  putsBack: true,
  comparesRoundsOutOfElection: false,
  comparesEpochsInRecvset: false,
  raisesClock: true,
  resendsLastMessage: true,
  clockAfterCrash: () => 0,
  checkLeader: (leaderIsMe, leaderSaysLeading, logicalclock, electionEpoch) =>
    leaderIsMe ? logicalclock === electionEpoch : leaderSaysLeading,
  epochToPropose: (epoch, lastAcceptedEpoch) => (lastAcceptedEpoch >= epoch ? lastAcceptedEpoch + 1 : epoch),
  validVoter: (isParticipant) => isParticipant,
  countsInEpochQuorum: (isParticipant) => isParticipant,
  leaderAcceptsEpoch: 'whenProposed',
  currentEpochWritten: 'whenEstablished',
  updatesElectionVote: true,
  countsEpochAck: (currentEpoch) => currentEpoch !== -1,
  isMoreRecentThan: (followerEpoch, leaderEpoch) => followerEpoch > leaderEpoch,
  oldConnectionsCount: false,
  acceptedEpochAfterCrash: (acceptedEpoch) => acceptedEpoch,
  truncates: true,
  diffHolds: () => true,
  queuesOutstanding: true,
  leaderAcksNewLeader: true,
  truncatesCommitted: false,
  truncationRevokesAcks: true,
  lateAcksCount: false,
  newLeaderWrites: () => NEW_LEADER_WRITES,
  loggedForNewLeader: 'committed',
  logWriterSurvives: false,
  acksDiffWhenLogged: false,
  commitsUnlogged: false,
  databaseAfterLeaving: (runs, snapshot, truncation) =>
    runs ? 'fastForwarded' : snapshot || truncation ? 'reloaded' : 'kept',
};
