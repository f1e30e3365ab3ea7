/**
 * A second `zab-synchronization`, written from the prose alone: evidence for the counts of the first. It
 * shares no line with the engine or the models, and prefers the obvious to the fast: a state is plain data,
 * its identity is its JSON text, and every step starts from a fresh copy.
 */
import {
  allAfter,
  common,
  type Ensemble,
  endsAfter,
  firstAfter,
  last,
  type Numbers,
  subsets,
  union,
  without,
} from './naive-histories.js';
import { type NaiveCounts, type NaiveStep, searchNaively } from './naive-search.js';

export interface SynchronizationBounds {
  readonly servers: number;
  /** The greatest epoch that a leader may have. */
  readonly epochs: number;
  readonly txns: number;
  readonly crashes: number;
  readonly abandons: number;
  /** One deliberate mistake, by which the comparison shows that it would notice. */
  readonly seeded?:
    | 'elects without a look at the histories'
    | 'truncates one more than is ahead'
    | 'commits without a majority'
    | 'writes currentEpoch before the history'
    | 'counts an ACK that was sent before a TRUNC'
    | 'keeps the ACKs of what it tells to truncate'
    | 'truncates what is committed and not applied'
    | 'keeps what a COMMIT did in the middle of a TRUNC'
    | 'a database behind its log until UPTODATE';
}

/** LogOrphan is never taken. */
export const synchronizationActions = [
  'ElectLeader',
  'JoinLeader',
  'ReceiveSync',
  'WriteNewLeader',
  'StartServing',
  'HandleUpToDate',
  'ProposeTxn',
  'ReadProposal',
  'LogTxn',
  'ReceiveAck',
  'ApplyTxn',
  'ReadCommit',
  'EscapeLeader',
  'AbandonLeader',
  'LogOrphan',
  'CrashServer',
  'StartServer',
] as const;

type Action = (typeof synchronizationActions)[number];

type Claim = 'leaderCompleteness' | 'committedNeverTruncated' | 'committedIsDurable';

export interface SynchronizationCounts extends NaiveCounts<Action> {
  /** The claims that some state or step contradicts, in the order of their names. */
  readonly violations: Claim[];
}

type Step = NaiveStep<Ensemble, Action>;
type Add = (action: Action, take: Step['take']) => void;

/** Every reachable state, counted, with the claims that fail. */
export function exploreSynchronization(bounds: SynchronizationBounds): SynchronizationCounts {
  const violations = new Set<Claim>();
  const counts = searchNaively(
    initialEnsemble(bounds),
    synchronizationActions,
    (now) => enabledSteps(now, bounds),
    (before, after, isNew) => {
      if (electsIncomplete(before, after)) violations.add('leaderCompleteness');
      if (truncatesCommitted(before, after)) violations.add('committedNeverTruncated');
      if (isNew && !isDurable(after, bounds)) violations.add('committedIsDurable');
    },
  );
  return { ...counts, violations: [...violations].sort() };
}

function electsIncomplete(before: Ensemble, after: Ensemble): boolean {
  return before.server.some(
    ({ state, memory }, sid) =>
      state !== 'LEADING' &&
      after.server[sid].state === 'LEADING' &&
      before.committed.some((txn) => !memory.includes(txn)),
  );
}

function truncatesCommitted(before: Ensemble, after: Ensemble): boolean {
  return before.server.some(({ disk }, sid) =>
    disk.some((txn) => before.committed.includes(txn) && !after.server[sid].disk.includes(txn)),
  );
}

function isDurable({ server, committed }: Ensemble, bounds: SynchronizationBounds): boolean {
  return committed.every((txn) => isQuorum(server.filter(({ disk }) => disk.includes(txn)).length, bounds));
}

