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
  throw new UnknownWord('claim', unknown, known, listOf(cases, known));
}

/** Where claims or witnesses are listed: a message holds only those of a model in a file. */
export function listOf(cases: readonly Case[], known: readonly string[]): string {
  const [{ family }] = cases;
  if (family.file !== undefined) return `${family.file.name} has ${known.join(', ') || 'none'}`;
  return `fle-check models ${cases.length === 1 ? family.name : '<model>'} lists all.`;
}
