/**
 * The last zxid and currentEpoch of each server: given, one for all orders, or every assignment as initial
 * states.
 */
import { type Domain, SpecError, upTo } from '../src/spec/index.js';
import { correct, type Rules } from './rules.js';
import type { Bounds } from './rung.js';

interface Credential {
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
const epochOf = ({ dataVersions }: Bounds, choice: number): number => Math.floor(choice / dataVersions);

/** The choice of server `i` behind a code: the first server is the least digit. */
const choiceOf = (bounds: Bounds, epochs: boolean, code: number, i: number): number =>
  Math.floor(code / choices(bounds, epochs) ** i) % choices(bounds, epochs);

/** Sets the credentials of all servers; under `ranks` all are equal, so the sid alone ranks them. */
export function setCredentials(bounds: Bounds, server: readonly Credential[], code: number): void {
  const epochs = server[0].currentEpoch !== undefined;
  for (let i = 0; i < bounds.servers; i++) {
    if (bounds.zxids === 'every') {
      const choice = choiceOf(bounds, epochs, code, i);
      server[i].zxid = zxidOf(bounds, choice);
      if (epochs) server[i].currentEpoch = epochOf(bounds, choice);
    } else if (bounds.zxids !== 'ranks') {
      server[i].zxid = bounds.zxids[i];
    }
  }
}

/** `zxids 0,0,1`, or `epoch.zxid 0.1,0.0,1.0` where epochs vary too. */
export function printCredentials(bounds: Bounds, code: number, epochs: boolean): string {
  if (bounds.zxids === 'ranks') return 'ranked by sid';
  if (bounds.zxids !== 'every') return `zxids ${bounds.zxids.join(',')}`;
  const each = Array.from({ length: bounds.servers }, (_, i) => {
    const choice = choiceOf(bounds, epochs, code, i);
    return epochs ? `${epochOf(bounds, choice)}.${zxidOf(bounds, choice)}` : zxidOf(bounds, choice);
  });
  return `${epochs ? 'epoch.zxid' : 'zxids'} ${each.join(',')}`;
}

/** The code of a printed assignment; null for a text that names none. The caller holds it to its print. */
function readCredentials(bounds: Bounds, text: string, epochs: boolean): number | null {
  if (bounds.zxids !== 'every') return 0;
  const code = text
    .slice(text.indexOf(' ') + 1)
    .split(',')
    .map((each) => each.split('.').map(Number))
    .map(([first, second]) => (epochs ? first * bounds.dataVersions + second : first))
    .reduceRight((sum, choice) => sum * choices(bounds, epochs) + choice, 0);
  return Number.isSafeInteger(code) ? code : null;
}

/**
 * Whether one ranking of the servers stands for every assignment of credentials (rank normalisation):
 * relabelling by rank turns the order of votes into the order of sids, and only that order was looked at.
 */
export const ranksAreSound = (rules: Rules): boolean =>
  rules.totalOrderPredicate === correct.totalOrderPredicate;

/** A reduction is asked for under rules that make it unsound. */
export class UnsoundReduction extends SpecError {}

/** Throws `UnsoundReduction` for ranks under another order of votes: a verdict would prove nothing. */
export function refuseUnsoundRanks({ zxids }: Bounds, rules: Rules): void {
  if (zxids !== 'ranks' || ranksAreSound(rules)) return;
  throw new UnsoundReduction(
    "zxids 'ranks' stands for every assignment only under the correct totalOrderPredicate, and the rules replace " +
      "it. Build the model with zxids 'every', as Rung.adjust does.",
  );
}
