/** The state of `zab-discovery`, without the election. */
import {
  type ArrayType,
  flag,
  list,
  oneOf,
  perOther,
  perServer,
  type Reading,
  range,
  type StructType,
  sidOrNone,
  sidSet,
  struct,
  type View,
} from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { fieldsIf } from '../model/optional-fields.js';
import type { ServerState } from '../model/server-state.js';
import { correct, type Rules } from '../rules.js';
import { answered } from '../votes/symmetry.js';

/**
 * The state of a learner's connection: none yet; FOLLOWERINFO sent; ACKEPOCH sent; NEWLEADER acknowledged;
 * closed by the leader, which the learner has not noticed yet.
 */
export const Connection = oneOf('NONE', 'REGISTERING', 'ACKED', 'SYNCED', 'BROKEN');

/** Java's -1 for no epoch: nothing proposed, no message, or an ACKEPOCH that does not count. */
export const NO_EPOCH = -1;
/** No ACKEPOCH on its way. */
export const NO_ACK = -2;

/** The fields of a server besides its state, and the shared state. */
export function discoveryFields(bounds: Bounds, rules: Rules) {
  const { servers, observers, epochs, crashes, abandons } = bounds;
  const all = servers + observers;
  const crashed = fieldsIf(firstStartsDiffer(bounds, rules), { hasCrashed: flag });
  return {
    server: {
      /** Durable, as currentEpoch is. */
      acceptedEpoch: range(0, epochs),
      currentEpoch: range(0, epochs),
      /** Its leader, and its connection to it. */
      leader: sidOrNone(all),
      connection: Connection,
      /** Of a LEADING server: the epoch it will propose, or proposes once a quorum is connected. */
      epoch: range(NO_EPOCH, epochs),
      connectingFollowers: sidSet(all),
      electingFollowers: sidSet(all),
      /** It has crashed before. Only rules that treat the first start differently have this field. */
      ...crashed,
    },
    /**
     * toLeader[i][j]: what i has sent to j and j has not read: the acceptedEpoch of a FOLLOWERINFO, the
     * currentEpoch of an ACKEPOCH. Abstracts: one-info-one-ack, majorities-only.
     */
    toLeader: perServer(
      all,
      perOther(all, struct({ info: range(NO_EPOCH, epochs), ack: range(NO_ACK, epochs) })),
    ),
    crashesLeft: range(0, crashes),
    abandonsLeft: range(0, abandons),
    /**
     * Ghost state, for claims alone: the servers established in each epoch, and those whose ACKEPOCH counted
     * for it.
     */
    history: list(epochs, struct({ established: sidSet(all), twice: flag, acked: sidSet(all) })),
  };
}

/** Whether rules have a server start otherwise after its first crash than after a later one. */
export function firstStartsDiffer({ epochs, crashes }: Bounds, rules: Rules): boolean {
  const { acceptedEpochAfterCrash } = rules;
  if (crashes < 2 || acceptedEpochAfterCrash === correct.acceptedEpochAfterCrash) return false;
  for (let accepted = 0; accepted <= epochs; accepted++) {
    for (let current = 0; current <= epochs; current++) {
      const first = answered(() => acceptedEpochAfterCrash(accepted, current, true));
      const later = answered(() => acceptedEpochAfterCrash(accepted, current, false));
      if (first !== null && later !== null && first !== later) return true;
    }
  }
  return false;
}

type DiscoveryFields = ReturnType<typeof discoveryFields>;
export type DiscoverySchema = StructType<
  { server: ArrayType<StructType<{ state: typeof ServerState } & DiscoveryFields['server']>> } & Omit<
    DiscoveryFields,
    'server'
  >
>;
export type DiscoveryState = Reading<DiscoverySchema>;
export type DiscoveryView = View<DiscoverySchema>;
