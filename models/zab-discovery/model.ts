/**
 * `zab-discovery`: why one epoch has one leader, whichever servers the election names. This file has an
 * adversary in place of an election:
 * - `BecomeLeader`: a LOOKING server leads, where `FastLeaderElection` would need a quorum;
 * - `FollowLeader`: a LOOKING server follows any other, whether that one leads or not;
 * - `StartServer`: the process starts again with its files: `QuorumPeer.loadDataBase`.
 * handshake.ts has all steps after the election. elected-by-votes.ts shares it: there the votes of
 * `fast-leader-election` decide.
 */
import {
  type ActionGroup,
  defineModel,
  domain,
  type Model,
  perServer,
  sid,
  struct,
} from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF, ServerState } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { quorumsDiffer } from '../votes/symmetry.js';
import { myidOf } from '../votes/zxid.js';
import { discoveryOf, mayLead } from './handshake.js';
import { type DiscoverySchema, discoveryFields, NO_EPOCH } from './state.js';

export function schema(bounds: Bounds, rules: Rules): DiscoverySchema {
  const { server, ...rest } = discoveryFields(bounds, rules);
  const Server = struct({ state: ServerState, ...server });
  return struct({ server: perServer(bounds.servers + bounds.observers, Server), ...rest });
}

export function build(bounds: Bounds, rules: Rules): Model<DiscoverySchema> {
  const { servers, observers, epochs, crashes, abandons } = bounds;
  const all = servers + observers;
  const Leader = domain('sid', sid(mayLead(bounds, rules)));
  const Sid = domain('sid', sid(all));
  const name = Sid.print;

  const { lead, follow, actions, terminal } = discoveryOf(bounds, rules, {
    noSecondElection: null,
    mayLook: () => true,
    look: ({ server }, me) => {
      server[me].state = LOOKING;
    },
    stop: ({ server }, me) => {
      server[me].state = OFF;
    },
  });

  const elections: ActionGroup<DiscoverySchema> = {
    /** The election names the server itself. Abstracts: anyone-may-win, epochs-are-bounded. */
    BecomeLeader: {
      over: [Leader],
      when: ({ server }, me) =>
        server[me].state === LOOKING &&
        server[me].acceptedEpoch < epochs &&
        rules.validVoter(me < servers, myidOf(me)),
      then: (s, me) => {
        s.server[me].state = LEADING;
        lead(s, me);
      },
      says: ({ server }, me) => {
        const epoch = rules.epochToPropose(NO_EPOCH, server[me].acceptedEpoch);
        return rules.hasQuorum(1, servers, myidOf(me))
          ? `${name(me)} leads, and proposes epoch ${epoch}`
          : `${name(me)} leads, and waits for a quorum to connect`;
      },
    },
    /** The election names another server, whether it leads or not. */
    FollowLeader: {
      over: [Sid, Leader],
      when: ({ server }, me, leader) =>
        me !== leader && server[me].state === LOOKING && rules.validVoter(leader < servers, myidOf(me)),
      then: (s, me, leader) => {
        s.server[me].state = me < servers ? FOLLOWING : OBSERVING;
        follow(s, me, leader);
      },
      says: (_s, me, leader) => `${name(me)} follows ${name(leader)}`,
    },
  };

  const starts: ActionGroup<DiscoverySchema> = {
    /** The process starts again with its files. */
    StartServer: {
      over: [Sid],
      when: ({ server }, me) => server[me].state === OFF,
      then: ({ server }, me) => {
        server[me].state = LOOKING;
      },
      says: ({ server }, me) =>
        `${name(me)} starts again: acceptedEpoch ${server[me].acceptedEpoch}, currentEpoch ${server[me].currentEpoch}`,
      excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
    },
  };

  return defineModel({
    name: 'zab-discovery',
    schema: schema(bounds, rules),
    permutations: observers === 0 && !quorumsDiffer(bounds, rules) ? servers : null,
    initial: {
      then: (s) => {
        for (let i = 0; i < all; i++) s.server[i].state = LOOKING;
        s.crashesLeft = crashes;
        s.abandonsLeft = abandons;
      },
    },
    actions: [elections, actions, starts],
    terminal,
  });
}
