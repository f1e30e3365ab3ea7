/**
 * The model `zab-discovery` with ZooKeeper's election. A server is one of `fast-leader-election` until its
 * votes decide whether it leads or follows; from then on it is one of `zab-discovery`. The election hands
 * over a decision. It gets back currentEpoch, which is the peerEpoch of the next votes.
 */
import {
  type ActionGroup,
  defineModel,
  domain,
  type Model,
  perServer,
  type RangeType,
  type Reading,
  range,
  sid,
  struct,
  type View,
} from '../../src/language/index.js';
import { electionFields, electionOf } from '../fast-leader-election/election.js';
import type { Bounds } from '../model/bounds.js';
import { FOLLOWING, LEADING } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { myidOf } from '../votes/zxid.js';
import { discoveryOf } from './handshake.js';
import { Connection, discoveryFields } from './state.js';

const { SYNCED } = Connection.values;

/** A vote: a leader and its peerEpoch in one number. All zxids are equal. Abstracts: no-data. */
function votesOf({ servers, epochs }: Bounds) {
  const leaderOf = (vote: number): number => vote % servers;
  const peerEpochOf = (vote: number): number => Math.floor(vote / servers);
  const print = (vote: number): string => `s${leaderOf(vote) + 1} e${peerEpochOf(vote)}`;
  const type: RangeType = range(0, servers * (epochs + 1) - 1, print);
  const vote = (leader: number, peerEpoch: number): number => peerEpoch * servers + leader;
  return { type, vote, leaderOf, peerEpochOf, print };
}

export function schema(bounds: Bounds, rules: Rules) {
  const { server: voter, channel } = electionFields(bounds, rules, votesOf(bounds).type);
  const { server, ...rest } = discoveryFields(bounds, rules);
  return struct({ server: perServer(bounds.servers, struct({ ...voter, ...server })), channel, ...rest });
}

export type ComposedSchema = ReturnType<typeof schema>;
export type ComposedState = Reading<ComposedSchema>;
type State = View<ComposedSchema>;

export function build(bounds: Bounds, rules: Rules): Model<ComposedSchema> {
  const { servers, rounds, epochs, crashes, abandons } = bounds;
  const { vote, leaderOf, peerEpochOf, print } = votesOf(bounds);
  const Sid = domain('sid', sid(servers));
  const name = Sid.print;

  const election = electionOf(bounds, rules, {
    print,
    leaderOf,
    own: (s: State, me) => vote(me, s.server[me].currentEpoch),
    beats: (_s, a, b) =>
      rules.totalOrderPredicate(
        myidOf(leaderOf(a)),
        0,
        peerEpochOf(a),
        myidOf(leaderOf(b)),
        0,
        peerEpochOf(b),
      ),
    proposed: () => {},
    mayLead: (s: ComposedState, me) => s.server[me].acceptedEpoch < epochs,
    decided: (s: State, me, leader) => {
      if (leader === me) discovery.lead(s, me);
      else discovery.follow(s, me, leader);
    },
  });

  const discovery = discoveryOf(bounds, rules, {
    noSecondElection: rounds === 1 ? 'there is but one round' : null,
    mayLook: (s: ComposedState, me) => s.server[me].logicalclock < rounds,
    look: (s: State, me) => election.lookForLeader(s, me),
    stop: (s: State, me) => election.stop(s, me),
  });

  /** `QuorumPeer.updateElectionVote`: the current vote is of the epoch that has been established. */
  function updateElectionVote(s: State, me: number, leader: number): void {
    if (!rules.updatesElectionVote) return;
    s.server[me].proposal = vote(leader, s.server[leader].epoch);
  }

  /** Whether a leader serves: its vote has the established epoch. */
  const serves = ({ server }: ComposedState, me: number): boolean =>
    server[me].state === LEADING && peerEpochOf(server[me].proposal) === server[me].epoch;

  const votes: ActionGroup<ComposedSchema> = {
    /** `Leader.startZkServer`, once a quorum has acknowledged NEWLEADER. */
    StartServing: {
      over: [Sid],
      when: (s, me) => {
        const { currentEpoch, epoch } = s.server[me];
        if (!discovery.isEstablished(s, me) || currentEpoch !== epoch || serves(s, me)) return false;
        let synced = 1;
        for (let i = 0; i < servers; i++) {
          const { leader, connection } = s.server[i];
          if (leader === me && connection === SYNCED) synced++;
        }
        return rules.hasQuorum(synced, servers, myidOf(me));
      },
      then: (s, me) => updateElectionVote(s, me, me),
      says: ({ server }, me) =>
        rules.updatesElectionVote
          ? `${name(me)} serves, and votes for itself with epoch ${server[me].epoch}`
          : `${name(me)} serves, with the vote that it has`,
    },
    /** `Learner.syncWithLeader`, UPTODATE. */
    HandleUpToDate: {
      over: [Sid],
      when: (s, me) => {
        const { state, leader, connection, proposal } = s.server[me];
        if (state !== FOLLOWING || connection !== SYNCED || !serves(s, leader)) return false;
        return peerEpochOf(proposal) !== s.server[leader].epoch;
      },
      then: (s, me) => updateElectionVote(s, me, s.server[me].leader),
      says: ({ server }, me) => `${name(me)} reads UPTODATE of ${name(server[me].leader)}`,
      excludedBecause: rules.updatesElectionVote ? null : 'no vote tells that its leader serves',
    },
  };

  return defineModel<ComposedSchema>({
    name: 'zab-discovery',
    schema: schema(bounds, rules),
    initial: {
      then: (s) => {
        s.crashesLeft = crashes;
        s.abandonsLeft = abandons;
        if (bounds.start === 'staggered') return;
        for (let me = 0; me < servers; me++) election.lookForLeader(s, me);
      },
    },
    // A server's state is never OBSERVING here, which is all that the compiler minds.
    actions: [election.actions, discovery.actions as unknown as ActionGroup<ComposedSchema>, votes],
    /** As in `zab-discovery`; or a server is in its last round, and cannot begin another. */
    terminal: (s) => {
      for (let i = 0; i < servers; i++) if (s.server[i].logicalclock === rounds) return true;
      return discovery.terminal(s);
    },
  });
}