function initialEnsemble(bounds: SynchronizationBounds): Ensemble {
  return {
    server: Array.from({ length: bounds.servers }, () => ({
      state: 'LOOKING',
      acceptedEpoch: 0,
      currentEpoch: 0,
      disk: [],
      memory: [],
      leader: null,
      stage: 'NONE',
      broken: false,
      syncMode: 'NONE',
      pending: [],
      commits: [],
      unlogged: [],
      newLeaderAcks: [],
      serves: false,
    })),
    txn: Array.from({ length: bounds.txns }, () => ({ epoch: 0, inFlight: [], acks: [] })),
    crashesLeft: bounds.crashes,
    abandonsLeft: bounds.abandons,
    committed: [],
  };
}

function enabledSteps(now: Ensemble, bounds: SynchronizationBounds): Step[] {
  const steps: Step[] = [];
  const add: Add = (action, take) => steps.push({ action, take });
  for (const me of now.server.keys()) {
    addFailures(now, me, bounds, add);
    addStepsOfLooking(now, me, bounds, add);
    addStepsOfLeader(now, me, bounds, add);
    addStepsOfLog(now, me, bounds, add);
    addSynchronization(now, me, bounds, add);
    addStepsOfServing(now, me, add);
  }
  return steps;
}

function addFailures(now: Ensemble, me: number, bounds: SynchronizationBounds, add: Add): void {
  const { state, acceptedEpoch, currentEpoch, disk } = now.server[me];
  if (state === 'OFF') {
    const logged = last(now, disk);
    if ((logged === null || now.txn[logged].epoch <= currentEpoch) && acceptedEpoch >= currentEpoch) {
      add('StartServer', (ensemble) => {
        ensemble.server[me].state = 'LOOKING';
      });
    }
    return;
  }
  if (canEscape(now, me, bounds)) add('EscapeLeader', (ensemble) => leave(ensemble, me, bounds));
  if (state !== 'LOOKING' && now.abandonsLeft > 0) {
    add('AbandonLeader', (ensemble) => {
      ensemble.abandonsLeft -= 1;
      leave(ensemble, me, bounds);
    });
  }
  if (now.crashesLeft > 0) {
    add('CrashServer', (ensemble) => {
      ensemble.crashesLeft -= 1;
      detach(ensemble, me);
      ensemble.server[me].state = 'OFF';
      ensemble.server[me].memory = ensemble.server[me].disk;
    });
  }
}

function addStepsOfLooking(now: Ensemble, me: number, bounds: SynchronizationBounds, add: Add): void {
  if (now.server[me].state !== 'LOOKING') return;
  for (const quorum of subsets([...now.server.keys()])) {
    if (!quorum.includes(me) || !isQuorum(quorum.length, bounds)) continue;
    if (quorum.some((sid) => now.server[sid].state !== 'LOOKING')) continue;
    if (quorum.some((sid) => isBetter(now, sid, me, bounds))) continue;
    const epoch = 1 + Math.max(...quorum.map((sid) => now.server[sid].acceptedEpoch));
    if (epoch > bounds.epochs) continue;
    add('ElectLeader', (ensemble) => {
      for (const sid of quorum) if (sid !== me) follow(ensemble, sid, me, epoch);
      const mine = ensemble.server[me];
      mine.state = 'LEADING';
      mine.acceptedEpoch = epoch;
      mine.currentEpoch = epoch;
      mine.newLeaderAcks = [me];
    });
  }
  for (const [leader, { state, currentEpoch }] of now.server.entries()) {
    if (leader === me || state !== 'LEADING' || now.server[me].acceptedEpoch > currentEpoch) continue;
    add('JoinLeader', (ensemble) => follow(ensemble, me, leader, currentEpoch));
  }
}

function follow(ensemble: Ensemble, me: number, leader: number, epoch: number): void {
  const mine = ensemble.server[me];
  mine.state = 'FOLLOWING';
  mine.acceptedEpoch = epoch;
  mine.leader = leader;
  mine.stage = 'JOINED';
}

/** By currentEpoch, then by what each remembers last. */
function isBetter(now: Ensemble, a: number, b: number, { seeded }: SynchronizationBounds): boolean {
  const [one, other] = [now.server[a], now.server[b]];
  if (one.currentEpoch !== other.currentEpoch) return one.currentEpoch > other.currentEpoch;
  if (seeded === 'elects without a look at the histories') return false;
  return endsAfter(now, one.memory, other.memory);
}

