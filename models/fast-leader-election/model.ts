/**
 * `fast-leader-election`: the algorithm of `FastLeaderElection`, message by message. election.ts has what a
 * server does with a notification. Here is what may happen to servers and messages meanwhile:
 * - `StartServer`: servers start in any order, or start again after a crash with their clock at 0;
 * - `CrashServer`: the process dies, and what it has sent stays in flight;
 * - `AbandonLeader`: a FOLLOWING or LEADING server gives up, and begins a new round;
 * - `BreakConnection`: a connection between two servers breaks, and the messages in flight on it are lost.
 * A message may be late for ever, or be overwritten by the next one on its link.
 */
import {
  type ActionGroup,
  defineModel,
  domain,
  flag,
  type Model,
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
import { FOLLOWING, LEADING, OFF } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { credentialsDomain, refuseUnsoundRanks, setCredentials, voteOrderOf } from '../votes/credentials.js';
import { currentEpochType, zxidType, zxidValues } from '../votes/zxid.js';
import { electionFields, electionOf } from './election.js';

export function schema(bounds: Bounds, rules: Rules) {
  const { servers, rounds, crashes, returns, abandons, disconnects } = bounds;
  const { server, channel } = electionFields(bounds, rules, sid(servers));
  const crashed = fieldsIf(returns === 'none' && crashes > 0, { crashed: flag });
  const Server = struct({
    ...server,
    /** It has crashed, and does not return. Only bounds with `--returns none` have this field. */
    ...crashed,
    /** Abstracts: credentials-are-fixed, so votes carry no zxid and no epoch of their own. */
    currentEpoch: currentEpochType(bounds),
    /** The last zxid processed, as its place in `zxidValues`. Abstracts: zxids-are-known. */
    zxid: zxidType(zxidValues(bounds)),
  });
  const budget = range(0, disconnects);
  // Traces from before connections could break have no such field, and are still replayed.
  const disconnectsLeft = fieldsIf(disconnects > 0, { disconnectsLeft: budget });
  return struct({
    server: perServer(servers, Server),
    channel,
    crashesLeft: range(0, crashes),
    abandonsLeft: range(0, abandons),
    ...disconnectsLeft,
    /**
     * Ghost state, for claims alone: the leaders that each server has voted for in each round, and the
     * servers that ever led.
     */
    cast: perServer(servers, perServer(rounds, struct({ votes: sidSet(servers) }))),
    everLed: sidSet(servers),
  });
}

export type FleSchema = ReturnType<typeof schema>;
export type FleState = Reading<FleSchema>;
type State = View<FleSchema>;

export function build(bounds: Bounds, rules: Rules): Model<FleSchema> {
  refuseUnsoundRanks(bounds, rules);
  const { servers, rounds, crashes, returns, abandons, disconnects } = bounds;
  const returnsNever = returns === 'none' && crashes > 0;
  const isBetter = voteOrderOf(bounds, rules);
  const Sid = domain('sid', sid(servers));
  const name = Sid.print;

  const {
    lookForLeader,
    stop,
    reconnect,
    actions: election,
  } = electionOf(bounds, rules, {
    print: name,
    leaderOf: (vote) => vote,
    own: (_s, me) => me,
    beats: (s: State, leader, current) => isBetter(s.server, leader, current),
    proposed: (s: State, me) => {
      const { proposal, logicalclock } = s.server[me];
      const history = s.cast[me][logicalclock - 1];
      history.votes = history.votes | (1 << proposal);
    },
    mayLead: () => true,
    decided: (s: State, me, leader) => {
      if (leader === me) s.everLed = s.everLed | (1 << me);
    },
  });

  const { StartServer } = election;
  const starts = StartServer.when as (s: Reading<FleSchema>, me: number) => boolean;
  const isGone = (s: FleState, i: number): boolean => returnsNever && s.server[i].crashed;
  const comesFirst = (s: FleState, me: number): boolean => {
    for (let i = 0; i < me; i++) if (s.server[i].state === OFF && !isGone(s, i)) return false;
    return true;
  };
  const mayStart =
    bounds.start === 'in-order'
      ? (s: FleState, me: number) => starts(s, me) && !isGone(s, me) && comesFirst(s, me)
      : (s: FleState, me: number) => starts(s, me) && !isGone(s, me);
  const actions: ActionGroup<FleSchema> =
    returnsNever || bounds.start === 'in-order'
      ? { ...election, StartServer: { ...StartServer, when: mayStart } }
      : election;

  const faults: ActionGroup<FleSchema> = {
    /** A FOLLOWING or LEADING server gives up its leader or followers and elects anew. */
    AbandonLeader: {
      over: [Sid],
      when: ({ server, abandonsLeft }, me) =>
        abandonsLeft > 0 &&
        (server[me].state === FOLLOWING || server[me].state === LEADING) &&
        server[me].logicalclock < rounds,
      then: (s, me) => {
        s.abandonsLeft = s.abandonsLeft - 1;
        lookForLeader(s, me);
      },
      says: ({ server }, me) => {
        const what = server[me].state === LEADING ? 'leading' : name(server[me].proposal);
        return `${name(me)} gives up ${what} and looks for a leader`;
      },
      excludedBecause: abandons === 0 || rounds === 1 ? 'it needs an abandon and a second round' : null,
    },
    /** The process dies; what it sent stays in flight. */
    CrashServer: {
      over: [Sid],
      when: ({ server, crashesLeft }, me) => crashesLeft > 0 && server[me].state !== OFF,
      then: (s, me) => {
        s.crashesLeft = s.crashesLeft - 1;
        stop(s, me);
        if (returnsNever) s.server[me].crashed = true;
      },
      says: (_s, me) => `${name(me)} crashes`,
      excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
    },
    /** The messages on their way between two servers are lost. */
    BreakConnection: {
      over: [Sid, Sid],
      when: ({ server, disconnectsLeft }, a, b) =>
        disconnects > 0 && disconnectsLeft > 0 && a < b && server[a].state !== OFF && server[b].state !== OFF,
      then: (s, a, b) => {
        s.disconnectsLeft = s.disconnectsLeft - 1;
        reconnect(s, a, b);
      },
      says: (_s, a, b) => `the connection of ${name(a)} and ${name(b)} breaks, and they connect again`,
      excludedBecause: disconnects === 0 ? 'no broken connection is budgeted' : null,
    },
  };

  return defineModel<FleSchema>({
    name: 'fast-leader-election',
    schema: schema(bounds, rules),
    initial: {
      over: [credentialsDomain(bounds, true)],
      then: (s, code) => {
        setCredentials(bounds, s.server, code);
        s.crashesLeft = crashes;
        s.abandonsLeft = abandons;
        if (disconnects > 0) s.disconnectsLeft = disconnects;
        if (bounds.start !== 'together') return;
        for (let me = 0; me < servers; me++) lookForLeader(s, me);
      },
    },
    actions: [actions, faults],
    terminal: ({ server }) => {
      for (let i = 0; i < servers; i++) {
        const { state, logicalclock } = server[i];
        // A server that is down would start in a later round, and the bounds may have none.
        const staysDown = logicalclock === rounds || (returnsNever && server[i].crashed);
        if (state < FOLLOWING && !(state === OFF && staysDown)) return false;
      }
      return true;
    },
  });
}
