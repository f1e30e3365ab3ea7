/** The state of `fle-faithful`: each server, and the messages between its threads and between servers. */
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
} from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { fieldsIf } from '../model/optional-fields.js';
import { ServerState } from '../model/server-state.js';
import { currentEpochType, MOST_VERSIONS, zxidType, zxidValues } from '../votes/zxid.js';

/**
 * Where the thread of QuorumPeer is: outside of `lookForLeader`, at the `recvqueue.poll` of its loop, at the
 * one of finalizeWait, or leaving with a vote that no other server knows yet.
 */
export const Place = oneOf('OUTSIDE', 'POLL', 'FINALIZE_WAIT', 'LEAVING');
export const { OUTSIDE, POLL, FINALIZE_WAIT, LEAVING } = Place.values;

/**
 * Votes that no server of the bounds would cast: of any zxid, if every assignment is explored, and any epoch
 * up to the greatest here; or with both -1, as from a server without a database.
 */
export interface Strange {
  readonly mostEpoch: number;
}

/** The zxids of votes, in ascending order: states keep places in this list, and -1 for `NO_ZXID`. */
export const zxidsOfVotes = (bounds: Bounds, strange: Strange | null): readonly number[] =>
  zxidValues(strange === null ? bounds : { zxids: 'every', dataVersions: MOST_VERSIONS });

export function schema(bounds: Bounds, strange: Strange | null = null) {
  const { servers, rounds, crashes, abandons, disconnects, slots, queue, resends } = bounds;
  const zxid = zxidType(zxidsOfVotes(bounds, strange), strange === null ? 0 : -1);
  const epoch = strange === null ? currentEpochType(bounds) : range(-1, strange.mostEpoch);
  // A notification may also name a leader outside of the configuration.
  const leader = strange === null ? sid(servers) : sid(servers + 1);
  const round = range(-1, rounds);
  const Vote = struct({ leader, zxid, electionEpoch: round, peerEpoch: epoch });
  const Notification = struct({ ...Vote.fields, state: ServerState });
  const Heard = struct({ ...Notification.fields, hasVersion: flag });
  // Only a connection that breaks needs the last message sent.
  const sent = perOther(servers, Notification);
  const lastMessage = fieldsIf(disconnects > 0, { lastMessageSent: sent });
  const Server = struct({
    /**
     * The last zxid processed: as every zxid here, its place in `zxidsOfVotes`.
     * Abstracts: credentials-never-change.
     */
    zxid,
    currentEpoch: epoch,
    state: ServerState,
    place: Place,
    /** Below 0 if the server joined a leader that told its new state before its new vote. */
    logicalclock: round,
    proposal: struct({ leader, zxid, peerEpoch: epoch }),
    recvqueue: channel(queue, struct({ from: sid(servers), ...Heard.fields })),
    /** Votes of all servers, itself among them, each of weight one. Abstracts: majorities-only. */
    recvset: perServer(servers, Notification),
    outofelection: perServer(servers, Heard),
    currentVote: Vote,
    /** The vote that `lookForLeader` has returned, while LEAVING. */
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
    /**
     * Ghost state, for claims alone: the leaders that each server has voted for in each round, and the
     * servers that ever led.
     */
    cast: perServer(servers, perServer(rounds + 1, struct({ votes: sidSet(servers) }))),
    everLed: sidSet(servers),
  });
}

export type FaithfulSchema = ReturnType<typeof schema>;
export type FaithfulState = Reading<FaithfulSchema>;
export type State = View<FaithfulSchema>;
export type ServerReading = FaithfulState['server'][number];
export type ServerView = State['server'][number];

/**
 * A notification as `WorkerReceiver` reads it; sids count from 0, and a zxid is its place in `zxidsOfVotes`.
 */
export interface Heard {
  leader: number;
  zxid: number;
  electionEpoch: number;
  peerEpoch: number;
  state: ServerReading['state'];
  /** Whether its format has a version: not in those of 28 and 40 bytes. */
  hasVersion: boolean;
}