function addStepsOfLeader(now: Ensemble, me: number, bounds: SynchronizationBounds, add: Add): void {
  const { state, currentEpoch, memory, newLeaderAcks, serves } = now.server[me];
  if (state !== 'LEADING') return;
  if (!serves && isQuorum(newLeaderAcks.length, bounds)) {
    add('StartServing', (ensemble) => {
      ensemble.server[me].serves = true;
      ensemble.committed = union(ensemble.committed, ensemble.server[me].memory);
    });
  }
  if (!serves) return;
  const unused = now.txn.findIndex(({ epoch }) => epoch === 0);
  if (unused !== -1) {
    add('ProposeTxn', (ensemble) => {
      ensemble.txn[unused].epoch = currentEpoch;
      ensemble.server[me].unlogged = union(ensemble.server[me].unlogged, [unused]);
    });
  }
  for (const txn of proposedBy(now, me)) {
    for (const from of now.txn[txn].inFlight) {
      add('ReceiveAck', (ensemble) => {
        ensemble.txn[txn].inFlight = without(ensemble.txn[txn].inFlight, [from]);
        countAck(ensemble, me, from, txn, bounds);
      });
    }
  }
  const decided = firstAfter(now, committedBy(now, me), last(now, memory));
  if (decided !== null) {
    add('ApplyTxn', (ensemble) => {
      ensemble.server[me].memory = union(ensemble.server[me].memory, [decided]);
    });
  }
}

function proposedBy(now: Ensemble, leader: number): Numbers {
  return [...now.txn.keys()].filter((txn) => now.txn[txn].epoch === now.server[leader].currentEpoch);
}

/** The transactions that the leader has applied, or has committed and not applied. */
function committedBy(now: Ensemble, leader: number): Numbers {
  return union(now.server[leader].memory, common(now.committed, proposedBy(now, leader)));
}

function isOutstanding(now: Ensemble, leader: number, txn: number): boolean {
  return (
    now.server[leader].state === 'LEADING' &&
    proposedBy(now, leader).includes(txn) &&
    !now.committed.includes(txn)
  );
}

/** A leader commits in order. One ACK commits one txn at most. */
function countAck(
  ensemble: Ensemble,
  leader: number,
  from: number,
  txn: number,
  bounds: SynchronizationBounds,
): void {
  if (!isOutstanding(ensemble, leader, txn)) return;
  const counted = ensemble.txn[txn];
  const acks = union(counted.acks, [from]);
  const next = firstAfter(ensemble, without(proposedBy(ensemble, leader), ensemble.committed), null);
  const isAcked = isQuorum(acks.length, bounds) || bounds.seeded === 'commits without a majority';
  if (txn === next && isAcked) {
    ensemble.committed = union(ensemble.committed, [txn]);
    counted.acks = [];
    counted.inFlight = [];
  } else {
    counted.acks = acks;
  }
}

/** The log of any server, also of one that has lost its leader. */
function addStepsOfLog(now: Ensemble, me: number, bounds: SynchronizationBounds, add: Add): void {
  const { state, leader, broken, unlogged } = now.server[me];
  const txn = firstAfter(now, unlogged, null);
  if (txn === null) return;
  add('LogTxn', (ensemble) => {
    const mine = ensemble.server[me];
    mine.unlogged = without(mine.unlogged, [txn]);
    mine.disk = union(mine.disk, [txn]);
    if (state === 'LEADING') {
      countAck(ensemble, me, me, txn, bounds);
    } else if (leader !== null && !broken && isOutstanding(ensemble, leader, txn)) {
      ensemble.txn[txn].inFlight = union(ensemble.txn[txn].inFlight, [me]);
    }
  });
}

