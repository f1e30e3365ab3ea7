/**
 * `fle-check/claims`: the parts for claims of your own. A file of claims exports, for each model by its name,
 * a list of claims and witnesses on the states of that model. `--claims-file` checks them beside those that
 * ship.
 */

export { Place } from '../models/fle-faithful/state.js';
export { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF } from '../models/model/server-state.js';
export { myidOf } from '../models/votes/zxid.js';
export { Connection, NO_ACK, NO_EPOCH } from '../models/zab-discovery/state.js';
export { has } from '../models/zab-synchronization/histories.js';
export { Stage, SyncMode } from '../models/zab-synchronization/state.js';
export {
  always,
  type Claim,
  everyStep,
  scenario,
  someStep,
  sometimes,
  type Witness,
} from './language/claims.js';

import type { FleState } from '../models/fast-leader-election/model.js';
import type { FaithfulState } from '../models/fle-faithful/state.js';
import type { TutorialReading } from '../models/tutorial/model.js';
import type { VoteOrderState } from '../models/vote-order/model.js';
import type { DiscoveryState } from '../models/zab-discovery/state.js';
import type { SynchronizationState } from '../models/zab-synchronization/state.js';
import type { Claim, Witness } from './language/claims.js';

/**
 * The states of each model. Servers count from 0, and `myidOf` gives their sids. A zxid is stored as its
 * place among the zxids of the bounds, and places compare as zxids do. A set of servers or transactions has a
 * bit for each.
 */
export interface States {
  readonly rules: VoteOrderState;
  readonly tutorial: TutorialReading;
  readonly 'fast-leader-election': FleState;
  readonly 'fle-faithful': FaithfulState;
  readonly 'zab-discovery': DiscoveryState;
  readonly 'zab-synchronization': SynchronizationState;
}

/** The default export of a file of claims. */
export type ClaimsByModel = {
  readonly [M in keyof States]?: readonly (Claim<States[M]> | Witness<States[M]>)[];
};
