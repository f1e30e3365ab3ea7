/**
 * Discovery as servers run it, after an election. The actions, in the order of a run, and the Java that each
 * stands for:
 * - `ConnectToLeader`: `Learner.connectToLeader`, and `registerWithLeader` up to FOLLOWERINFO;
 * - `HandleFollowerInfo`: `Leader.getEpochToPropose`; with a quorum the leader proposes a later epoch;
 * - `HandleLeaderInfo`: `Learner.registerWithLeader`, LEADERINFO: accept and send ACKEPOCH, or refuse;
 * - `HandleAckEpoch`: `Leader.waitForEpochAck`; with a quorum the leader is established;
 * - `PersistCurrentEpoch`: `Leader.lead`, `setCurrentEpoch`; `HandleNewLeader`: `Learner.syncWithLeader`;
 * - `EscapeLeader`, `AbandonLeader`: the end of `Leader.lead` or `Follower.followLeader`.
 * An election (`Election` below) decides who leads and who follows.
 */
import { type ActionGroup, domain, sid } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { LEADING, LOOKING, OFF } from '../model/server-state.js';
import { correct, type Rules } from '../rules.js';
import { answered } from '../votes/symmetry.js';
import { myidOf } from '../votes/zxid.js';
import {
  Connection,
  type DiscoverySchema,
  type DiscoveryState,
  type DiscoveryView,
  firstStartsDiffer,
  NO_ACK,
  NO_EPOCH,
} from './state.js';

const { NONE, REGISTERING, ACKED, SYNCED, BROKEN } = Connection.values;

type State = DiscoveryView;

/** How a server begins an election, and what an election does when a server dies. */
export interface Election {
  /** Why these bounds never let a server begin a second election without a crash; null if they may. */
  readonly noSecondElection: string | null;
  /** Whether the bounds let a server begin a new election. */
  mayLook(s: DiscoveryState, me: number): boolean;
  look(s: DiscoveryView, me: number): void;
  stop(s: DiscoveryView, me: number): void;
}

export interface Discovery {
  /** The election has named the server itself. */
  lead(s: DiscoveryView, me: number): void;
  /** The election has named another server. */
  follow(s: DiscoveryView, me: number, leader: number): void;
  /** `electionFinished`: a quorum has acknowledged the epoch. */
  isEstablished(s: DiscoveryState, me: number): boolean;
  readonly actions: ActionGroup<DiscoverySchema>;
  /** All others follow one established leader; or the last epoch is accepted, and nobody may begin anew. */
  terminal(s: DiscoveryState): boolean;
}

/** How many servers a set has. */
export function sizeOf(set: number): number {
  let size = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) size++;
  return size;
}

/** The acceptedEpoch that the next start of a server finds, if it crashes now. */
function nextAcceptedEpoch(
  { acceptedEpoch, currentEpoch, hasCrashed }: DiscoveryState['server'][number],
  rules: Rules,
  countsCrashes: boolean,
): number {
  return rules.acceptedEpochAfterCrash(acceptedEpoch, currentEpoch, !countsCrashes || !hasCrashed);
}

/**
 * The number of servers that may lead, the first ones: the voters, and observers if the rules let them be
 * elected.
 */
export function mayLead({ servers, observers, election }: Bounds, rules: Rules): number {
  const all = servers + observers;
  if (election === 'fle' || rules.validVoter === correct.validVoter) return servers;
  const electsObservers = (i: number) => answered(() => rules.validVoter(false, myidOf(i))) === true;
  return Array.from({ length: all }, (_, i) => i).some(electsObservers) ? all : servers;
}

export function discoveryOf(bounds: Bounds, rules: Rules, election: Election): Discovery {
  const protocol = protocolOf(bounds, rules);
  const { lead, follow, isEstablished, terminal } = protocol;
  return { lead, follow, isEstablished, terminal, actions: actionsOf(bounds, rules, election, protocol) };
}