/** From the connection to UPTODATE. */
function addSynchronization(now: Ensemble, me: number, bounds: SynchronizationBounds, add: Add): void {
  const { leader, stage, broken, memory } = now.server[me];
  if (leader === null || broken) return;
  if (stage === 'JOINED') {
    add('ReceiveSync', (ensemble) => receiveSync(ensemble, me, leader, false, bounds));
    if (!endsAfter(now, memory, now.server[leader].memory)) {
      add('ReceiveSync', (ensemble) => receiveSync(ensemble, me, leader, true, bounds));
    }
  }
  if (stage === 'SYNCING' || stage === 'NEWLEADER_1' || stage === 'NEWLEADER_2') {
    add('WriteNewLeader', (ensemble) => writeNewLeader(ensemble, me, leader, bounds));
  }
  if (stage === 'SYNCED' && now.server[leader].serves) {
    add('HandleUpToDate', (ensemble) => handleUpToDate(ensemble, me, bounds));
  }
}

/** A learner reads the packets of its leader. It reads some COMMITs while it synchronizes. */
function addStepsOfServing(now: Ensemble, me: number, add: Add): void {
  const { leader, stage, broken, syncMode, memory, pending } = now.server[me];
  if (leader === null || broken) return;
  const proposed = firstAfter(now, proposedBy(now, leader), last(now, union(memory, pending)));
  if (stage === 'SERVING' && proposed !== null) {
    add('ReadProposal', (ensemble) => {
      const mine = ensemble.server[me];
      mine.pending = union(mine.pending, [proposed]);
      mine.unlogged = union(mine.unlogged, [proposed]);
    });
  }
  const reads = stage === 'SERVING' || (stage === 'SYNCING' && syncMode !== 'DIFF');
  const decided = firstAfter(now, common(committedBy(now, leader), pending), last(now, memory));
  if (reads && decided !== null) {
    add('ReadCommit', (ensemble) => {
      const mine = ensemble.server[me];
      mine.memory = union(mine.memory, [decided]);
      mine.pending = without(mine.pending, [decided]);
      mine.commits = without(mine.commits, [decided]);
    });
  }
}

/** The leader sends a history, and then forwards what it has proposed after the end of it. */
function receiveSync(
  ensemble: Ensemble,
  me: number,
  leader: number,
  snapshot: boolean,
  { seeded }: SynchronizationBounds,
): void {
  const mine = ensemble.server[me];
  const theirs = ensemble.server[leader].memory;
  const decided = committedBy(ensemble, leader);
  const history = seeded === 'truncates what is committed and not applied' ? theirs : decided;
  const latest = last(ensemble, mine.memory);
  let sent = history;
  if (endsAfter(ensemble, mine.memory, history)) {
    mine.syncMode = 'TRUNC';
    mine.disk = without(mine.disk, allAfter(ensemble, mine.disk, last(ensemble, sent)));
    if (seeded === 'truncates one more than is ahead') {
      mine.disk = mine.disk.filter((txn) => txn !== last(ensemble, mine.disk));
    }
    mine.memory = mine.disk;
  } else if (snapshot || (latest !== null && !history.includes(latest))) {
    mine.syncMode = 'SNAP';
    sent = theirs;
    mine.memory = sent;
  } else {
    mine.syncMode = 'DIFF';
    mine.commits = allAfter(ensemble, decided, latest);
    mine.pending = mine.commits;
  }
  const forwarded = allAfter(ensemble, proposedBy(ensemble, leader), last(ensemble, sent));
  mine.pending = union(mine.pending, forwarded);
  for (const index of forwarded) {
    const txn = ensemble.txn[index];
    if (seeded !== 'keeps the ACKs of what it tells to truncate') txn.acks = without(txn.acks, [me]);
    if (seeded !== 'counts an ACK that was sent before a TRUNC') txn.inFlight = without(txn.inFlight, [me]);
  }
  mine.stage = 'SYNCING';
}

