/** A rule set: rules that override ZooKeeper's, by name, and the outcome that it declares for each model. */
import type { Bounds } from '../model/bounds.js';
import { correct, type Rules } from '../rules.js';

/** How a rule set is caught in one model. */
export interface Kill {
  /** The claim that must fail. */
  readonly claim: string;
  /** The other claims that fail. No further claim may fail. */
  readonly also?: readonly string[];
  /** The smallest bounds at which it fails, as far as they differ from those of `tiny`. */
  readonly bounds?: Partial<Bounds>;
}

/** Why every claim of a model holds under a rule set, at the bounds of `tiny` except for those named. */
export interface Survival {
  readonly because: string;
  /** A witness that is no longer reached, so that a check is inconclusive although no claim fails. */
  readonly unreached?: string;
  /** True if the changed rules always answer as ZooKeeper's do at these bounds. */
  readonly answersAlike?: true;
  readonly bounds?: Partial<Bounds>;
}

/**
 * A named set of rules: overrides of the correct ones, with their source and the claim that must catch them.
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