function protocolOf({ servers, observers, epochs }: Bounds, rules: Rules) {
  const all = servers + observers;

  return { counts, lead, follow, hasProposed, isEstablished, mayEscape, leave, propose, countAck, terminal };

  /** Whether a leader counts a server, which may be itself, for a quorum. */
  function counts(leader: number, i: number): boolean {
    return rules.countsInEpochQuorum(i < servers, myidOf(leader));
  }

  /** `waitingForNewEpoch` is over: a quorum, the leader among it, is connected. */
  function hasProposed({ server }: DiscoveryState, me: number): boolean {
    const { state, connectingFollowers } = server[me];
    return state === LEADING && rules.hasQuorum(sizeOf(connectingFollowers), servers, myidOf(me));
  }

  /** `electionFinished`: a quorum has acknowledged the epoch. */
  function isEstablished({ server }: DiscoveryState, me: number): boolean {
    const { state, electingFollowers } = server[me];
    return state === LEADING && rules.hasQuorum(sizeOf(electingFollowers), servers, myidOf(me));
  }

  /** The leadership ends, and with it its connections and the messages on them. */
  function stopLeading(s: State, me: number): void {
    const self = s.server[me];
    self.epoch = NO_EPOCH;
    self.connectingFollowers = 0;
    self.electingFollowers = 0;
    for (let j = 0; j < all; j++) {
      if (j === me) continue;
      const sent = s.toLeader[j][me];
      sent.info = NO_EPOCH;
      if (!rules.oldConnectionsCount) sent.ack = NO_ACK;
      const { leader, connection } = s.server[j];
      if (leader === me && connection !== NONE) s.server[j].connection = BROKEN;
    }
  }

  /**
   * A server leaves its leader or its followers. The messages that it sent as a follower can still be read.
   */
  function leave(s: State, me: number): void {
    const self = s.server[me];
    if (self.state === LEADING) stopLeading(s, me);
    self.leader = -1;
    self.connection = NONE;
  }

  /** Learners with a connection to `me` that stands: `Leader.getLearners`, its voters and itself. */
  function supporters({ server }: DiscoveryState, me: number): number {
    let count = 1;
    for (let j = 0; j < servers; j++) {
      const { leader, connection } = server[j];
      if (leader === me && connection !== NONE && connection !== BROKEN) count++;
    }
    return count;
  }

  /**
   * Whether a leader that is not established has every ACKEPOCH that can come, so that its wait can only time
   * out.
   */
  function waitsInVain(s: DiscoveryState, me: number): boolean {
    if (isEstablished(s, me)) return false;
    for (let j = 0; j < all; j++) {
      if (j === me) continue;
      const { info, ack } = s.toLeader[j][me];
      if (info !== NO_EPOCH || ack !== NO_ACK) return false;
      if (s.server[j].leader === me && s.server[j].connection === REGISTERING) return false;
    }
    return true;
  }

  /** Whether a server waits in vain: its leader is gone, or too few follow or acknowledge it. */
  function mayEscape(s: DiscoveryState, me: number): boolean {
    const { state, leader, connection } = s.server[me];
    if (state === LEADING)
      return !rules.hasQuorum(supporters(s, me), servers, myidOf(me)) || waitsInVain(s, me);
    return leader >= 0 && (connection === BROKEN || s.server[leader].state !== LEADING);
  }

  function lead(s: State, me: number): void {
    const self = s.server[me];
    self.epoch = rules.epochToPropose(NO_EPOCH, self.acceptedEpoch);
    self.connectingFollowers = counts(me, me) ? 1 << me : 0;
    // One of several servers is no majority, but other rules may say so.
    if (hasProposed(s as unknown as DiscoveryState, me)) propose(s, me);
  }

  function follow({ server }: State, me: number, leader: number): void {
    server[me].leader = leader;
  }

  /** A quorum is connected: the leader proposes its epoch, and is the first to accept and acknowledge it. */
  function propose(s: State, me: number): void {
    const self = s.server[me];
    if (rules.leaderAcceptsEpoch === 'whenProposed') self.acceptedEpoch = self.epoch;
    if (rules.currentEpochWritten !== 'whenEstablished') self.currentEpoch = self.epoch;
    countAck(s, me, me);
  }

  /** `Leader.waitForEpochAck` for an ACKEPOCH that counts. */
  function countAck(s: State, me: number, from: number): void {
    const self = s.server[me];
    if (!counts(me, from)) return;
    self.electingFollowers = self.electingFollowers | (1 << from);
    const past = s.history[self.epoch - 1];
    past.acked = past.acked | (1 << from);
    if (!isEstablished(s as unknown as DiscoveryState, me)) return;
    if ((past.established >>> me) & 1) past.twice = true;
    past.established = past.established | (1 << me);
  }

  function terminal({ server }: DiscoveryState): boolean {
    let leader = -1;
    let settled = 1;
    for (let i = 0; i < all; i++) {
      if (server[i].acceptedEpoch === epochs) return true;
      if (server[i].state === LEADING) leader = i;
    }
    for (let i = 0; i < all; i++) {
      if (i !== leader && server[i].leader === leader && server[i].connection === SYNCED) settled++;
    }
    return settled === all;
  }
}

const infoOf = (i: number, servers: number): string => (i < servers ? 'FOLLOWERINFO' : 'OBSERVERINFO');

const whyGone = (server: DiscoveryState['server'], me: number): string =>
  server[me].connection === BROKEN ? 'has closed the connection' : 'does not lead';

