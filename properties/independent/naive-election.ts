/**
 * A second `fast-leader-election`, written from the prose and from Java alone: evidence for the counts of
 * the first. It shares no line with the engine or the models, and prefers the obvious to the fast: a state
 * is plain data, its identity is its JSON text, and every step starts from a fresh copy.
 * Source: FastLeaderElection (lookForLeader, WorkerReceiver, receivedFollowingNotification), as
 * SEMANTICS section 1 tells them.
 */
import { type NaiveCounts, type NaiveStep, searchNaively } from './naive-search.js';

export interface NaiveBounds {
  readonly servers: number;
  readonly rounds: number;
  readonly crashes: number;
  /** Whether a server that has crashed may start again. */
  readonly returns: 'any' | 'none';
  readonly abandons: number;
  readonly disconnects: number;
  /** How many notifications one channel holds before the newest is overwritten. */
  readonly slots: number;
  /** `in-order`: a server starts once all with lower sids run or have crashed for good. */
  readonly start: 'staggered' | 'in-order' | 'together';
  /** One deliberate mistake, by which the comparison shows that it would notice. */
  readonly seeded?:
    | 'clears outofelection on a round jump'
    | 'oldest wins in a full channel'
    | 'nothing is sent again'
    | 'no checkLeader'
    | 'who has crashed for good is waited for';
}

export const naiveActions = [
  'StartServer',
  'HandleNotification',
  'EndFinalizeWait',
  'ResendNotifications',
  'AbandonLeader',
  'CrashServer',
  'BreakConnection',
] as const;

type Action = (typeof naiveActions)[number];

type ServerState = 'OFF' | 'LOOKING' | 'FOLLOWING' | 'LEADING';
type Notification = [leader: number, electionEpoch: number, state: ServerState];
type OutOfElectionVote = [leader: number, state: ServerState];

interface Server {
  state: ServerState;
  logicalclock: number;
  /** The proposal while LOOKING, the current vote afterwards. */
  leader: number;
  finalizing: boolean;
  recvset: (Notification | null)[];
  outofelection: (OutOfElectionVote | null)[];
  /** What was sent last to each; kept only where connections may break. */
  lastMessageSent: (Notification | null)[];
}

interface Ensemble {
  server: Server[];
  /** channel[i][j]: what i sent and j has not handled, oldest first. */
  channel: Notification[][][];
  crashesLeft: number;
  /** Those that will not start again, ascending. */
  goneForGood: number[];
  abandonsLeft: number;
  disconnectsLeft: number;
  /** cast[s][r - 1]: the leaders s voted for in round r, ascending. */
  cast: number[][][];
  /** The servers that became LEADING, ascending. */
  everLed: number[];
}

type Step = NaiveStep<Ensemble, Action>;

/** Every reachable state, counted. */
export const exploreNaively = (bounds: NaiveBounds): NaiveCounts<Action> =>
  searchNaively(initialEnsemble(bounds), naiveActions, (now) => enabledSteps(now, bounds));

function initialEnsemble(bounds: NaiveBounds): Ensemble {
  const sids = [...Array(bounds.servers).keys()];
  const ensemble: Ensemble = {
    server: sids.map(() => offServer(bounds)),
    channel: sids.map(() => sids.map(() => [])),
    crashesLeft: bounds.crashes,
    goneForGood: [],
    abandonsLeft: bounds.abandons,
    disconnectsLeft: bounds.disconnects,
    cast: sids.map(() => Array.from({ length: bounds.rounds }, () => [])),
    everLed: [],
  };
  if (bounds.start === 'together') for (const me of sids) lookForLeader(ensemble, me, bounds);
  return ensemble;
}

function offServer({ servers }: NaiveBounds): Server {
  return {
    state: 'OFF',
    logicalclock: 0,
    leader: 0,
    finalizing: false,
    recvset: Array(servers).fill(null),
    outofelection: Array(servers).fill(null),
    lastMessageSent: Array(servers).fill(null),
  };
}

