/**
 * `zab-synchronization`: which transactions survive elections, crashes and synchronization. The actions, in
 * the order of a run, and the Java that each stands for:
 * - `ElectLeader`, `JoinLeader`: lookForLeader and discovery, up to `Leader.waitForEpochAck` and
 *   `Learner.registerWithLeader`, in one step;
 * - `ReceiveSync`: `LearnerHandler.syncFollower` and `Leader.startForwarding`, as the learner reads them;
 *   `WriteNewLeader`: `Learner.syncWithLeader`, case NEWLEADER, as three writes;
 * - `StartServing`: `Leader.waitForNewLeaderAck` and `startZkServer`; `HandleUpToDate`: case UPTODATE;
 * - `ProposeTxn`: `Leader.propose`; `ReadProposal`: `Follower.processPacket`; `LogTxn`:
 *   `SyncRequestProcessor`, of a follower or of the leader itself, and `Leader.processAck` of its ACK;
 *   `ApplyTxn`: `CommitProcessor` at the leader; `ReadCommit`: `FollowerZooKeeperServer.commit`;
 * - `EscapeLeader`, `AbandonLeader`: `ZooKeeperServer.shutdown`; `LogOrphan`: a `SyncRequestProcessor` that
 *   goes on after it; `CrashServer`, `StartServer`: the process, and `QuorumPeer.loadDataBase`.
 * The effect of each is in elections.ts, leading.ts, learning.ts and leaving.ts. index.ts lists where this
 * departs from Java; `Abstracts:` marks the place.
 */
import { defineModel, domain, type Model, sid, sidSet, upTo } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { quorumsDiffer } from '../votes/symmetry.js';
import { myidOf } from '../votes/zxid.js';
import { sizeOf } from '../zab-discovery/handshake.js';
import { electionsOf } from './elections.js';
import { has, nextAfter } from './histories.js';
import { leadingOf } from './leading.js';
import { isUnderWay, learningOf } from './learning.js';
import { leavingOf } from './leaving.js';
import {
  Stage,
  type SynchronizationSchema,
  type SynchronizationState,
  type SynchronizationView,
  SyncMode,
  schema,
} from './state.js';
import {
  commitInWords,
  escapeInWords,
  logInWords,
  stuckInWords,
  syncInWords,
  writeInWords,
} from './words.js';

const { JOINED, SYNCING, NEWLEADER_2, SYNCED, SERVING } = Stage.values;
const { DIFF } = SyncMode.values;

type State = SynchronizationView;

