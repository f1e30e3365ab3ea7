/**
 * The reductions that `--reduce all` takes, printed before the search, which may take long if there are few.
 */
import { type BoundName, type Bounds, reductionsSound, rulesOf } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import { flagOf } from '../cases/choices.js';
import { inGroups } from './details.js';
import { paragraph } from './paragraph.js';

/** The lines on one model; none if `all` was not asked for. */
export function reductionsInWords(subject: Case, columns: number): readonly string[] {
  const { family, reductions } = subject;
  if (reductions === null) return [];
  const { taken, leftOut } = reductions;
  const of = family.reductions?.length ?? 0;
  if (taken.length === of) return [`${family.name}: all ${of} reductions are sound here, and taken`];
  // Reductions named one by one stand in the bounds, and the others were not asked for.
  if (Object.keys(leftOut).length === 0) return [];
  const others = boundsForAll(subject);
  const lines = [
    `  taken: ${taken.join(', ') || 'none'}`,
    ...inGroups(leftOut).map((group) => `  left out: ${group}`),
    ...(others === null ? [] : [`  all ${of} are sound with ${inFlags(others)}`]),
  ];
  return [
    `${family.name}: --reduce all takes ${taken.length} of ${of} reductions`,
    ...lines.flatMap((line) => paragraph(line, columns, '    ')),
  ];
}

/** The smallest change of bounds that makes every reduction sound; null if the rules forbid it. */
function boundsForAll({ family, bounds, ruleSet }: Case): Partial<Bounds> | null {
  const known = family.reductions ?? [];
  const rules = rulesOf(ruleSet);
  const areSound = (change: Partial<Bounds>) =>
    Object.keys(reductionsSound(known, { ...bounds, ...change }, rules).leftOut).length === 0;
  let change = family.reducedWhollyAt ?? {};
  if (!areSound(change)) return null;
  for (const name of Object.keys(change)) {
    const { [name as BoundName]: _kept, ...fewer } = change;
    if (areSound(fewer)) change = fewer;
  }
  return change;
}

/** `--rounds 1 --abandons 0`. */
const inFlags = (bounds: Partial<Bounds>): string =>
  Object.entries(bounds)
    .map(([name, value]) => `${flagOf(name as BoundName)} ${value}`)
    .join(' ');
