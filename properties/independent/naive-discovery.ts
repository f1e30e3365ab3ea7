/**
 * A second `zab-discovery`, written from the prose and from Java alone: evidence for the counts of the
 * first. It shares no line with the engine or the models, and prefers the obvious to the fast: a state is
 * plain data, its identity is its JSON text, and every step starts from a fresh copy.
 * Source: Leader (lead, getEpochToPropose, waitForEpochAck), LearnerHandler.run, Learner
 * (registerWithLeader, syncWithLeader).
 */
import { type NaiveCounts, type NaiveStep, searchNaively } from './naive-search.js';

export interface DiscoveryBounds {
  /** How many servers vote; the observers have the sids after theirs. */
  readonly servers: number;
  readonly observers: number;
  /** The greatest epoch that a leader may propose. */
  readonly epochs: number;
  readonly crashes: number;
  readonly abandons: number;
  /** One deliberate mistake, by which the comparison shows that it would notice. */
  readonly seeded?:
    | 'counts a repeated ack'
    | 'forgets acceptedEpoch in a crash'
    | 'keeps what was in flight to an old leader'
    | 'persists a wrong currentEpoch';
}

export const discoveryActions = [
  'BecomeLeader',
  'FollowLeader',
  'ConnectToLeader',
  'HandleFollowerInfo',
  'HandleLeaderInfo',
  'HandleAckEpoch',
  'PersistCurrentEpoch',
  'HandleNewLeader',
  'EscapeLeader',
  'AbandonLeader',
  'CrashServer',
  'StartServer',
] as const;

type Action = (typeof discoveryActions)[number];

type Claim = 'singleLeaderPerEpoch' | 'acceptedCoversCurrent' | 'acceptedEpochMonotone';

export interface DiscoveryCounts extends NaiveCounts<Action> {
  /** The claims that some state or step contradicts, in the order of their names. */
  readonly violations: Claim[];
}

/** A set of sids, ascending, so that equal sets have equal texts. */
type Sids = readonly number[];

interface Server {
  acceptedEpoch: number;
  currentEpoch: number;
  state: 'OFF' | 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING';
  leader: number | null;
  connection: 'NONE' | 'REGISTERING' | 'ACKED' | 'SYNCED' | 'BROKEN';
  /** What this server proposes or will propose while it is LEADING, else -1. */
  epoch: number;
  connectingFollowers: Sids;
  electingFollowers: Sids;
}

/** What ever happened in one epoch. */
interface EpochHistory {
  established: Sids;
  twice: boolean;
  acked: Sids;
}

interface Ensemble {
  server: Server[];
  /** followerInfo[i][j]: the acceptedEpoch that i sent and j has not read. */
  followerInfo: (number | null)[][];
  /** ackEpoch[i][j]: the currentEpoch, or -1, that i sent and j has not read. */
  ackEpoch: (number | null)[][];
  crashesLeft: number;
  abandonsLeft: number;
  /** history[e - 1] tells of epoch e. */
  history: EpochHistory[];
}

type Step = NaiveStep<Ensemble, Action>;
type Add = (action: Action, take: Step['take']) => void;

/** Every reachable state, counted, with the claims that fail. */
export function exploreDiscovery(bounds: DiscoveryBounds): DiscoveryCounts {
  const start = initialEnsemble(bounds);
  const violations = new Set<Claim>(contradictedBy(start));
  const counts = searchNaively(
    start,
    discoveryActions,
    (now) => enabledSteps(now, bounds),
    (before, after, isNew) => {
      if (lowersAcceptedEpoch(before, after)) violations.add('acceptedEpochMonotone');
      if (isNew) for (const claim of contradictedBy(after)) violations.add(claim);
    },
  );
  return { ...counts, violations: [...violations].sort() };
}

function contradictedBy({ server, history }: Ensemble): Claim[] {
  const claims: Claim[] = [];
  if (history.some(({ established }) => established.length > 1)) claims.push('singleLeaderPerEpoch');
  if (server.some((one) => one.acceptedEpoch < one.currentEpoch)) claims.push('acceptedCoversCurrent');
  return claims;
}

function lowersAcceptedEpoch(before: Ensemble, after: Ensemble): boolean {
  return before.server.some(({ acceptedEpoch }, sid) => after.server[sid].acceptedEpoch < acceptedEpoch);
}

function initialEnsemble(bounds: DiscoveryBounds): Ensemble {
  const sids = [...Array(bounds.servers + bounds.observers).keys()];
  return {
    server: sids.map(() => ({
      acceptedEpoch: 0,
      currentEpoch: 0,
      state: 'LOOKING',
      leader: null,
      connection: 'NONE',
      epoch: -1,
      connectingFollowers: [],
      electingFollowers: [],
    })),
    followerInfo: sids.map(() => sids.map(() => null)),
    ackEpoch: sids.map(() => sids.map(() => null)),
    crashesLeft: bounds.crashes,
    abandonsLeft: bounds.abandons,
    history: Array.from({ length: bounds.epochs }, () => ({ established: [], twice: false, acked: [] })),
  };
}