function actionsOf(
  bounds: Bounds,
  rules: Rules,
  election: Election,
  protocol: ReturnType<typeof protocolOf>,
): ActionGroup<DiscoverySchema> {
  const { servers, observers, epochs, crashes, abandons } = bounds;
  const { counts, hasProposed, isEstablished, mayEscape, leave, propose, countAck } = protocol;
  const countsCrashes = firstStartsDiffer(bounds, rules);
  const Leader = domain('sid', sid(mayLead(bounds, rules)));
  const Sid = domain('sid', sid(servers + observers));
  const name = Sid.print;

  /** A leader's answer to an ACKEPOCH, in words: it counts or does not, as in `HandleAckEpoch`. */
  function fateOfAck(s: DiscoveryState, me: number, from: number): string {
    const { ack } = s.toLeader[from][me];
    const { epoch, currentEpoch, electingFollowers } = s.server[me];
    if (isEstablished(s, me)) return 'and is established already';
    if (!rules.countsEpochAck(ack)) return 'which does not count';
    if (rules.isMoreRecentThan(ack, currentEpoch)) return 'which does not count: its sender is ahead';
    if (!counts(me, from)) return 'which does not count: its sender has no vote';
    const isQuorum = rules.hasQuorum(sizeOf(electingFollowers | (1 << from)), servers, myidOf(me));
    return `and counts it for epoch ${epoch}${isQuorum ? ': it is established' : ''}`;
  }

  return {
    /** `Learner.connectToLeader`, and FOLLOWERINFO or OBSERVERINFO with the acceptedEpoch. */
    ConnectToLeader: {
      over: [Sid],
      when: ({ server }, me) => {
        const { leader, connection } = server[me];
        return leader >= 0 && connection === NONE && server[leader].state === LEADING;
      },
      then: (s, me) => {
        const self = s.server[me];
        self.connection = REGISTERING;
        s.toLeader[me][self.leader].info = self.acceptedEpoch;
      },
      says: ({ server }, me) =>
        `${name(me)} connects to ${name(server[me].leader)}: ${infoOf(me, servers)}, acceptedEpoch ${server[me].acceptedEpoch}`,
    },
    /** `Leader.getEpochToPropose` for a learner. With a quorum the leader writes acceptedEpoch first. */
    HandleFollowerInfo: {
      over: [Leader, Sid],
      when: (s, me, from) => {
        if (me === from || s.server[me].state !== LEADING) return false;
        const { info } = s.toLeader[from][me];
        return info !== NO_EPOCH && (info < epochs || hasProposed(s, me));
      },
      then: (s, me, from) => {
        const self = s.server[me];
        const { info } = s.toLeader[from][me];
        s.toLeader[from][me].info = NO_EPOCH;
        if (hasProposed(s as unknown as DiscoveryState, me)) return;
        self.epoch = rules.epochToPropose(self.epoch, info);
        if (!counts(me, from)) return;
        self.connectingFollowers = self.connectingFollowers | (1 << from);
        if (hasProposed(s as unknown as DiscoveryState, me)) propose(s, me);
      },
      says: (s, me, from) => {
        const { info } = s.toLeader[from][me];
        const reads = `${name(me)} reads the ${infoOf(from, servers)} of ${name(from)}: acceptedEpoch ${info}`;
        const { connectingFollowers, epoch } = s.server[me];
        if (hasProposed(s, me) || !counts(me, from)) return reads;
        const isQuorum = rules.hasQuorum(sizeOf(connectingFollowers | (1 << from)), servers, myidOf(me));
        return isQuorum ? `${reads}; it proposes epoch ${rules.epochToPropose(epoch, info)}` : reads;
      },
    },
    /**
     * `Learner.registerWithLeader`, LEADERINFO: accept and acknowledge, or refuse.
     * Abstracts: answers-come-at-once.
     */
    HandleLeaderInfo: {
      over: [Sid],
      when: (s, me) => {
        const { leader, connection } = s.server[me];
        if (connection !== REGISTERING || s.toLeader[me][leader].info !== NO_EPOCH) return false;
        if (!hasProposed(s, leader)) return false;
        return s.server[leader].epoch >= s.server[me].acceptedEpoch || election.mayLook(s, me);
      },
      then: (s, me) => {
        const self = s.server[me];
        const { epoch } = s.server[self.leader];
        if (epoch < self.acceptedEpoch) {
          leave(s, me);
          election.look(s, me);
          return;
        }
        const sent = s.toLeader[me][self.leader];
        if (epoch > self.acceptedEpoch) sent.ack = self.currentEpoch;
        else if (sent.ack === NO_ACK) sent.ack = NO_EPOCH;
        self.acceptedEpoch = epoch;
        if (rules.currentEpochWritten === 'whenAccepted') self.currentEpoch = epoch;
        self.connection = ACKED;
      },
      says: ({ server }, me) => {
        const { epoch } = server[server[me].leader];
        if (epoch < server[me].acceptedEpoch)
          return `${name(me)} refuses epoch ${epoch}: it has accepted epoch ${server[me].acceptedEpoch}`;
        return epoch > server[me].acceptedEpoch
          ? `${name(me)} accepts epoch ${epoch} and sends ACKEPOCH`
          : `${name(me)} has accepted epoch ${epoch} before, and acknowledges it with -1`;
      },
    },
    /** `Leader.waitForEpochAck` for a learner. A learner that is ahead of the leader loses its connection. */
    HandleAckEpoch: {
      over: [Leader, Sid],
      when: (s, me, from) => me !== from && hasProposed(s, me) && s.toLeader[from][me].ack !== NO_ACK,
      then: (s, me, from) => {
        const self = s.server[me];
        const { ack } = s.toLeader[from][me];
        s.toLeader[from][me].ack = NO_ACK;
        if (isEstablished(s as unknown as DiscoveryState, me)) return;
        if (!rules.countsEpochAck(ack)) return;
        if (rules.isMoreRecentThan(ack, self.currentEpoch)) {
          const { leader, connection } = s.server[from];
          if (leader === me && connection === ACKED) s.server[from].connection = BROKEN;
          return;
        }
        countAck(s, me, from);
      },
      says: (s, me, from) => {
        const { ack } = s.toLeader[from][me];
        const what = ack === NO_EPOCH ? '-1' : `currentEpoch ${ack}`;
        return `${name(me)} reads the ACKEPOCH of ${name(from)} (${what}), ${fateOfAck(s, me, from)}`;
      },
    },
    /** `Leader.lead`, after `waitForEpochAck`: `setCurrentEpoch`. */
    PersistCurrentEpoch: {
      over: [Leader],
      when: (s, me) => isEstablished(s, me) && s.server[me].currentEpoch < s.server[me].epoch,
      then: (s, me) => {
        const self = s.server[me];
        if (rules.leaderAcceptsEpoch === 'withCurrentEpoch') self.acceptedEpoch = self.epoch;
        self.currentEpoch = self.epoch;
      },
      says: ({ server }, me) => `${name(me)} is established and writes currentEpoch ${server[me].epoch}`,
    },
    /** `Learner.syncWithLeader`, NEWLEADER. Abstracts: no-data, answers-come-at-once. */
    HandleNewLeader: {
      over: [Sid],
      when: (s, me) => {
        const { leader, connection } = s.server[me];
        return connection === ACKED && s.toLeader[me][leader].ack === NO_ACK && isEstablished(s, leader);
      },
      then: ({ server }, me) => {
        server[me].currentEpoch = server[server[me].leader].epoch;
        server[me].connection = SYNCED;
      },
      says: ({ server }, me) => {
        const { leader } = server[me];
        return `${name(me)} reads NEWLEADER of ${name(leader)} and writes currentEpoch ${server[leader].epoch}`;
      },
    },
    /** The leader cannot be reached or does not lead, or a leader gets no quorum. This is no fault. */
    EscapeLeader: {
      over: [Sid],
      when: (s, me) => mayEscape(s, me) && election.mayLook(s, me),
      then: (s, me) => {
        leave(s, me);
        election.look(s, me);
      },
      says: ({ server }, me) =>
        server[me].state === LEADING
          ? `${name(me)} gets no quorum and leads no more`
          : `${name(me)} gives up ${name(server[me].leader)}, which ${whyGone(server, me)}`,
      excludedBecause: election.noSecondElection,
    },
    /** It gives up without a cause that the model shows: a time-out, a broken connection. */
    AbandonLeader: {
      over: [Sid],
      when: (s, me) => s.abandonsLeft > 0 && s.server[me].state > LOOKING && election.mayLook(s, me),
      then: (s, me) => {
        s.abandonsLeft = s.abandonsLeft - 1;
        leave(s, me);
        election.look(s, me);
      },
      says: (_s, me) => `${name(me)} gives up and looks for a leader`,
      excludedBecause: abandons === 0 ? 'no abandon is budgeted' : election.noSecondElection,
    },
    /** The process dies. Its memory is lost; the messages that it sent may still be read. */
    CrashServer: {
      over: [Sid],
      when: ({ server, crashesLeft }, me) => crashesLeft > 0 && server[me].state !== OFF,
      then: (s, me) => {
        s.crashesLeft = s.crashesLeft - 1;
        leave(s, me);
        const self = s.server[me];
        election.stop(s, me);
        self.acceptedEpoch = nextAcceptedEpoch(self, rules, countsCrashes);
        if (countsCrashes) self.hasCrashed = true;
      },
      says: ({ server }, me) => {
        const found = nextAcceptedEpoch(server[me], rules, countsCrashes);
        const isKept = found === server[me].acceptedEpoch;
        return `${name(me)} crashes${isKept ? '' : `: its next start finds acceptedEpoch ${found}`}`;
      },
      excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
    },
  };
}
