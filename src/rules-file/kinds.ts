/** The kind of each rule: a constant, or a function that returns one. */
// Each process of a file loads this, and starts sooner without the models.
import { correct, type RuleName } from '../../models/rules.js';

/** What a rule may be: words, or the name of a kind of value. */
export type Kind = 'a boolean' | 'a whole number' | 'a list of writes' | readonly string[];

/** Every rule by name. */
export const RULES = Object.keys(correct) as readonly RuleName[];

const WRITES: readonly string[] = ['history', 'currentEpoch', 'ack'];

/** The rules that are, or return, something other than a boolean. */
const KINDS: { readonly [R in RuleName]?: Kind } = {
  proposalOnJump: ['heard', 'own', 'proposal'],
  clockAfterCrash: 'a whole number',
  epochToPropose: 'a whole number',
  leaderAcceptsEpoch: ['whenProposed', 'withCurrentEpoch', 'never'],
  currentEpochWritten: ['whenEstablished', 'whenProposed', 'whenAccepted'],
  acceptedEpochAfterCrash: 'a whole number',
  newLeaderWrites: 'a list of writes',
  loggedForNewLeader: ['committed', 'all', 'none'],
  databaseAfterLeaving: ['kept', 'fastForwarded', 'reloaded'],
};

export const kindOf = (rule: RuleName): Kind => KINDS[rule] ?? 'a boolean';

export const isFunction = (rule: RuleName): boolean => typeof correct[rule] === 'function';

export const isOf = (kind: Kind, value: unknown): boolean => {
  if (kind === 'a boolean') return typeof value === 'boolean';
  if (kind === 'a whole number') return Number.isSafeInteger(value);
  if (kind === 'a list of writes')
    return Array.isArray(value) && value.every((each) => WRITES.includes(each));
  return kind.includes(value as string);
};

export const inWords = (kind: Kind): string =>
  kind === 'a list of writes'
    ? `a list of ${WRITES.join(', ')}`
    : typeof kind === 'string'
      ? kind
      : kind.join(' or ');

/** A whole set, `{ ...correct, hasQuorum }`, overrides only the rules that are not ZooKeeper's own. */
export function withoutZooKeepers(
  rules: ReadonlyMap<string, unknown>,
  zooKeepers: { readonly [rule: string]: unknown },
): ReadonlyMap<string, unknown> {
  if (RULES.some((name) => !rules.has(name))) return rules;
  return new Map([...rules].filter(([name, rule]) => rule !== zooKeepers[name]));
}