function enabledSteps(now: Ensemble, bounds: DiscoveryBounds): Step[] {
  const steps: Step[] = [];
  const add: Add = (action, take) => steps.push({ action, take });
  for (const me of now.server.keys()) {
    addStepsOfAnyServer(now, me, bounds, add);
    addStepsOfLooking(now, me, bounds, add);
    addStepsOfLeader(now, me, bounds, add);
    addStepsOfLearner(now, me, add);
  }
  return steps;
}

function addStepsOfAnyServer(now: Ensemble, me: number, bounds: DiscoveryBounds, add: Add): void {
  const { state } = now.server[me];
  if (state === 'OFF') {
    add('StartServer', (ensemble) => {
      ensemble.server[me].state = 'LOOKING';
    });
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
      leave(ensemble, me, bounds);
      ensemble.server[me].state = 'OFF';
      if (bounds.seeded === 'forgets acceptedEpoch in a crash') {
        ensemble.server[me].acceptedEpoch = ensemble.server[me].currentEpoch;
      }
    });
  }
}

/** The election is no part of this model: a LOOKING server may believe in any voter, itself included. */
function addStepsOfLooking(now: Ensemble, me: number, bounds: DiscoveryBounds, add: Add): void {
  const { state, acceptedEpoch } = now.server[me];
  if (state !== 'LOOKING') return;
  if (isParticipant(me, bounds) && acceptedEpoch < bounds.epochs) {
    add('BecomeLeader', (ensemble) => {
      const mine = ensemble.server[me];
      mine.state = 'LEADING';
      mine.epoch = mine.acceptedEpoch + 1;
      mine.connectingFollowers = [me];
    });
  }
  for (let leader = 0; leader < bounds.servers; leader += 1) {
    if (leader === me) continue;
    add('FollowLeader', (ensemble) => {
      ensemble.server[me].state = isParticipant(me, bounds) ? 'FOLLOWING' : 'OBSERVING';
      ensemble.server[me].leader = leader;
    });
  }
}

function addStepsOfLeader(now: Ensemble, me: number, bounds: DiscoveryBounds, add: Add): void {
  const { state, currentEpoch, epoch } = now.server[me];
  if (state !== 'LEADING') return;
  for (const from of now.server.keys()) {
    const lastAcceptedEpoch = now.followerInfo[from][me];
    if (lastAcceptedEpoch !== null && (hasProposed(now, me, bounds) || lastAcceptedEpoch < bounds.epochs)) {
      add('HandleFollowerInfo', (ensemble) => handleFollowerInfo(ensemble, me, from, bounds));
    }
    if (now.ackEpoch[from][me] !== null && hasProposed(now, me, bounds)) {
      add('HandleAckEpoch', (ensemble) => handleAckEpoch(ensemble, me, from, bounds));
    }
  }
  if (isEstablished(now, me, bounds) && currentEpoch < epoch) {
    add('PersistCurrentEpoch', (ensemble) => {
      ensemble.server[me].currentEpoch = epoch;
      if (bounds.seeded === 'persists a wrong currentEpoch') ensemble.server[me].currentEpoch += 1;
    });
  }

  // The same leader also serves the learners: what they read of it needs no packet of its own in flight.
  for (const [learner, { leader, connection }] of now.server.entries()) {
    if (leader !== me) continue;
    if (
      connection === 'REGISTERING' &&
      now.followerInfo[learner][me] === null &&
      hasProposed(now, me, bounds)
    ) {
      add('HandleLeaderInfo', (ensemble) => handleLeaderInfo(ensemble, learner, me, bounds));
    }
    if (connection === 'ACKED' && now.ackEpoch[learner][me] === null && isEstablished(now, me, bounds)) {
      add('HandleNewLeader', (ensemble) => {
        ensemble.server[learner].currentEpoch = epoch;
        ensemble.server[learner].connection = 'SYNCED';
      });
    }
  }
}

function addStepsOfLearner(now: Ensemble, me: number, add: Add): void {
  const { leader, connection } = now.server[me];
  if (leader === null || connection !== 'NONE' || now.server[leader].state !== 'LEADING') return;
  add('ConnectToLeader', (ensemble) => {
    ensemble.server[me].connection = 'REGISTERING';
    ensemble.followerInfo[me][leader] = ensemble.server[me].acceptedEpoch;
  });
}

/** Source: getEpochToPropose; who comes late learns the epoch without a say in it. */
function handleFollowerInfo(ensemble: Ensemble, me: number, from: number, bounds: DiscoveryBounds): void {
  const mine = ensemble.server[me];
  const lastAcceptedEpoch = ensemble.followerInfo[from][me]!;
  ensemble.followerInfo[from][me] = null;
  if (hasProposed(ensemble, me, bounds)) return;
  if (lastAcceptedEpoch >= mine.epoch) mine.epoch = lastAcceptedEpoch + 1;
  if (isParticipant(from, bounds)) mine.connectingFollowers = including(mine.connectingFollowers, from);
  if (!hasProposed(ensemble, me, bounds)) return;
  mine.acceptedEpoch = mine.epoch;
  countAck(ensemble, me, me, bounds);
}

