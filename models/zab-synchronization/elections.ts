/**
 * Elections: which server may win, by `FastLeaderElection.totalOrderPredicate` over the last zxids of
 * databases; which epoch it proposes, `Leader.getEpochToPropose`; which server may start,
 * `QuorumPeer.loadDataBase`.
 * Abstracts: election-is-one-step, epochs-are-bounded, ties-go-either-way.
 */
import type { Bounds } from '../model/bounds.js';
import { LOOKING, OFF } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { ordersVotesAsZooKeeper } from '../votes/symmetry.js';
import { myidOf } from '../votes/zxid.js';
import { sizeOf } from '../zab-discovery/handshake.js';
import { has, lastOf, lastZxid } from './histories.js';
import type { SynchronizationState } from './state.js';

type State = SynchronizationState;

export function electionsOf({ servers, epochs }: Bounds, rules: Rules) {
  /** ZooKeeper's order compares sids last, so a tie stands for both orders of two sids. */
  const tiesAreOpen = ordersVotesAsZooKeeper(rules);
  return { tiesAreOpen, nextEpoch, ranksBelow, mayElect, mayStart, mayLead, hasSupport };

  /** The epoch that a quorum would accept: above all that its members have accepted. */
  function nextEpoch({ server }: State, quorum: number): number {
    let epoch = 0;
    for (let i = 0; i < servers; i++) {
      if (has(quorum, i) && server[i].acceptedEpoch > epoch) epoch = server[i].acceptedEpoch;
    }
    return epoch + 1;
  }

  /** Whether the vote for `b` beats that for `a`, by their currentEpochs, last zxids and sids. */
  function ranksBelow({ server, txn }: State, a: number, b: number): boolean {
    const zxid = lastZxid(txn, server[a].memory);
    const theirs = lastZxid(txn, server[b].memory);
    const { currentEpoch } = server[a];
    if (tiesAreOpen && theirs === zxid && server[b].currentEpoch === currentEpoch) return false;
    return rules.totalOrderPredicate(
      myidOf(b),
      theirs,
      server[b].currentEpoch,
      myidOf(a),
      zxid,
      currentEpoch,
    );
  }

  /** Whether the election among `quorum` may end with `leader`: no member is better. */
  function mayElect(s: State, leader: number, quorum: number): boolean {
    if (s.server[leader].state !== LOOKING || !has(quorum, leader)) return false;
    if (!rules.hasQuorum(sizeOf(quorum), servers, myidOf(leader))) return false;
    for (let i = 0; i < servers; i++) {
      if (i === leader || !has(quorum, i)) continue;
      if (s.server[i].state !== LOOKING || ranksBelow(s, leader, i)) return false;
    }
    return nextEpoch(s, quorum) <= epochs;
  }

  /** `QuorumPeer.loadDataBase`: the last zxid is not of an epoch after currentEpoch. */
  function mayStart({ server, txn }: State, me: number): boolean {
    const { state, disk, currentEpoch, acceptedEpoch } = server[me];
    if (state !== OFF) return true;
    const last = lastOf(txn, disk);
    return acceptedEpoch >= currentEpoch && (last < 0 || txn[last].epoch <= currentEpoch);
  }

  /** Whether some voter that can start may have a quorum of so many. */
  function mayLead(s: State, able: number): boolean {
    for (let i = 0; i < servers; i++) {
      if (mayStart(s, i) && rules.hasQuorum(able, servers, myidOf(i))) return true;
    }
    return false;
  }

  /** Whether a leader has a quorum behind it, itself among them. Abstracts: majorities-only. */
  function hasSupport({ server }: State, me: number): boolean {
    let count = 1;
    for (let j = 0; j < servers; j++) if (server[j].leader === me && !server[j].broken) count++;
    return rules.hasQuorum(count, servers, myidOf(me));
  }
}