function enabledSteps(now: Ensemble, bounds: NaiveBounds): Step[] {
  const steps: Step[] = [];
  const add = (action: Action, take: Step['take']) => steps.push({ action, take });
  for (const [me, { state, finalizing, logicalclock }] of now.server.entries()) {
    if (state === 'OFF') {
      if (!mayStart(now, me, bounds)) continue;
      add('StartServer', (ensemble) => lookForLeader(ensemble, me, bounds));
      continue;
    }
    for (let from = 0; from < bounds.servers; from += 1) {
      if (now.channel[from][me].length > 0) {
        add('HandleNotification', (ensemble) => handleNotification(ensemble, me, from, bounds));
      }
    }
    if (finalizing) {
      add('EndFinalizeWait', (ensemble) => leave(ensemble, me, ensemble.server[me].leader));
    }
    if (state === 'LOOKING' && !finalizing) {
      add('ResendNotifications', (ensemble) => sendNotifications(ensemble, me, bounds));
    }
    if (state !== 'LOOKING' && now.abandonsLeft > 0 && logicalclock < bounds.rounds) {
      add('AbandonLeader', (ensemble) => {
        ensemble.abandonsLeft -= 1;
        lookForLeader(ensemble, me, bounds);
      });
    }
    if (now.crashesLeft > 0) add('CrashServer', (ensemble) => crash(ensemble, me, bounds));
    if (now.disconnectsLeft === 0) continue;
    for (let other = me + 1; other < bounds.servers; other += 1) {
      if (now.server[other].state === 'OFF') continue;
      add('BreakConnection', (ensemble) => breakConnection(ensemble, me, other, bounds));
    }
  }
  return steps;
}

function mayStart({ server, goneForGood }: Ensemble, me: number, { start, seeded }: NaiveBounds): boolean {
  if (goneForGood.includes(me)) return false;
  if (start !== 'in-order') return true;
  const isWaitedFor = (sid: number) =>
    seeded === 'who has crashed for good is waited for' || !goneForGood.includes(sid);
  return !server.some(({ state }, sid) => sid < me && state === 'OFF' && isWaitedFor(sid));
}

/** Enters the next round. Source: lookForLeader before its loop. */
function lookForLeader(ensemble: Ensemble, me: number, bounds: NaiveBounds): void {
  const mine = ensemble.server[me];
  mine.state = 'LOOKING';
  mine.logicalclock += 1;
  updateProposal(ensemble, me, me);
  sendNotifications(ensemble, me, bounds);
}

/** The reply of the WorkerReceiver, then the vote itself if this server is LOOKING. */
function handleNotification(ensemble: Ensemble, me: number, from: number, bounds: NaiveBounds): void {
  const mine = ensemble.server[me];
  const n = ensemble.channel[from][me].shift()!;
  const [leader, electionEpoch, state] = n;
  if (state === 'LOOKING' && (mine.state !== 'LOOKING' || electionEpoch < mine.logicalclock)) {
    send(ensemble, me, from, bounds);
  }
  if (mine.state !== 'LOOKING') return;
  if (mine.finalizing) {
    if (!beats(leader, mine.leader)) return;
    mine.finalizing = false;
  }
  if (state === 'LOOKING') receivedLookingNotification(ensemble, me, from, n, bounds);
  else receivedFollowingNotification(ensemble, me, from, n, bounds);
}

/** Source: lookForLeader, case LOOKING. */
function receivedLookingNotification(
  ensemble: Ensemble,
  me: number,
  from: number,
  n: Notification,
  bounds: NaiveBounds,
): void {
  const mine = ensemble.server[me];
  const [leader, electionEpoch] = n;
  if (electionEpoch < mine.logicalclock) return;
  if (electionEpoch > mine.logicalclock) {
    mine.logicalclock = electionEpoch;
    mine.recvset.fill(null);
    if (bounds.seeded === 'clears outofelection on a round jump') mine.outofelection.fill(null);
    updateProposal(ensemble, me, beats(leader, me) ? leader : me);
    sendNotifications(ensemble, me, bounds);
  } else if (beats(leader, mine.leader)) {
    updateProposal(ensemble, me, leader);
    sendNotifications(ensemble, me, bounds);
  }
  mine.recvset[from] = n;
  mine.finalizing = isQuorum(votesInRound(mine, mine.leader), bounds);
}

