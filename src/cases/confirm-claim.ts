/** Confirms a violation of a user's claim before it is reported: a fresh reading of the file must agree. */
import type { Case } from '../../properties/index.js';
import { isClaim, loadClaims, OwnClaimFailed } from '../claims-file/index.js';
import { ownClaims, refuseChanges } from '../claims-file/opened.js';
import { inSteps, type Schedule } from '../engine/outcome.js';
import { replay } from '../trace/replay.js';
import { traceOf } from './recording.js';

/**
 * To be called before a verdict is told. Throws `OwnClaimFailed` if the violated claim depends on more than
 * its state or step, or if claims have changed built-ins.
 */
export async function confirmClaim(
  subject: Case,
  violation: { readonly claim: string; readonly schedule: Schedule } | null,
): Promise<void> {
  refuseChanges();
  const own = ownClaims();
  if (own === null || violation === null) return;
  const { claim, schedule } = violation;
  const parts = own.byModel[subject.family.name] ?? [];
  if (!parts.some(({ name }) => name === claim)) return;
  const { byModel } = await loadClaims(own.path, own.digest);
  const claims = (byModel[subject.family.name] ?? []).filter(isClaim);
  const trace = traceOf(subject, claim, schedule);
  if (replay(subject.model, { claims, witnesses: [] }, trace)?.kind !== 'claim not shown') return;
  const when =
    schedule.steps.length === 0 ? 'in an initial state' : `after ${inSteps(schedule.steps.length)}`;
  throw new OwnClaimFailed(
    `the claim ${claim} in ${own.path} failed ${when}, and holds there when the file is read afresh: ` +
      'it depends on more than its arguments',
  );
}
