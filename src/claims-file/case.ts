/**
 * A case with claims of a user beside those that ship. The search then leaves out no states, because a user's
 * claim may distinguish servers or look at their data.
 */
import type { Bounds, CallLog, ModelFamily, RuleSet } from '../../models/index.js';
import { type Case, callLogFor, caseOf } from '../../properties/index.js';
import { checkExpectations, SpecError } from '../language/index.js';
import { isClaim, type Part } from './checked.js';
import { ClaimsRefused, type OwnClaims } from './index.js';

/** The case, with the claims and witnesses that the file has for its model. Throws `ClaimsRefused`. */
export function caseWith(
  own: OwnClaims | null,
  family: ModelFamily,
  asked: Bounds,
  ruleSet: RuleSet,
  calls: CallLog | null = callLogFor(ruleSet),
): Case {
  const shipped = caseOf(family, asked, ruleSet, calls);
  const parts = own?.byModel[family.name] ?? [];
  if (own === null || parts.length === 0) return shipped;
  if (shipped.bounds.reduce !== 'none') {
    throw new ClaimsRefused(
      `the claims of ${own.path} need --reduce none: reductions are sound only for the claims that ship`,
    );
  }
  const isRanked = family.takes.zxids !== undefined && shipped.bounds.zxids === 'ranks';
  if (!isRanked) return withParts(own, parts, shipped);
  const zxids = Array.from({ length: asked.servers }, () => 0);
  const made = withParts(own, parts, caseOf(family, { ...asked, zxids }, ruleSet, calls));
  return { ...made, note: [made.note, EQUAL_DATA].filter((note) => note !== null).join('; ') };
}

const EQUAL_DATA =
  'claims of your own may look at sids and data, so one ranking of the servers cannot stand for every ' +
  'assignment: servers start with equal data here, and --zxids gives them other data';

function withParts({ path }: OwnClaims, parts: readonly Part[], subject: Case): Case {
  const { claims, witnesses } = subject.expectations;
  const expectations = {
    ...subject.expectations,
    claims: [...claims, ...parts.filter(isClaim)],
    witnesses: [...witnesses, ...parts.filter((part) => !isClaim(part))],
    ownClaims: parts.filter(isClaim).map(({ name }) => name),
  } as Case['expectations'];
  // The shipped claims do not distinguish servers that differ only by their names.
  const model = { ...subject.model, permutations: null };
  try {
    checkExpectations(model, expectations);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new ClaimsRefused(`${path}: ${error.message.split('\n')[0]}`);
  }
  return { ...subject, model, expectations };
}
