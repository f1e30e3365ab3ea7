/** The claims that `--claims` names. */
import type { Case } from '../../properties/index.js';
import { UnknownWord } from '../process/usage.js';

/** A case with these claims alone; of the witnesses, it demands those that they name. */
export function withClaims(subject: Case, asked: readonly string[]): Case {
  const claims = subject.expectations.claims.filter(({ name }) => asked.includes(name));
  return { ...subject, expectations: { ...subject.expectations, claims, claimsAreChosen: true } };
}

/** Throws `UnknownWord` for a name that is no claim of any of these cases. */
export function refuseUnknownClaims(cases: readonly Case[], asked: readonly string[]): void {
  const known = cases.flatMap(({ expectations }) => expectations.claims.map(({ name }) => name));
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const where = cases.length === 1 ? cases[0].family.name : '<model>';
  throw new UnknownWord('claim', unknown, known, `fle-check models ${where} lists all.`);
}
