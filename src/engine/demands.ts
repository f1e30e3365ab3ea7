/** What every complete search must have met besides its claims: else one of them may hold of nothing. */
import { type Expectations, exclusion, neverAsked, type Witness } from '../language/claims.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import type { Unmet } from './outcome.js';
import { NOTHING, type Store } from './store.js';

/** A demand that is not met, with the sentence that says so. */
export interface Told extends Unmet {
  readonly says: string;
}

/**
 * The demands that a complete search without a violation has not met: every claim of a user asked, every
 * witness found, every action taken, and nothing of what is declared as excluded.
 */
export function unmetDemands<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  store: Store,
): readonly Told[] {
  const foreign = expectations.rulesAreForeign === true;
  const taken = model.actions.filter((_, k) => store.counts[k] > 0).map(({ name }) => name);
  const unasked = neverAsked(model, expectations, taken);
  const where = ` within these bounds${foreign ? UNDER_THESE : ''}`;
  const firstClaim = expectations.claims.length + 1;
  return [
    ...(unasked === null
      ? []
      : [{ kind: 'unasked claim', name: unasked.claim, says: `${unasked.says}${where}` } as const]),
    ...expectations.witnesses.flatMap((witness, i) =>
      demandOfWitness(witness, store.found[firstClaim + i] !== NOTHING, expectations),
    ),
    ...model.actions.flatMap(({ name, excludedBecause }): Told[] => {
      const isTaken = taken.includes(name);
      if (!isTaken && !excludedBecause) {
        const says = `action ${name} is never taken within these bounds${foreign ? UNDER_THESE : UNDECLARED}`;
        return [{ kind: 'untaken action', name, says }];
      }
      if (!isTaken || !excludedBecause || foreign) return [];
      const says = `action ${name} is taken, although it is declared as excluded: ${excludedBecause}`;
      return [{ kind: 'excluded action', name, says }];
    }),
  ];
}

function demandOfWitness<S>(
  witness: Witness<S>,
  isFound: boolean,
  { claims, rulesAreForeign = false, claimsAreChosen = false, ownClaims = [] }: Expectations<S>,
): Told[] {
  const { name } = witness;
  const because = exclusion(witness);
  const all = claims.filter((claim) => claim.witness === name).map((claim) => claim.name);
  const idle = because === null ? all : all.filter((claim) => ownClaims.includes(claim));
  if (!isFound && (idle.length > 0 || (because === null && !claimsAreChosen))) {
    const undeclared = rulesAreForeign ? UNDER_THESE : UNDECLARED;
    const so = idle.length > 0 ? `, so ${idle.join(', ')} may pass vacuously` : undeclared;
    const says = `witness ${name} cannot be reached within these bounds${so}`;
    return [{ kind: 'missed witness', name, says }];
  }
  if (!isFound || because === null || rulesAreForeign) return [];
  const says = `witness ${name} is reached, although it is declared as excluded: ${because}`;
  return [{ kind: 'excluded witness', name, says }];
}

const UNDER_THESE = ' under these rules';
const UNDECLARED = ': mend the model, or declare why these bounds exclude it (excludedBecause)';