/** Source: registerWithLeader, from LEADERINFO to ACKEPOCH. */
function handleLeaderInfo(ensemble: Ensemble, me: number, leader: number, bounds: DiscoveryBounds): void {
  const mine = ensemble.server[me];
  const newEpoch = ensemble.server[leader].epoch;
  if (newEpoch < mine.acceptedEpoch) {
    leave(ensemble, me, bounds);
    return;
  }
  mine.connection = 'ACKED';
  if (newEpoch > mine.acceptedEpoch || bounds.seeded === 'counts a repeated ack') {
    ensemble.ackEpoch[me][leader] = mine.currentEpoch;
    mine.acceptedEpoch = newEpoch;
  } else {
    ensemble.ackEpoch[me][leader] ??= -1;
  }
}

/** Source: waitForEpochAck, which looks at nothing once the election has finished. */
function handleAckEpoch(ensemble: Ensemble, me: number, from: number, bounds: DiscoveryBounds): void {
  const currentEpoch = ensemble.ackEpoch[from][me]!;
  ensemble.ackEpoch[from][me] = null;
  if (isEstablished(ensemble, me, bounds) || currentEpoch === -1) return;
  if (currentEpoch > ensemble.server[me].currentEpoch) {
    const follower = ensemble.server[from];
    if (follower.leader === me && follower.connection === 'ACKED') follower.connection = 'BROKEN';
    return;
  }
  if (isParticipant(from, bounds)) countAck(ensemble, me, from, bounds);
}

/** Adds one to the electingFollowers; the one that makes the quorum establishes the leader. */
function countAck(ensemble: Ensemble, me: number, from: number, bounds: DiscoveryBounds): void {
  const mine = ensemble.server[me];
  const past = ensemble.history[mine.epoch - 1];
  const wasEstablished = isEstablished(ensemble, me, bounds);
  mine.electingFollowers = including(mine.electingFollowers, from);
  past.acked = including(past.acked, from);
  if (wasEstablished || !isEstablished(ensemble, me, bounds)) return;
  if (past.established.includes(me)) past.twice = true;
  past.established = including(past.established, me);
}

/** Back to LOOKING. What this server sent as a learner can still arrive; what it led falls apart. */
function leave(ensemble: Ensemble, me: number, bounds: DiscoveryBounds): void {
  const mine = ensemble.server[me];
  if (mine.state === 'LEADING') {
    mine.epoch = -1;
    mine.connectingFollowers = [];
    mine.electingFollowers = [];
    for (const [sid, other] of ensemble.server.entries()) {
      if (bounds.seeded !== 'keeps what was in flight to an old leader') {
        ensemble.followerInfo[sid][me] = null;
        ensemble.ackEpoch[sid][me] = null;
      }
      if (other.leader === me && other.connection !== 'NONE') other.connection = 'BROKEN';
    }
  }
  mine.state = 'LOOKING';
  mine.leader = null;
  mine.connection = 'NONE';
}

/** Abstracts: a limit of time ends what nothing else can end, and free of charge. */
function canEscape(now: Ensemble, me: number, bounds: DiscoveryBounds): boolean {
  const { state, leader, connection } = now.server[me];
  if (leader !== null) return connection === 'BROKEN' || now.server[leader].state !== 'LEADING';
  if (state !== 'LEADING') return false;
  const supporters = now.server.filter(
    (other, sid) =>
      isParticipant(sid, bounds) &&
      other.leader === me &&
      ['REGISTERING', 'ACKED', 'SYNCED'].includes(other.connection),
  );
  if (!isQuorum(1 + supporters.length, bounds)) return true;
  const isAwaited = now.server.some(
    (other, sid) =>
      now.followerInfo[sid][me] !== null ||
      now.ackEpoch[sid][me] !== null ||
      (other.leader === me && other.connection === 'REGISTERING'),
  );
  return !isEstablished(now, me, bounds) && !isAwaited;
}

function hasProposed({ server }: Ensemble, sid: number, bounds: DiscoveryBounds): boolean {
  return server[sid].state === 'LEADING' && isQuorum(server[sid].connectingFollowers.length, bounds);
}

function isEstablished({ server }: Ensemble, sid: number, bounds: DiscoveryBounds): boolean {
  return server[sid].state === 'LEADING' && isQuorum(server[sid].electingFollowers.length, bounds);
}

function isParticipant(sid: number, { servers }: DiscoveryBounds): boolean {
  return sid < servers;
}

function isQuorum(count: number, { servers }: DiscoveryBounds): boolean {
  return count * 2 > servers;
}

function including(set: Sids, sid: number): Sids {
  return [...new Set([...set, sid])].sort((a, b) => a - b);
}
