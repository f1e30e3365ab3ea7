/** `--claims-file`: claims of a user, which the process checks beside those that ship. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Bounds, type CallLog, families, type ModelFamily, type RuleSet } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import { endBecause } from '../process/supervisor.js';
import { BadUsage, UnknownWord } from '../process/usage.js';
import { inWords } from '../rules-file/accounting.js';
import { quotedWordsOf } from '../rules-file/answer.js';
import { isRulesFile } from '../rules-file/index.js';
import { caseWith } from './case.js';
import { ClaimsRefused, changeBy, loadClaims, OwnClaimFailed, type OwnClaims } from './index.js';

/** Whether claims of a user are asked for. */
export interface ClaimsFileOption {
  /** Their file. */
  readonly claimsFile?: string;
}

/** The user's claims that this process checks; null if none are asked for. */
let own: OwnClaims | null = null;

/** A file of claims, as plain data for another thread. */
export type ClaimsAsData = Pick<OwnClaims, 'path' | 'digest'> | null;

export const claimsAsData = (): ClaimsAsData =>
  own === null ? null : { path: own.path, digest: own.digest };

/** Loads the file, if one is asked for. Throws `BadUsage` of one line. */
export async function openClaims({ claimsFile }: ClaimsFileOption): Promise<void> {
  if (claimsFile === undefined) return;
  const stray = hearStrayFailures(claimsFile);
  own = await loadClaims(claimsFile).catch((error) => {
    throw asUsage(error);
  });
  // A rejected promise of the file is reported in this turn.
  await nextTurn();
  stray.refuse();
  const known = families.map(({ name }) => name);
  const unknown = Object.keys(own.byModel).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UnknownWord('model', unknown, known, `${claimsFile} has claims for it`);
}

/** The same in another thread: the file must not have changed. */
export async function openClaimsAgain(claims: ClaimsAsData): Promise<void> {
  if (claims === null) return;
  // The main thread asks the same claims, and reports their rejected promises.
  process.on('unhandledRejection', () => {});
  own = await loadClaims(claims.path, claims.digest);
}

/**
 * Handles failures of a file that surface nowhere else, because a promise or a timer of it failed. During
 * loading they refuse the file; later they end the process.
 */
function hearStrayFailures(path: string): { readonly refuse: () => void } {
  let first: string | null = null;
  let isLoaded = false;
  const hear = (what: string, error: unknown) => {
    if (process.env.FLE_CHECK_DEBUG === '1') console.error(error);
    if (first !== null) return;
    first = changeBy(path) ?? `${what} once ${path} was loaded`;
    if (isLoaded) endBecause(first);
  };
  process.on('unhandledRejection', (reason) =>
    hear(`a promise was rejected with ${quotedWordsOf(reason)}, which nothing handles,`, reason),
  );
  process.on('uncaughtException', (error) =>
    hear(`${quotedWordsOf(error)} was thrown, which nothing catches,`, error),
  );
  return {
    refuse: () => {
      isLoaded = true;
      if (first !== null) throw new BadUsage(first);
    },
  };
}

let changed: string | null = null;

/** Throws `OwnClaimFailed` if the claims, when they were asked, have changed what everything else uses. */
export function refuseChanges(): void {
  // The change is undone when it is found, but it remains a fault.
  if (own !== null) changed ??= changeBy(own.path);
  if (changed !== null) throw new OwnClaimFailed(changed);
}

/** The claims that are open; null if none are. */
export const ownClaims = (): OwnClaims | null => own;

/** Throws `BadUsage` if the file has no claims on the models asked for: the verdict would not concern it. */
export function refuseClaimsOfOthers(asked: readonly ModelFamily[]): void {
  if (own === null) return;
  const { byModel, path } = own;
  const named = Object.keys(byModel).filter((model) => byModel[model].length > 0);
  if (asked.some(({ name }) => named.includes(name))) return;
  const models = inWords(
    asked.map(({ name }) => name),
    'or',
  );
  const others = named.length === 0 ? '' : `; it has some for ${inWords(named, 'and')}`;
  throw new BadUsage(`${path} has no claims for ${models}${others}`);
}

/** Options with the files that they name. */
export type OwnOptions = readonly (readonly [option: string, file: string])[];

/** The options that name the user's files of a case; a trace must not name the files to run. */
export const ownOptionsOf = ({ family, ruleSet }: Case): OwnOptions => [
  ...(family.file === undefined ? [] : [['--model', family.file.name] as const]),
  ...(isRulesFile(ruleSet.name) ? [['--rules', ruleSet.name] as const] : []),
  ...(own?.byModel[family.name] === undefined ? [] : [['--claims-file', own.path] as const]),
];

/** As `caseOf`, with the claims of the file that is open. Throws `BadUsage`. */
export function caseAsked(
  family: ModelFamily,
  bounds: Bounds,
  ruleSet: RuleSet,
  calls?: CallLog | null,
): Case {
  try {
    return caseWith(own, family, bounds, ruleSet, calls);
  } catch (error) {
    throw asUsage(error);
  }
}

const asUsage = (error: unknown): unknown =>
  error instanceof ClaimsRefused ? new BadUsage(error.message, { cause: error }) : error;
