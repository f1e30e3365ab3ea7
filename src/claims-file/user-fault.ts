/** A fault of the user's rules or claims, and not of the model or of fle-check. */

import { ClaimWrites, RangeExceeded } from '../language/index.js';
import { numbersAskedOf, RuleFailed, ruleFaultOf } from '../rules-file/index.js';
import { OwnClaimFailed, ownClaimFaultOf } from './index.js';
import { ownClaims, refuseChanges } from './opened.js';

/** The fault of a user's rule or claim behind an error; null if it has another cause. */
export const userFaultOf = (error: unknown): RuleFailed | OwnClaimFailed | null =>
  changeOf() ?? ruleFaultOf(error) ?? ownClaimFaultOf(error) ?? writtenBy(error) ?? overshotBy(error);

/** A built-in that claims have changed, which may cause any error; null if there is none. */
function changeOf(): OwnClaimFailed | null {
  try {
    refuseChanges();
    return null;
  } catch (error) {
    return ownClaimFaultOf(error);
  }
}

/** A claim that writes to the state: the search notices it when it reads the state again. */
function writtenBy(error: unknown): OwnClaimFailed | null {
  const own = ownClaims();
  if (!(error instanceof ClaimWrites) || own === null) return null;
  const isNamed = Object.values(own.byModel).some((parts) => parts.some(({ name }) => name === error.part));
  if (!isNamed) return null;
  return new OwnClaimFailed(`${error.part} in ${own.path} writes to the state, which it may only read`);
}

/** A rule may return a number that is larger than the bounds of the model allow. */
function overshotBy(error: unknown): RuleFailed | null {
  const exceeded = error instanceof Error ? error.cause : null;
  const asked = numbersAskedOf();
  if (!(exceeded instanceof RangeExceeded) || asked === null) return null;
  const { path, value, allowed } = exceeded;
  return new RuleFailed(
    `under the rules of ${asked.path} ${path} becomes ${value}, and the model holds ${allowed} there: ` +
      `see what ${asked.rules.join(' or ')} returns, or give larger bounds`,
  );
}