export function build(bounds: Bounds, rules: Rules): Model<SynchronizationSchema> {
  const { servers, observers, epochs, txns, crashes, abandons } = bounds;
  const all = servers + observers;
  const Voter = domain('sid', sid(servers));
  const Sid = domain('sid', sid(all));
  const Quorum = domain('quorum', sidSet(servers));
  const All = domain('servers', sidSet(all));
  const Mode = upTo('sync', 2, (snapshot) => (snapshot === 1 ? 'snapshot' : 'log'));
  const Txn = upTo('txn', txns, (t) => `t${t + 1}`);
  const name = Sid.print;
  const isVoter = (i: number) => i < servers;

  const { tiesAreOpen, nextEpoch, ranksBelow, mayElect, mayStart, mayLead, hasSupport } = electionsOf(
    bounds,
    rules,
  );
  const leading = leadingOf(bounds, rules);
  const learning = learningOf(bounds, rules, leading);
  const { leave, crash } = leavingOf(bounds, rules, leading);

  return defineModel({
    name: 'zab-synchronization',
    schema: schema(bounds),
    permutations: observers === 0 && tiesAreOpen && !quorumsDiffer(bounds, rules) ? servers : null,
    initial: {
      then: (s) => {
        for (let i = 0; i < all; i++) s.server[i].state = LOOKING;
        s.crashesLeft = crashes;
        s.abandonsLeft = abandons;
      },
    },
    actions: {
      /** Election and discovery among a quorum. Abstracts: election-is-one-step, epochs-are-bounded. */
      ElectLeader: {
        over: [Voter, Quorum],
        when: mayElect,
        then: (s, leader, quorum) => {
          const epoch = nextEpoch(s as unknown as SynchronizationState, quorum);
          for (let i = 0; i < servers; i++) if (has(quorum, i) && i !== leader) join(s, i, leader, epoch);
          const self = s.server[leader];
          self.state = LEADING;
          self.acceptedEpoch = epoch;
          self.currentEpoch = epoch;
          self.newLeaderAcks = rules.leaderAcksNewLeader ? 1 << leader : 0;
        },
        says: (s, leader, quorum) =>
          `${name(leader)} is elected and established in epoch ${nextEpoch(s, quorum)} by ${Quorum.print(quorum)}`,
      },
      /**
       * A server follows one that leads already, unless the leader's epoch is below its own acceptedEpoch.
       */
      JoinLeader: {
        over: [Sid, Voter],
        when: ({ server }, me, leader) =>
          server[me].state === LOOKING &&
          server[leader].state === LEADING &&
          server[me].acceptedEpoch <= server[leader].currentEpoch,
        then: (s, me, leader) => join(s, me, leader, s.server[leader].currentEpoch),
        says: (_s, me, leader) => `${name(me)} joins ${name(leader)}`,
        excludedBecause:
          servers + observers === 2 && crashes + abandons === 0
            ? 'both servers elect, and nobody leaves'
            : null,
      },
      /**
       * TRUNC if the learner is ahead, else DIFF or SNAP, and all that is queued with it.
       * Abstracts: leader-chooses-snapshots, flush-is-one-step.
       */
      ReceiveSync: {
        over: [Sid, Mode],
        when: (s, me, snapshot) =>
          isUnderWay(s, me, JOINED, JOINED) && (snapshot === 0 || learning.maySnapshot(s, me)),
        then: (s, me, snapshot) => learning.receiveSync(s, me, snapshot === 1),
        says: (s, me, snapshot) => {
          const mode = learning.syncModeFor(s, me, snapshot === 1);
          const last = learning.lastSent(s, s.server[me].leader, mode);
          const queued = learning.queuedFor(s, me, mode);
          return syncInWords(s, me, { mode, diff: learning.diffFor(s, me), last, queued });
        },
      },
      /** NEWLEADER: history, currentEpoch, acknowledgement, one at a time. */
      WriteNewLeader: {
        over: [Sid],
        when: (s, me) => isUnderWay(s, me, SYNCING, NEWLEADER_2),
        then: (s, me) => learning.writeNewLeader(s, me),
        says: (s, me) => {
          const { stage, syncMode } = s.server[me];
          const write = rules.newLeaderWrites(syncMode !== DIFF)[stage - SYNCING];
          return writeInWords(s, me, write, learning.loggedForNewLeader(s, me));
        },
      },
      /** `Leader.waitForNewLeaderAck`, `startZkServer`: its history is committed. */
      StartServing: {
        over: [Voter],
        when: ({ server }, me) =>
          server[me].state === LEADING &&
          !server[me].serves &&
          rules.hasQuorum(sizeOf(server[me].newLeaderAcks), servers, myidOf(me)),
        then: (s, me) => {
          s.server[me].serves = true;
          s.committed = s.committed | s.server[me].memory;
        },
        says: ({ server }, me) =>
          `${name(me)} serves: NEWLEADER is acknowledged by ${All.print(server[me].newLeaderAcks)}`,
      },
      /** The learner hands to its log what it has not logged, and applies what is committed. */
      HandleUpToDate: {
        over: [Sid],
        when: (s, me) => isUnderWay(s, me, SYNCED, SYNCED) && s.server[s.server[me].leader].serves,
        then: (s, me) => learning.handleUpToDate(s, me),
        says: ({ server }, me) => `${name(me)} reads UPTODATE of ${name(server[me].leader)}`,
      },
      /** A client writes; the leader proposes it, and hands it to its own log. */
      ProposeTxn: {
        over: [Voter],
        when: ({ server, txn }, me) => server[me].serves && txn[txns - 1].epoch === 0,
        then: (s, me) => leading.propose(s, me),
        says: (s, me) => `${name(me)} proposes t${leading.nextToPropose(s) + 1}`,
      },
      /** PROPOSAL at a follower, INFORM at an observer. */
      ReadProposal: {
        over: [Sid],
        when: (s, me) => learning.nextToRead(s, me) >= 0,
        then: (s, me) => learning.readProposal(s, me),
        says: (s, me) => {
          const t = learning.nextToRead(s, me) + 1;
          return isVoter(me)
            ? `${name(me)} reads the PROPOSAL of t${t}`
            : `${name(me)} is informed of t${t}, and applies it`;
        },
      },
      /** The log of a server is a thread of its own. The ACK of a leader is read at once. */
      LogTxn: {
        over: [Sid],
        when: (s, me) => s.server[me].unlogged !== 0,
        then: (s, me) => learning.log(s, me),
        says: (s, me) => {
          const t = learning.nextToLog(s, me);
          return logInWords(s, me, t, isVoter(me), leading.commits(s, me, t, me));
        },
      },
      /** The ACK of a follower, over the connection that it has or over one that it had before. */
      ReceiveAck: {
        over: [Voter, Voter, Txn],
        when: (s, me, from, t) => leading.mayReceiveAck(s, me, t, from),
        then: (s, me, from, t) => leading.receiveAck(s, me, t, from),
        says: (s, me, from, t) => {
          const reads = `${name(me)} reads the ACK of t${t + 1} from ${name(from)}`;
          return leading.commits(s, me, t, from) ? `${reads}, and commits it` : reads;
        },
      },
      /** A leader applies what it has committed after a while. */
      ApplyTxn: {
        over: [Voter],
        when: (s, me) => s.server[me].serves && leading.nextToApply(s, me) >= 0,
        then: (s, me) => {
          const t = leading.nextToApply(s as unknown as SynchronizationState, me);
          s.server[me].memory = s.server[me].memory | (1 << t);
        },
        says: (s, me) => `${name(me)} applies t${leading.nextToApply(s, me) + 1}`,
      },
      /** COMMIT at a follower. Abstracts: logs-do-not-fail, commits-overtake. */
      ReadCommit: {
        over: [Voter],
        when: (s, me) => learning.nextToCommit(s, me) >= 0,
        then: (s, me) => learning.readCommit(s, me),
        says: (s, me) => commitInWords(s, me, learning.nextToCommit(s, me), rules.commitsUnlogged),
      },
      /** The leader does not lead, or has no quorum. This is no fault. */
      EscapeLeader: {
        over: [Sid],
        when: (s, me) => {
          const { state, broken } = s.server[me];
          return broken || (state === LEADING && !hasSupport(s, me));
        },
        then: leave,
        says: escapeInWords,
        excludedBecause: crashes + abandons === 0 ? 'nobody leaves a leader without a fault' : null,
      },
      AbandonLeader: {
        over: [Sid],
        when: ({ server, abandonsLeft }, me) => abandonsLeft > 0 && server[me].state > LOOKING,
        then: (s, me) => {
          s.abandonsLeft = s.abandonsLeft - 1;
          leave(s, me);
        },
        says: (_s, me) => `${name(me)} gives up and looks for a leader`,
        excludedBecause: abandons === 0 ? 'no abandon is budgeted' : null,
      },
      /** A log whose server has ended writes what it was given. */
      LogOrphan: {
        over: [Sid],
        when: ({ server }, me) => server[me].orphaned !== 0,
        then: ({ server, txn }, me) => {
          const t = nextAfter(txn as unknown as SynchronizationState['txn'], server[me].orphaned, -1);
          server[me].orphaned = server[me].orphaned & ~(1 << t);
          server[me].disk = server[me].disk | (1 << t);
        },
        says: ({ server, txn }, me) =>
          `the log of ${name(me)}, of before it left, writes t${nextAfter(txn, server[me].orphaned, -1) + 1}`,
        excludedBecause: rules.logWriterSurvives ? null : 'the log of a server ends with it',
      },
      /** Memory is lost; the server starts again from its disk. */
      CrashServer: {
        over: [Sid],
        when: ({ server, crashesLeft }, me) => crashesLeft > 0 && server[me].state !== OFF,
        then: (s, me) => {
          s.crashesLeft = s.crashesLeft - 1;
          crash(s, me);
        },
        says: (_s, me) => `${name(me)} crashes`,
        excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
      },
      /** A server whose files contradict each other does not start: somebody has to mend them. */
      StartServer: {
        over: [Sid],
        when: (s, me) => s.server[me].state === OFF && mayStart(s, me),
        then: ({ server }, me) => {
          server[me].state = LOOKING;
        },
        says: (_s, me) => `${name(me)} starts again`,
        excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
      },
    },
    /**
     * All that can start serve, and nothing is left to propose; or too few can start; or the last epoch is
     * accepted, and nobody may begin anew.
     */
    terminal: (s) => {
      let settled = 0;
      let able = 0;
      for (let i = 0; i < all; i++) {
        const { acceptedEpoch, serves, stage } = s.server[i];
        if (acceptedEpoch === epochs) return true;
        if (serves || stage === SERVING || !mayStart(s, i)) settled++;
        if (isVoter(i) && mayStart(s, i)) able++;
      }
      return !mayLead(s, able) || (settled === all && s.txn[txns - 1].epoch !== 0);
    },
    stuckBecause: (s) =>
      stuckInWords(s, {
        voters: servers,
        mayStart: (i) => mayStart(s, i),
        ranksBelow: (a, b) => ranksBelow(s, a, b),
      }),
  });

  function join(s: State, me: number, leader: number, epoch: number): void {
    const self = s.server[me];
    self.state = isVoter(me) ? FOLLOWING : OBSERVING;
    self.acceptedEpoch = epoch;
    self.leader = leader;
    self.stage = JOINED;
  }
}
