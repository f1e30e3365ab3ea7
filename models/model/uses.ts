/** How a model uses rules: under which election, and within which bounds it calls them. */
import type { RuleName } from '../rules.js';
import type { BoundName, Bounds } from './bounds.js';

/** How a model uses a rule. */
export interface Use {
  /** The election with which alone it does. */
  readonly election?: Bounds['election'];
  /** The least of a bound with which it calls it. */
  readonly needs?: { readonly [B in BoundName]?: number };
}

export type Uses = { readonly [R in RuleName]?: Use };

export const always: Use = {};
export const afterCrash: Use = { needs: { crashes: 1 } };
export const inLaterRounds: Use = { needs: { rounds: 2 } };

/** The rules that a model uses under an election. */
export const rulesUsed = (
  { uses }: { readonly uses: Uses },
  election: Bounds['election'],
): readonly RuleName[] =>
  (Object.keys(uses) as RuleName[]).filter((rule) => (uses[rule]?.election ?? election) === election);
