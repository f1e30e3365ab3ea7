/**
 * A second `zab-synchronization`, written from the prose alone: evidence for the counts of the first. It
 * shares no line with the engine or the models, and prefers the obvious to the fast: a state is plain data,
 * its identity is its JSON text, and every step starts from a fresh copy.
 */
import { allAfter, type Ensemble, firstAfter, isAfter, last, subsets, union } from './naive-histories.js';
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
    | 'writes currentEpoch before the history';
}

export const synchronizationActions = [
  'ElectLeader',
  'JoinLeader',
  'ReceiveSync',
  'WriteNewLeader',
  'StartServing',
  'HandleUpToDate',
  'ProposeTxn',
  'LogTxn',
  'CommitTxn',
  'EscapeLeader',
  'AbandonLeader',
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
      newLeaderAcks: [],
      serves: false,
    })),
    txn: Array.from({ length: bounds.txns }, () => ({ epoch: 0, acks: [] })),
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
    addStepsOfFollower(now, me, bounds, add);
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
  if (canEscape(now, me, bounds)) add('EscapeLeader', (ensemble) => leave(ensemble, me));
  if (state !== 'LOOKING' && now.abandonsLeft > 0) {
    add('AbandonLeader', (ensemble) => {
      ensemble.abandonsLeft -= 1;
      leave(ensemble, me);
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
  const latest = last(now, one.memory);
  return latest !== null && isAfter(now, latest, last(now, other.memory));
}

function addStepsOfLeader(now: Ensemble, me: number, bounds: SynchronizationBounds, add: Add): void {
  const { state, currentEpoch, newLeaderAcks, serves } = now.server[me];
  if (state !== 'LEADING') return;
  if (!serves && isQuorum(newLeaderAcks.length, bounds)) {
    add('StartServing', (ensemble) => {
      ensemble.server[me].serves = true;
      ensemble.committed = union(ensemble.committed, ensemble.server[me].memory);
    });
  }
  const unused = now.txn.findIndex(({ epoch }) => epoch === 0);
  if (serves && unused !== -1) {
    add('ProposeTxn', (ensemble) => {
      ensemble.txn[unused] = { epoch: currentEpoch, acks: [me] };
      ensemble.server[me].disk = union(ensemble.server[me].disk, [unused]);
    });
  }
}

function addStepsOfFollower(now: Ensemble, me: number, bounds: SynchronizationBounds, add: Add): void {
  const { leader, stage, broken, disk, memory } = now.server[me];
  if (leader === null || broken) return;
  const theirs = now.server[leader];
  if (stage === 'JOINED') {
    add('ReceiveSync', (ensemble) => receiveSync(ensemble, me, leader, false, bounds));
    if (!isAhead(now, me, leader)) {
      add('ReceiveSync', (ensemble) => receiveSync(ensemble, me, leader, true, bounds));
    }
  }
  if (stage === 'SYNCING' || stage === 'NEWLEADER_1' || stage === 'NEWLEADER_2') {
    add('WriteNewLeader', (ensemble) => writeNewLeader(ensemble, me, leader, bounds));
  }
  if (stage === 'SYNCED' && theirs.serves) {
    add('HandleUpToDate', (ensemble) => {
      ensemble.server[me].stage = 'SERVING';
    });
  }
  if (stage !== 'SERVING') return;
  const proposed = firstAfter(now, theirs.disk, last(now, disk));
  if (proposed !== null) {
    add('LogTxn', (ensemble) => {
      ensemble.server[me].disk = union(ensemble.server[me].disk, [proposed]);
      ensemble.txn[proposed].acks = union(ensemble.txn[proposed].acks, [me]);
      commitAcked(ensemble, leader, bounds);
    });
  }
  const both = theirs.memory.filter((txn) => disk.includes(txn));
  const decided = firstAfter(now, both, last(now, memory));
  if (decided !== null) {
    add('CommitTxn', (ensemble) => {
      ensemble.server[me].memory = union(ensemble.server[me].memory, [decided]);
    });
  }
}

/** Whether the learner remembers what is later than all that its leader remembers. */
function isAhead(now: Ensemble, me: number, leader: number): boolean {
  const latest = last(now, now.server[me].memory);
  return latest !== null && isAfter(now, latest, last(now, now.server[leader].memory));
}

function receiveSync(
  ensemble: Ensemble,
  me: number,
  leader: number,
  snapshot: boolean,
  { seeded }: SynchronizationBounds,
): void {
  const mine = ensemble.server[me];
  const theirs = ensemble.server[leader].memory;
  const latest = last(ensemble, mine.memory);
  if (isAhead(ensemble, me, leader)) {
    const dropped = allAfter(ensemble, mine.disk, last(ensemble, theirs));
    mine.syncMode = 'TRUNC';
    mine.disk = mine.disk.filter((txn) => !dropped.includes(txn));
    if (seeded === 'truncates one more than is ahead') {
      mine.disk = mine.disk.filter((txn) => txn !== last(ensemble, mine.disk));
    }
    mine.memory = mine.disk;
  } else if (snapshot || (latest !== null && !theirs.includes(latest))) {
    mine.syncMode = 'SNAP';
    mine.memory = theirs;
  } else {
    mine.syncMode = 'DIFF';
  }
  mine.stage = 'SYNCING';
  if (mine.syncMode === 'DIFF') return;
  for (const [index, txn] of ensemble.txn.entries()) {
    if (!theirs.includes(index)) txn.acks = txn.acks.filter((sid) => sid !== me);
  }
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
  if (mine.stage === 'NEWLEADER_2') {
    theirs.newLeaderAcks = union(theirs.newLeaderAcks, [me]);
    mine.syncMode = 'NONE';
    mine.stage = 'SYNCED';
    return;
  }
  if (mine.stage !== historyAt) {
    mine.currentEpoch = theirs.currentEpoch;
  } else if (mine.syncMode === 'DIFF') {
    const missing = allAfter(ensemble, theirs.memory, last(ensemble, mine.memory));
    mine.disk = union(mine.disk, missing);
    mine.memory = union(mine.memory, missing);
  } else {
    mine.disk = mine.memory;
  }
  mine.stage = mine.stage === 'SYNCING' ? 'NEWLEADER_1' : 'NEWLEADER_2';
}

/** The leader commits in the order of its log, as far as a quorum has acknowledged. */
function commitAcked(ensemble: Ensemble, leader: number, bounds: SynchronizationBounds): void {
  const theirs = ensemble.server[leader];
  for (;;) {
    const txn = firstAfter(ensemble, theirs.disk, last(ensemble, theirs.memory));
    if (txn === null) return;
    const isAcked = isQuorum(ensemble.txn[txn].acks.length, bounds);
    if (!isAcked && bounds.seeded !== 'commits without a majority') return;
    theirs.memory = union(theirs.memory, [txn]);
    ensemble.committed = union(ensemble.committed, [txn]);
  }
}

function canEscape(now: Ensemble, me: number, bounds: SynchronizationBounds): boolean {
  if (now.server[me].broken) return true;
  if (now.server[me].state !== 'LEADING') return false;
  const supporters = now.server.filter(({ leader, broken }) => leader === me && !broken);
  return !isQuorum(1 + supporters.length, bounds);
}

/** Back to LOOKING in the same process: who serves applies what it has logged before it votes again. */
function leave(ensemble: Ensemble, me: number): void {
  const mine = ensemble.server[me];
  if (mine.serves || mine.stage === 'SERVING') {
    mine.memory = union(mine.memory, allAfter(ensemble, mine.disk, last(ensemble, mine.memory)));
  } else if (mine.syncMode === 'SNAP') {
    mine.memory = mine.disk;
  }
  detach(ensemble, me);
}

function detach(ensemble: Ensemble, me: number): void {
  const mine = ensemble.server[me];
  if (mine.state === 'LEADING') {
    for (const txn of ensemble.txn) if (txn.epoch === mine.currentEpoch) txn.acks = [];
    for (const other of ensemble.server) if (other.leader === me) other.broken = true;
    mine.newLeaderAcks = [];
    mine.serves = false;
  }
  mine.state = 'LOOKING';
  mine.leader = null;
  mine.stage = 'NONE';
  mine.broken = false;
  mine.syncMode = 'NONE';
}

function isQuorum(count: number, { servers }: SynchronizationBounds): boolean {
  return count * 2 > servers;
}
