/**
 * The last zxid and currentEpoch of each server: given, one for all orders, or every assignment as initial
 * states.
 */
import { type Domain, upTo } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { UnsoundReduction } from '../model/reductions.js';
import type { Rules } from '../rules.js';
import { ordersVotesAsZooKeeper, quorumsDiffer } from './symmetry.js';
import { currentEpochs, myidOf, printZxid, zxidValues } from './zxid.js';

interface Credential {
  /** The place of its zxid in `zxidValues`. */
  zxid: number;
  currentEpoch?: number;
}

/** Values of one server's credential in `every`: a zxid, with an epoch where the model has one. */
const choices = ({ dataVersions }: Bounds, epochs: boolean): number =>
  epochs ? dataVersions ** 2 : dataVersions;

/** The assignments that are initial states, with an epoch for each server where the model has epochs. */
export const credentialsDomain = (bounds: Bounds, epochs: boolean): Domain => ({
  ...upTo('credentials', bounds.zxids === 'every' ? choices(bounds, epochs) ** bounds.servers : 1, (code) =>
    printCredentials(bounds, code, epochs),
  ),
  read: (text) => readCredentials(bounds, text, epochs),
});

const zxidOf = ({ dataVersions }: Bounds, choice: number): number => choice % dataVersions;
const epochOf = (bounds: Bounds, choice: number): number =>
  currentEpochs(bounds)[0] + Math.floor(choice / bounds.dataVersions);

/** The choice of server `i` behind a code: the first server is the least digit. */
const choiceOf = (bounds: Bounds, epochs: boolean, code: number, i: number): number =>
  Math.floor(code / choices(bounds, epochs) ** i) % choices(bounds, epochs);

/** Sets the credentials of all servers; under `ranks` all are equal, so the sid alone ranks them. */
export function setCredentials(bounds: Bounds, server: readonly Credential[], code: number): void {
  const epochs = server[0].currentEpoch !== undefined;
  const values = zxidValues(bounds);
  for (let i = 0; i < bounds.servers; i++) {
    if (bounds.zxids === 'every') {
      const choice = choiceOf(bounds, epochs, code, i);
      server[i].zxid = zxidOf(bounds, choice);
      if (epochs) server[i].currentEpoch = epochOf(bounds, choice);
    } else if (bounds.zxids !== 'ranks') {
      server[i].zxid = values.indexOf(bounds.zxids[i]);
    }
  }
}

/** `zxids 0x0,0x0,0x100000000`, or `epoch.zxid 1.0x0,2.0x0,1.0x100000000` where epochs vary too. */
export function printCredentials(bounds: Bounds, code: number, epochs: boolean): string {
  if (bounds.zxids === 'ranks') return 'ranked by sid';
  if (bounds.zxids !== 'every') return `zxids ${bounds.zxids.map(printZxid).join(',')}`;
  const values = zxidValues(bounds);
  const each = Array.from({ length: bounds.servers }, (_, i) => {
    const choice = choiceOf(bounds, epochs, code, i);
    const zxid = printZxid(values[zxidOf(bounds, choice)]);
    return epochs ? `${epochOf(bounds, choice)}.${zxid}` : zxid;
  });
  return `${epochs ? 'epoch.zxid' : 'zxids'} ${each.join(',')}`;
}

/** The code of a printed assignment; null if the text names none. The caller compares it with its print. */
function readCredentials(bounds: Bounds, text: string, epochs: boolean): number | null {
  if (bounds.zxids !== 'every') return 0;
  const values = zxidValues(bounds);
  const [leastEpoch] = currentEpochs(bounds);
  const code = text
    .slice(text.indexOf(' ') + 1)
    .split(',')
    .map((each) => each.split('.').map(Number))
    .map(([first, second]) =>
      epochs ? (first - leastEpoch) * bounds.dataVersions + values.indexOf(second) : values.indexOf(first),
    )
    .reduceRight((sum, choice) => sum * choices(bounds, epochs) + choice, 0);
  return Number.isSafeInteger(code) ? code : null;
}

/** The credentials of servers in a state. */
type Servers = readonly Readonly<Required<Credential>>[];

/** Whether the vote for one server beats that for another, by the credentials of the two. */
export function voteOrderOf(
  bounds: Bounds,
  rules: Rules,
): (server: Servers, leader: number, current: number) => boolean {
  const zxids = zxidValues(bounds);
  return (server, leader, current) => {
    const a = server[leader];
    const b = server[current];
    return rules.totalOrderPredicate(
      myidOf(leader),
      zxids[a.zxid],
      a.currentEpoch,
      myidOf(current),
      zxids[b.zxid],
      b.currentEpoch,
    );
  };
}

/**
 * Why one ranking of the servers cannot stand for every assignment of credentials (rank normalisation). null
 * if it can: the model compares votes only by their order, and renaming servers by rank turns that into the
 * order of sids.
 */
export function ranksUnsoundBecause(bounds: Bounds, rules: Rules): string | null {
  if (!ordersVotesAsZooKeeper(rules)) return 'the rule set may order votes differently';
  return quorumsDiffer(bounds, rules) ? 'the rule set has other quorums for other servers' : null;
}

/** Throws `UnsoundReduction` if the bounds are `ranks` and the rules make that unsound. */
export function refuseUnsoundRanks(bounds: Bounds, rules: Rules): void {
  const because = bounds.zxids === 'ranks' ? ranksUnsoundBecause(bounds, rules) : null;
  if (because === null) return;
  throw new UnsoundReduction(
    `zxids 'ranks' does not stand for every assignment: ${because}. ` +
      "Build the model with zxids 'every', as ModelFamily.adjust does.",
  );
}

/** Makes every assignment an initial state, if one ranking of the servers cannot stand for them all. */
export function withoutRanks(bounds: Bounds, rules: Rules): { bounds: Bounds; because: string } | null {
  const because = bounds.zxids === 'ranks' ? ranksUnsoundBecause(bounds, rules) : null;
  if (because === null) return null;
  return {
    bounds: { ...bounds, zxids: 'every', dataVersions: Math.max(2, bounds.dataVersions) },
    because: `${because}, so every assignment of epochs and zxids is an initial state`,
  };
}

/** `epochs 1..2, zxids 0x0..0x100000000`; `every assignment`. */
export function credentialsInWords(bounds: Pick<Bounds, 'zxids' | 'dataVersions'>, epochs: boolean): string {
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
