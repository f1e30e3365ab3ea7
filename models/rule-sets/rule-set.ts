/** A rule set: rules that override those of ZooKeeper, by name, and what each model should make of them. */
import type { Bounds } from '../model/bounds.js';
import { correct, type Rules } from '../rules.js';

/** How a rule set is caught in one model. */
export interface Kill {
  /** The claim that must fail. */
  readonly claim: string;
  /** The other claims that fail; no more than these do. */
  readonly also?: readonly string[];
  /** The smallest bounds at which it fails, where they differ from those of `tiny`. */
  readonly bounds?: Partial<Bounds>;
}

/** Why every claim of a model holds of a rule set, at the bounds of the preset `tiny` but for those named. */
export interface Survival {
  readonly because: string;
  /** A witness that is no longer reached: a check is inconclusive for that, though no claim fails. */
  readonly unreached?: string;
  /** True where the rules that it changes never answer otherwise than ZooKeeper's do. */
  readonly answersAlike?: true;
  readonly bounds?: Partial<Bounds>;
}

/**
 * A named set of rules: overrides of the correct ones, with where it comes from and which claim must catch
 * it.
 */
export interface RuleSet {
  readonly name: string;
  /** Other issues of the same cause, by which it is found too: ZOOKEEPER-NNNN. */
  readonly alsoCalled?: readonly string[];
  /** The change in one sentence. */
  readonly says: string;
  /** Where it comes from: ZOOKEEPER-NNNN, or that it is made up. */
  readonly source: string;
  readonly overrides: Partial<Rules>;
  /** For each model that shows it, what must fail; empty for the correct rules. */
  readonly breaks: { readonly [model: string]: Kill };
  /** For each model that shows it and notices nothing: why not. */
  readonly survives?: { readonly [model: string]: Survival };
}

/** The rules of a rule set, complete. */
export const rulesOf = (ruleSet: RuleSet): Rules => ({ ...correct, ...ruleSet.overrides });
