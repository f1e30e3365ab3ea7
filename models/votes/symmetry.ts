/**
 * Whether rules may tell servers apart by their sids. Where they do, no server stands for another: states
 * that differ by names alone are different states, and one ranking of the servers does not stand for all.
 */

import type { Bounds } from '../model/bounds.js';
import { correct, type Rules } from '../rules.js';
import { myidOf } from './zxid.js';

/** Whether votes are ordered as ZooKeeper orders them. */
export const ordersVotesAsZooKeeper = (rules: Rules): boolean =>
  rules.totalOrderPredicate === correct.totalOrderPredicate;

/**
 * Whether as many votes are a quorum for one server and none for another. Every answer is asked for. Where
 * the rule fails to give one it is no other answer: a search that asks for it fails, and tells in which step.
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