/** Branch (a) looks among the votes of this round, branch (b) among those of servers that have decided. */
function receivedFollowingNotification(
  ensemble: Ensemble,
  me: number,
  from: number,
  n: Notification,
  bounds: NaiveBounds,
): void {
  const mine = ensemble.server[me];
  const [leader, electionEpoch, state] = n;
  const isLeading = (stateOfLeader: ServerState | undefined): boolean => {
    if (bounds.seeded === 'no checkLeader') return true;
    return leader === me ? mine.logicalclock === electionEpoch : stateOfLeader === 'LEADING';
  };
  if (electionEpoch === mine.logicalclock) {
    mine.recvset[from] = n;
    if (isQuorum(votesInRound(mine, leader), bounds) && isLeading(mine.recvset[leader]?.[2])) {
      leave(ensemble, me, leader);
      return;
    }
  }
  mine.outofelection[from] = [leader, state];
  const followers = mine.outofelection.filter((vote) => vote !== null && vote[0] === leader).length;
  if (isQuorum(followers, bounds) && isLeading(mine.outofelection[leader]?.[1])) {
    mine.logicalclock = electionEpoch;
    leave(ensemble, me, leader);
  }
}

/** How many votes (leader, logicalclock) a server knows, its own included. */
function votesInRound(mine: Server, leader: number): number {
  const own = mine.leader === leader ? 1 : 0;
  const isEqual = (vote: Notification | null) => vote?.[0] === leader && vote[1] === mine.logicalclock;
  return own + mine.recvset.filter(isEqual).length;
}

function isQuorum(votes: number, { servers }: NaiveBounds): boolean {
  return votes * 2 > servers;
}

/** totalOrderPredicate with equal credentials, where only the sid decides. */
function beats(leader: number, other: number): boolean {
  return leader > other;
}

/** Sets the proposal of a LOOKING server, and remembers that it cast this vote. */
function updateProposal({ server, cast }: Ensemble, me: number, leader: number): void {
  server[me].leader = leader;
  const round = server[me].logicalclock - 1;
  cast[me][round] = [...new Set([...cast[me][round], leader])].sort((a, b) => a - b);
}

/** Ends the election of this server. Source: setPeerState and leaveInstance. */
function leave(ensemble: Ensemble, me: number, leader: number): void {
  const mine = ensemble.server[me];
  mine.state = leader === me ? 'LEADING' : 'FOLLOWING';
  mine.leader = leader;
  mine.finalizing = false;
  mine.recvset.fill(null);
  mine.outofelection.fill(null);
  if (leader === me) ensemble.everLed = [...new Set([...ensemble.everLed, me])].sort((a, b) => a - b);
}

/** Forgets everything volatile and what was on its way here; what this server had sent can still arrive. */
function crash(ensemble: Ensemble, me: number, bounds: NaiveBounds): void {
  ensemble.crashesLeft -= 1;
  ensemble.server[me] = offServer(bounds);
  if (bounds.returns === 'none') ensemble.goneForGood = [...ensemble.goneForGood, me].sort((a, b) => a - b);
  for (const sent of ensemble.channel) sent[me] = [];
}

/** Both directions lose what was on its way; each side then sends again what it had sent last. */
function breakConnection(ensemble: Ensemble, a: number, b: number, bounds: NaiveBounds): void {
  ensemble.disconnectsLeft -= 1;
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    const last = ensemble.server[from].lastMessageSent[to];
    const isSent = last !== null && bounds.seeded !== 'nothing is sent again';
    ensemble.channel[from][to] = isSent ? [last] : [];
  }
}

function sendNotifications(ensemble: Ensemble, me: number, bounds: NaiveBounds): void {
  for (let to = 0; to < bounds.servers; to += 1) if (to !== me) send(ensemble, me, to, bounds);
}

/** Appends to the channel, or overwrites its newest notification when it is full. */
function send({ server, channel }: Ensemble, me: number, to: number, bounds: NaiveBounds): void {
  const { leader, logicalclock, state } = server[me];
  const queue = channel[me][to];
  if (queue.length === bounds.slots) {
    if (bounds.seeded === 'oldest wins in a full channel') return;
    queue.pop();
  }
  queue.push([leader, logicalclock, state]);
  if (bounds.disconnects > 0) server[me].lastMessageSent[to] = [leader, logicalclock, state];
}
