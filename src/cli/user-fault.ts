/** A fault of what a user has written, which is neither one of the model nor one of fle-check. */
import { type OwnClaimFailed, ownClaimFaultOf } from '../claims-file/index.js';
import { type RuleFailed, ruleFaultOf } from '../rules-file/index.js';

/** The fault of a user's rule or claim behind an error; null if it has another cause. */
export const userFaultOf = (error: unknown): RuleFailed | OwnClaimFailed | null =>
  ruleFaultOf(error) ?? ownClaimFaultOf(error);
