/**
 * Whether rules may treat servers differently by their sids. If so, states that differ only by names are
 * different states, and one ranking of the servers cannot stand for all.
 */

import type { Bounds } from '../model/bounds.js';
import { correct, type Rules } from '../rules.js';
import { myidOf } from './zxid.js';

/** Whether votes are ordered as ZooKeeper orders them. */
export const ordersVotesAsZooKeeper = (rules: Rules): boolean =>
  rules.totalOrderPredicate === correct.totalOrderPredicate;

/**
 * Whether the same number of votes is a quorum for one server and not for another. All answers are asked for.
 * An answer that the rule fails to give does not count as different: a search that needs it fails, and says
 * in which step.
 */
export function quorumsDiffer({ servers, observers }: Bounds, rules: Rules): boolean {
  if (rules.hasQuorum === correct.hasQuorum) return false;
  for (let votes = 0; votes <= servers + observers; votes++) {
    const answers = new Set<boolean>();
    for (let i = 0; i < servers; i++) {
      const isQuorum = answered(() => rules.hasQuorum(votes, servers, myidOf(i)));
      if (isQuorum !== null) answers.add(isQuorum);
    }
    if (answers.size > 1) return true;
  }
  return false;
}

/** The answer of a rule; null if it fails. */
export function answered<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
