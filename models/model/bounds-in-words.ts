/** Bounds in words, for tables and pages. */

import { currentEpochs, printZxid, zxidValues } from '../votes/zxid.js';
import type { Bounds } from './entry.js';
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

/** `epochs 1..2, zxids 0x0..0x100000000`; `every assignment`. */
export function credentialsIn(bounds: Pick<Bounds, 'zxids' | 'dataVersions'>, epochs: boolean): string {
  if (bounds.zxids === 'ranks') return 'every assignment';
  if (bounds.zxids !== 'every') return `zxids ${bounds.zxids.map(printZxid).join(',')}`;
  const zxids = zxidValues(bounds);
  const range = (what: string, values: readonly (number | string)[]) =>
    `${what} ${[...new Set([values[0], values[values.length - 1]])].join('..')}`;
  return [
    ...(epochs ? [range('epochs', currentEpochs(bounds))] : []),
    range('zxids', zxids.map(printZxid)),
  ].join(', ');
}

/** `reduced by full-slots`; nothing for none. */
export function reducedBy(bounds: Bounds, known: readonly unknown[]): readonly string[] {
  const names = reductionsNamed(bounds);
  if (names.length === 0) return [];
  return [
    names.length === known.length ? `all ${names.length} reductions` : `reduced by ${names.join(' and ')}`,
  ];
}
