/**
 * `fle-faithful`: Fast Leader Election as the threads of a server run it; threads.ts has their code. It has
 * what `fast-leader-election` leaves out:
 * - `ReceiveNotification`: `WorkerReceiver` fills recvqueue; `HandleNotification`: `lookForLeader` empties
 *   it;
 * - a server's own vote comes back to it by loopback;
 * - finalizeWait drops the notifications that it reads, and puts one that ends it at the tail of recvqueue;
 * - `PublishVote`: until `setCurrentVote`, other servers are told the new state with the old vote.
 * `fle-check conform` steps this model beside the real class, also with notifications that no server would
 * send.
 */
import { type ActionGroup, defineModel, domain, type Model, sid } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OFF, ServerState } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { credentialsDomain, refuseUnsoundRanks, setCredentials } from '../votes/credentials.js';
import {
  type FaithfulSchema,
  type FaithfulState,
  FINALIZE_WAIT,
  LEAVING,
  OUTSIDE,
  POLL,
  type ServerReading,
  type State,
  schema,
  zxidsOfVotes,
} from './state.js';
import { type Threads, threadsOf } from './threads.js';

export function build(bounds: Bounds, rules: Rules): Model<FaithfulSchema> {
  refuseUnsoundRanks(bounds, rules);
  return modelOf(bounds, rules, threadsOf(bounds, rules, zxidsOfVotes(bounds, null)), schema(bounds));
}

/** The model with threads that `conform` watches, and with room for votes that no server casts. */
export function modelOf(
  bounds: Bounds,
  rules: Rules,
  threads: Threads,
  shape: FaithfulSchema,
): Model<FaithfulSchema> {
  return defineModel<FaithfulSchema>({
    name: 'fle-faithful',
    schema: shape,
    initial: {
      over: [credentialsDomain(bounds, true)],
      then: (s: State, code) => {
        setCredentials(bounds, s.server, code);
        for (let i = 0; i < bounds.servers; i++) s.server[i].logicalclock = 0;
        s.crashesLeft = bounds.crashes;
        s.abandonsLeft = bounds.abandons;
        s.resendsLeft = bounds.resends;
        s.disconnectsLeft = bounds.disconnects;
        if (bounds.start === 'staggered') return;
        for (let me = 0; me < bounds.servers; me++) threads.start(s, me);
      },
    },
    actions: [electionActions(bounds, rules, threads), faultActions(bounds, threads)],
    terminal: isSettled(bounds),
  });
}

function electionActions(bounds: Bounds, rules: Rules, threads: Threads): ActionGroup<FaithfulSchema> {
  const { servers, rounds, crashes, queue } = bounds;
  const Sid = domain('sid', sid(servers));
  const name = Sid.print;
  return {
    /** The process starts, or starts again: `QuorumPeer.startLeaderElection`, with the clock at 0. */
    StartServer: {
      over: [Sid],
      when: ({ server }, me) => server[me].state === OFF && server[me].logicalclock < rounds,
      then: (s, me) => threads.start(s, me),
      says: (_s, me) => `${name(me)} starts and votes for itself`,
      excludedBecause: bounds.start === 'together' && crashes === 0 ? 'all run from the start' : null,
    },
    /**
     * `WorkerReceiver.run` takes the oldest notification of `from`, itself among them, and answers it or
     * leaves it in recvqueue. Abstracts: receiving-is-one-step.
     */
    ReceiveNotification: {
      over: [Sid, Sid],
      when: ({ server, channel }, me, from) =>
        server[me].state !== OFF && channel[from][me].length > 0 && hasRoom(server[me], queue),
      then: (s, me, from) => {
        const { leader, zxid, electionEpoch, peerEpoch, state } = s.channel[from][me].head;
        s.channel[from][me].pop();
        threads.receive(s, me, from, { leader, zxid, electionEpoch, peerEpoch, state, hasVersion: true });
      },
      says: ({ channel }, me, from) =>
        `${name(me)} receives from ${name(from)} ${inWords(channel[from][me].head, name)}`,
    },
    /** `lookForLeader` reads the head of recvqueue, in its loop or in finalizeWait. */
    HandleNotification: {
      over: [Sid],
      when: ({ server }, me) => mayHandle(server[me], rules),
      then: (s, me) => threads.handle(s, me),
      says: ({ server }, me) => {
        const { head } = server[me].recvqueue;
        return `${name(me)} handles ${inWords(head, name)} of ${name(head.from)}`;
      },
    },
    /** recvqueue stayed empty for finalizeWait. Abstracts: finalizeWait-may-end-at-any-time. */
    EndFinalizeWait: {
      over: [Sid],
      when: ({ server }, me) => mayDecide(server[me], rules),
      then: (s, me) => threads.decide(s, me),
      says: ({ server }, me) => {
        const { leader } = server[me].proposal;
        return `${name(me)} ends finalizeWait, and ${leader === me ? 'leads' : `follows ${name(leader)}`}`;
      },
    },
    /**
     * recvqueue stayed empty, and something was delivered: `haveDelivered`. Abstracts: resend-at-any-time.
     */
    ResendNotifications: {
      over: [Sid],
      when: ({ server, resendsLeft }, me) =>
        resendsLeft > 0 && server[me].place === POLL && server[me].recvqueue.length === 0,
      then: (s, me) => {
        s.resendsLeft = s.resendsLeft - 1;
        threads.sendNotifications(s, me);
      },
      says: (_s, me) => `${name(me)} sends its vote again`,
      excludedBecause: bounds.resends === 0 ? 'no resend is budgeted' : null,
    },
    /**
     * `QuorumPeer.setCurrentVote` of the vote that `lookForLeader` returned. Until then others are told the
     * old vote.
     */
    PublishVote: {
      over: [Sid],
      when: ({ server }, me) => server[me].place === LEAVING,
      then: (s, me) => threads.publish(s, me),
      says: ({ server }, me) => `${name(me)} makes its vote for ${name(server[me].endVote.leader)} known`,
    },
  };
}

