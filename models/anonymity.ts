/**
 * Whether rules may tell servers apart by their sids. Where they do, no server stands for another: states
 * that differ by names alone are different states, and one ranking of the servers does not stand for all.
 */
import { correct, type Rules } from './rules.js';
import type { Bounds } from './rung.js';
import { myidOf } from './zxid.js';

/** Whether votes are ordered as ZooKeeper orders them. */
export const ordersVotesAsZooKeeper = (rules: Rules): boolean =>
  rules.totalOrderPredicate === correct.totalOrderPredicate;

/**
 * Whether as many votes are a quorum for one server and none for another. Every answer is asked for; where
 * the rule fails to give one they may differ, and the search will tell in which step it was called.
 */
export function quorumsDiffer({ servers, observers }: Bounds, rules: Rules): boolean {
  if (rules.hasQuorum === correct.hasQuorum) return false;
  const counts = Array.from({ length: servers + observers + 1 }, (_, votes) => votes);
  const others = Array.from({ length: servers - 1 }, (_, i) => myidOf(i + 1));
  try {
    return counts.some((votes) => {
      const first = rules.hasQuorum(votes, servers, myidOf(0));
      return others.some((sid) => rules.hasQuorum(votes, servers, sid) !== first);
    });
  } catch {
    return true;
  }
}