/** One of three writes: the history, currentEpoch and, once both are on disk, the ack. */
function writeNewLeader(
  ensemble: Ensemble,
  me: number,
  leader: number,
  { seeded }: SynchronizationBounds,
): void {
  const mine = ensemble.server[me];
  const theirs = ensemble.server[leader];
  const historyAt = seeded === 'writes currentEpoch before the history' ? 'NEWLEADER_1' : 'SYNCING';
  const logsLate = seeded === 'a database behind its log until UPTODATE';
  if (mine.stage === 'NEWLEADER_2') {
    theirs.newLeaderAcks = union(theirs.newLeaderAcks, [me]);
    if (logsLate) mine.unlogged = mine.pending;
    mine.syncMode = 'NONE';
    mine.stage = 'SYNCED';
    return;
  }
  if (mine.stage !== historyAt) {
    mine.currentEpoch = theirs.currentEpoch;
  } else if (mine.syncMode !== 'DIFF' || !logsLate) {
    writeHistory(ensemble, me, leader);
  }
  mine.stage = mine.stage === 'SYNCING' ? 'NEWLEADER_1' : 'NEWLEADER_2';
}

/** What is on disk after the end of memory stays, except that a leader that serves keeps its epoch alone. */
function writeHistory(ensemble: Ensemble, me: number, leader: number): void {
  const mine = ensemble.server[me];
  const { serves, currentEpoch } = ensemble.server[leader];
  if (mine.syncMode !== 'DIFF') {
    const rest = allAfter(ensemble, mine.disk, last(ensemble, mine.memory));
    const kept = rest.filter((txn) => !serves || ensemble.txn[txn].epoch >= currentEpoch);
    mine.disk = union(mine.memory, kept);
  }
  mine.disk = union(mine.disk, mine.commits);
  processCommits(ensemble, me);
}

function processCommits(ensemble: Ensemble, me: number): void {
  const mine = ensemble.server[me];
  mine.memory = union(mine.memory, mine.commits);
  mine.pending = without(mine.pending, mine.commits);
  mine.commits = [];
}

function handleUpToDate(ensemble: Ensemble, me: number, { seeded }: SynchronizationBounds): void {
  const mine = ensemble.server[me];
  mine.stage = 'SERVING';
  if (seeded === 'a database behind its log until UPTODATE') processCommits(ensemble, me);
  else mine.unlogged = mine.pending;
}

function canEscape(now: Ensemble, me: number, bounds: SynchronizationBounds): boolean {
  if (now.server[me].broken) return true;
  if (now.server[me].state !== 'LEADING') return false;
  const supporters = now.server.filter(({ leader, broken }) => leader === me && !broken);
  return !isQuorum(1 + supporters.length, bounds);
}

/** Back to LOOKING in the same process: who serves applies what it has logged before it votes again. */
function leave(ensemble: Ensemble, me: number, { seeded }: SynchronizationBounds): void {
  const mine = ensemble.server[me];
  mine.disk = union(mine.disk, mine.unlogged);
  const keepsTrunc = seeded === 'keeps what a COMMIT did in the middle of a TRUNC';
  if (mine.serves || mine.stage === 'SERVING') {
    mine.memory = union(mine.memory, allAfter(ensemble, mine.disk, last(ensemble, mine.memory)));
  } else if (mine.syncMode === 'SNAP' || (mine.syncMode === 'TRUNC' && !keepsTrunc)) {
    mine.memory = mine.disk;
  }
  detach(ensemble, me);
}

function detach(ensemble: Ensemble, me: number): void {
  const mine = ensemble.server[me];
  if (mine.state === 'LEADING') {
    for (const txn of proposedBy(ensemble, me)) {
      ensemble.txn[txn].acks = [];
      ensemble.txn[txn].inFlight = [];
    }
    for (const other of ensemble.server) if (other.leader === me) other.broken = true;
    mine.newLeaderAcks = [];
    mine.serves = false;
  }
  mine.state = 'LOOKING';
  mine.leader = null;
  mine.stage = 'NONE';
  mine.broken = false;
  mine.syncMode = 'NONE';
  mine.pending = [];
  mine.commits = [];
  mine.unlogged = [];
}

function isQuorum(count: number, { servers }: SynchronizationBounds): boolean {
  return count * 2 > servers;
}
