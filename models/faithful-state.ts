/** What a server of `fle-faithful` keeps, and what is on its way between the threads and the servers. */
import {
  channel,
  flag,
  oneOf,
  perOther,
  perServer,
  type Reading,
  range,
  sid,
  sidSet,
  struct,
  type View,
} from '../src/spec/index.js';
import type { Bounds } from './rung.js';

/** `ServerState` of QuorumPeer, and OFF: not running, or no vote where a vote might stand. */
export const ServerState = oneOf('OFF', 'LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING');
export const { OFF, LOOKING, FOLLOWING, LEADING, OBSERVING } = ServerState.values;

/**
 * Where the thread of QuorumPeer is: outside of `lookForLeader`, at its `recvqueue.poll`, at that of
 * finalizeWait, or on its way out with a vote that nobody else knows yet.
 */
export const Place = oneOf('OUTSIDE', 'POLL', 'FINALIZE_WAIT', 'LEAVING');
export const { OUTSIDE, POLL, FINALIZE_WAIT, LEAVING } = Place.values;

/**
 * Values of votes that no server of the bounds would cast, for those who send such votes. A zxid or an epoch
 * may be -1, as of a server without a database.
 */
export interface Strange {
  readonly mostZxid: number;
  readonly mostEpoch: number;
}

export function schema(bounds: Bounds, strange: Strange | null = null) {
  const { servers, rounds, crashes, abandons, disconnects, slots, queue, resends, zxids, dataVersions } =
    bounds;
  const most = zxids === 'ranks' ? 0 : zxids === 'every' ? dataVersions - 1 : Math.max(...zxids);
  const zxid = strange === null ? range(0, most) : range(-1, strange.mostZxid);
  const epoch = range(strange === null ? 0 : -1, strange?.mostEpoch ?? (zxids === 'every' ? most : 0));
  // A leader outside of the configuration is told as well.
  const leader = strange === null ? sid(servers) : sid(servers + 1);
  const round = range(-1, rounds);
  const Vote = struct({ leader, zxid, electionEpoch: round, peerEpoch: epoch });
  const Notification = struct({ ...Vote.fields, state: ServerState });
  const Heard = struct({ ...Notification.fields, hasVersion: flag });
  // What was sent last matters only to connections that break.
  const sent = perOther(servers, Notification);
  const lastMessage = disconnects > 0 ? { lastMessageSent: sent } : ({} as { lastMessageSent: typeof sent });
  const Server = struct({
    /** The last zxid processed. Abstracts: credentials-never-change. */
    zxid,
    currentEpoch: epoch,
    state: ServerState,
    place: Place,
    /** Below 0 after joining a leader that told its state before its vote. */
    logicalclock: round,
    proposal: struct({ leader, zxid, peerEpoch: epoch }),
    recvqueue: channel(queue, struct({ from: sid(servers), ...Heard.fields })),
    /** Of all servers, itself among them, each of weight one. Abstracts: majorities-only. */
    recvset: perServer(servers, Notification),
    outofelection: perServer(servers, Heard),
    currentVote: Vote,
    /** What `lookForLeader` has returned while LEAVING. */
    endVote: Vote,
    ...lastMessage,
  });
  return struct({
    server: perServer(servers, Server),
    /** channel[i][j]: sent by i, not yet received by j; of i to itself, the loopback. */
    channel: perServer(servers, perServer(servers, channel(slots, Notification))),
    crashesLeft: range(0, crashes),
    abandonsLeft: range(0, abandons),
    resendsLeft: range(0, resends),
    disconnectsLeft: range(0, disconnects),
    /** History, for claims alone: the leaders each server has voted for in each round, and who ever led. */
    cast: perServer(servers, perServer(rounds + 1, struct({ votes: sidSet(servers) }))),
    everLed: sidSet(servers),
  });
}

export type FaithfulSchema = ReturnType<typeof schema>;
export type FaithfulState = Reading<FaithfulSchema>;
export type State = View<FaithfulSchema>;
export type ServerReading = FaithfulState['server'][number];
export type ServerView = State['server'][number];

/** A notification as `WorkerReceiver` reads it; sids count from 0. */
export interface Heard {
  leader: number;
  zxid: number;
  electionEpoch: number;
  peerEpoch: number;
  state: ServerReading['state'];
  /** Whether its format has a version: not in those of 28 and 40 bytes. */
  hasVersion: boolean;
}
