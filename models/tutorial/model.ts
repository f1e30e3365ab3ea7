/**
 * `tutorial`: the election as textbooks tell it. Between two steps all votes are exchanged, so there are no
 * messages: a state has the servers that are up, and the vote of each. Abstracts: votes-settle-at-once.
 * - `StartServer`, `CrashServer`: a server starts, or dies and keeps its data;
 * - `settle`: after each of these steps the election runs to its end;
 * - `exchange`: the loop of `FastLeaderElection.lookForLeader`: a later round is joined, a better vote
 *   adopted;
 * - `decide`: servers whose vote a quorum shares leave the election.
 */
import {
  defineModel,
  domain,
  type Model,
  perServer,
  type Reading,
  range,
  sid,
  struct,
  type View,
} from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { VoterState } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { credentialsDomain, refuseUnsoundRanks, setCredentials } from '../votes/credentials.js';
import { currentEpochs, myidOf, zxidType, zxidValues } from '../votes/zxid.js';

const { OFF, LOOKING, FOLLOWING, LEADING } = VoterState.values;

export function schema(bounds: Bounds) {
  const { servers, rounds, crashes } = bounds;
  const Server = struct({
    state: VoterState,
    logicalclock: range(0, rounds),
    /** The server that it votes for or follows. */
    vote: sid(servers),
    /** The last zxid processed, as its place in `zxidValues`: durable, survives a crash. */
    zxid: zxidType(zxidValues(bounds)),
  });
  return struct({ server: perServer(servers, Server), crashesLeft: range(0, crashes) });
}

export type TutorialSchema = ReturnType<typeof schema>;
export type TutorialReading = Reading<TutorialSchema>;
type State = View<TutorialSchema>;
type Servers = State['server'];

export function build(bounds: Bounds, rules: Rules): Model<TutorialSchema> {
  refuseUnsoundRanks(bounds, rules);
  const { servers, rounds, crashes } = bounds;
  const Sid = domain('sid', sid(servers));
  const name = Sid.print;

  const zxids = zxidValues(bounds);
  /** Of all servers. Abstracts: no-epochs. */
  const [epoch] = currentEpochs(bounds);

  return defineModel({
    name: 'tutorial',
    schema: schema(bounds),
    initial: {
      over: [credentialsDomain(bounds, false)],
      then: (s, code) => {
        setCredentials(bounds, s.server, code);
        s.crashesLeft = crashes;
      },
    },
    actions: {
      /** A server starts, or comes back after a crash, in its first election. */
      StartServer: {
        over: [Sid],
        when: ({ server }, me) => server[me].state === OFF,
        then: ({ server }, me) => {
          server[me].state = LOOKING;
          server[me].logicalclock = 1;
          server[me].vote = me;
          settle(server);
        },
        says: (_s, me) => `${name(me)} starts; votes settle`,
      },
      /** A server dies; its data stays. Those it leaves without a leader or a quorum elect anew. */
      CrashServer: {
        over: [Sid],
        when: ({ server, crashesLeft }, me) => {
          if (crashesLeft === 0 || server[me].state === OFF) return false;
          for (let i = 0; i < servers; i++) if (server[i].logicalclock === rounds) return false;
          return true;
        },
        then: (s, me) => {
          s.crashesLeft = s.crashesLeft - 1;
          s.server[me].state = OFF;
          s.server[me].logicalclock = 0;
          s.server[me].vote = 0;
          settle(s.server);
        },
        says: (_s, me) => `${name(me)} crashes; votes settle`,
        excludedBecause:
          crashes === 0 || rounds === 1 ? 'it needs a crash and a round for the election after it' : null,
      },
    },
    terminal: ({ server }) => {
      for (let i = 0; i < servers; i++) if (server[i].state < FOLLOWING) return false;
      return true;
    },
    stuckBecause: ({ server }) => {
      const looking = Array.from({ length: servers }, (_, i) => i).filter((i) => server[i].state === LOOKING);
      const votes = looking.map((i) => `${name(i)} votes for ${name(server[i].vote)}`);
      return `${votes.join(', ')}, and nobody has the votes of a quorum`;
    },
  });

  /** Whether the vote for `leader` beats that for `current`. */
  function beats(server: Servers, leader: number, current: number): boolean {
    return rules.totalOrderPredicate(
      myidOf(leader),
      zxids[server[leader].zxid],
      epoch,
      myidOf(current),
      zxids[server[current].zxid],
      epoch,
    );
  }

  /** The server that leads and still has a quorum behind it; -1 if there is none. */
  function establishedLeader(server: Servers): number {
    for (let leader = 0; leader < servers; leader++) {
      if (server[leader].state !== LEADING) continue;
      let followers = 0;
      for (let i = 0; i < servers; i++) {
        if (server[i].state >= FOLLOWING && server[i].vote === leader) followers++;
      }
      if (rules.hasQuorum(followers, servers, myidOf(leader))) return leader;
    }
    return -1;
  }

  /** FOLLOWING and LEADING servers without a leader that has a quorum begin the next election. */
  function dissolve(server: Servers): void {
    for (let i = 0; i < servers; i++) {
      const self = server[i];
      if (self.state < FOLLOWING) continue;
      self.state = LOOKING;
      self.logicalclock = self.logicalclock + 1;
      self.vote = i;
    }
  }

  /** `i` hears the vote of `j`: a later election is joined, an earlier one ignored, a better vote adopted. */
  function hear(server: Servers, i: number, j: number): boolean {
    const self = server[i];
    const other = server[j];
    if (other.logicalclock > self.logicalclock) {
      self.logicalclock = other.logicalclock;
      self.vote = beats(server, other.vote, i) ? other.vote : i;
      return true;
    }
    if (other.logicalclock < self.logicalclock || !beats(server, other.vote, self.vote)) return false;
    self.vote = other.vote;
    return true;
  }

  /**
   * All LOOKING servers exchange votes until none changes; at most `servers` rounds of it change anything.
   */
  function exchange(server: Servers): void {
    let changed = true;
    for (let pass = 0; pass <= servers && changed; pass++) {
      changed = false;
      for (let i = 0; i < servers; i++) {
        for (let j = 0; j < servers; j++) {
          if (i === j || server[i].state !== LOOKING || server[j].state !== LOOKING) continue;
          if (hear(server, i, j)) changed = true;
        }
      }
    }
  }

  /** Servers whose vote a quorum shares leave the election. */
  function decide(server: Servers): void {
    for (let leader = 0; leader < servers; leader++) {
      let votes = 0;
      for (let i = 0; i < servers; i++) {
        if (server[i].state === LOOKING && server[i].vote === leader) votes++;
      }
      if (server[leader].state !== LOOKING || !rules.hasQuorum(votes, servers, myidOf(leader))) continue;
      for (let i = 0; i < servers; i++) {
        if (server[i].state !== LOOKING || server[i].vote !== leader) continue;
        server[i].state = i === leader ? LEADING : FOLLOWING;
      }
    }
  }

  function settle(server: Servers): void {
    const leader = establishedLeader(server);
    if (leader < 0) {
      dissolve(server);
      exchange(server);
      return decide(server);
    }
    for (let i = 0; i < servers; i++) {
      if (server[i].state !== LOOKING) continue;
      server[i].state = FOLLOWING;
      server[i].logicalclock = server[leader].logicalclock;
      server[i].vote = leader;
    }
  }
}
