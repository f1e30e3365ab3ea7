/** Bounds in words, for tables and pages. */

import type { Bounds } from './bounds.js';
import { reductionsNamed } from './reductions.js';

/** `2 crashes`; nothing for none. */
export function counted(n: number, what: string): readonly string[] {
  if (n === 0) return [];
  return [`${n} ${what}${n === 1 ? '' : what === 'crash' ? 'es' : 's'}`];
}

/** How many servers, rounds and crashes. */
export const sizes = ({ servers, rounds, crashes }: Bounds): readonly string[] => [
  ...counted(servers, 'server'),
  ...counted(rounds, 'round'),
  ...counted(crashes, 'crash'),
];

const STARTS = {
  staggered: 'any start order',
  'in-order': 'started in the order of sids',
  together: 'started together',
} as const;
/** `any start order`. */
export const startOf = (start: Bounds['start']): string => STARTS[start];

/** `reduced by full-slots`; nothing for none. */
export function reducedBy(bounds: Bounds, known: readonly unknown[]): readonly string[] {
  const names = reductionsNamed(bounds);
  if (names.length === 0) return [];
  return [
    names.length === known.length ? `all ${names.length} reductions` : `reduced by ${names.join(' and ')}`,
  ];
}