function faultActions(bounds: Bounds, threads: Threads): ActionGroup<FaithfulSchema> {
  const { servers, rounds, crashes, abandons, disconnects } = bounds;
  const Sid = domain('sid', sid(servers));
  const name = Sid.print;
  return {
    /** A FOLLOWING or LEADING server gives up and elects anew. Abstracts: looks-at-once. */
    AbandonLeader: {
      over: [Sid],
      when: ({ server, abandonsLeft }, me) =>
        abandonsLeft > 0 &&
        server[me].state >= FOLLOWING &&
        server[me].place === OUTSIDE &&
        server[me].logicalclock < rounds,
      then: (s, me) => {
        s.abandonsLeft = s.abandonsLeft - 1;
        threads.look(s, me);
      },
      says: ({ server }, me) =>
        server[me].state === LEADING
          ? `${name(me)} gives up leading and looks for a leader`
          : `${name(me)} gives up ${name(server[me].currentVote.leader)} and looks for a leader`,
      excludedBecause: abandons === 0 || rounds === 1 ? 'it needs an abandon and a second round' : null,
    },
    /** The process dies; what it sent stays in flight. */
    CrashServer: {
      over: [Sid],
      when: ({ server, crashesLeft }, me) => crashesLeft > 0 && server[me].state !== OFF,
      then: (s, me) => {
        s.crashesLeft = s.crashesLeft - 1;
        threads.stop(s, me);
      },
      says: (_s, me) => `${name(me)} crashes`,
      excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
    },
    /**
     * The messages on their way are lost, and each server sends its last one again. Abstracts:
     * connections-hold.
     */
    BreakConnection: {
      over: [Sid, Sid],
      when: ({ server, disconnectsLeft }, a, b) =>
        disconnectsLeft > 0 && a < b && server[a].state !== OFF && server[b].state !== OFF,
      then: (s, a, b) => {
        s.disconnectsLeft = s.disconnectsLeft - 1;
        threads.reconnect(s, a, b);
      },
      says: (_s, a, b) => `the connection of ${name(a)} and ${name(b)} breaks, and they connect again`,
      excludedBecause: disconnects === 0 ? 'no broken connection is budgeted' : null,
    },
  };
}

/** A server that does not look answers at once, or not at all. */
const hasRoom = ({ state, recvqueue }: ServerReading, queue: number): boolean =>
  state !== LOOKING || recvqueue.length < queue;

const mayHandle = ({ place, recvqueue }: ServerReading, rules: Rules): boolean =>
  recvqueue.length > 0 && (place === POLL || (place === FINALIZE_WAIT && rules.waitsToFinalize));

const mayDecide = ({ place, recvqueue }: ServerReading, rules: Rules): boolean =>
  place === FINALIZE_WAIT && (recvqueue.length === 0 || !rules.waitsToFinalize);

/** `LOOKING c1 → s2`. */
const inWords = (
  heard: { state: number; electionEpoch: number; leader: number },
  name: (sid: number) => string,
) => `${ServerState.names[heard.state]} c${heard.electionEpoch} → ${name(heard.leader)}`;

/**
 * Whether the run may end: every server has decided, or is down and the bounds have no later round, or waits
 * for notifications and the bounds have no more resends.
 */
const isSettled =
  ({ servers, rounds }: Bounds) =>
  ({ server, resendsLeft }: FaithfulState): boolean => {
    for (let i = 0; i < servers; i++) {
      const { state, place, logicalclock } = server[i];
      if (place === LEAVING || place === FINALIZE_WAIT) return false;
      if (place === POLL && resendsLeft > 0) return false;
      if (state === OFF && logicalclock < rounds) return false;
    }
    return true;
  };
