/**
 * Claims in a file of a user. They are asked millions of times a second, so they run in the process of the
 * search. src/cli/supervised.ts protects the command from what they do to that process.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { wordsOf } from '../rules-file/answer.js';
import { changing, restoreBuiltins } from '../rules-file/builtins.js';
import { digestOfFiles } from '../rules-file/digest.js';
import { shown } from '../rules-file/one-line.js';
import { checked, type Part } from './checked.js';

export {
  isClaim,
  type OwnClaim,
  OwnClaimFailed,
  type OwnWitness,
  ownClaimFaultOf,
  type Part,
} from './checked.js';

/** A file cannot be used as claims, with the reason in one line. */
export class ClaimsRefused extends Error {}

export interface OwnClaims {
  readonly path: string;
  /** A digest of the file and of all that it imports. */
  readonly digest: string;
  /** Claims and witnesses by the name of their model. */
  readonly byModel: { readonly [model: string]: readonly Part[] };
}

/**
 * The claims in a file. Throws `ClaimsRefused`. `digest`: the one that the file must have, if it was read
 * before.
 */
export async function loadClaims(path: string, digest?: string): Promise<OwnClaims> {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new ClaimsRefused(`there is no file ${path} to take claims from`);
  const found = digestOfFiles(absolute);
  if (digest !== undefined && digest !== found) {
    throw new ClaimsRefused(`${path} was changed while it was being checked`);
  }
  const exported = await defaultExportOf(path, absolute);
  if (typeof exported !== 'object' || exported === null) {
    throw new ClaimsRefused(`${path} has no default export that is an object of claims by model`);
  }
  const entries = Object.entries(exported).map(([model, parts]) => [model, partsOf(path, model, parts)]);
  return { path, digest: found, byModel: Object.fromEntries(entries) };
}

async function defaultExportOf(path: string, absolute: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const ours = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  // Nothing is kept, on disk or here: a claim that was changed is never the old one, and one that is read
  // afresh has seen no state.
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    alias: {
      'fle-check/claims': ours('../claims.js'),
      'fle-check/rules': ours('../../models/rules.js'),
    },
  });
  let exported: unknown;
  let failed: { readonly error: unknown } | null = null;
  try {
    exported = (await jiti.import<{ readonly default?: unknown }>(pathToFileURL(absolute).href)).default;
  } catch (error) {
    failed = { error };
  }
  const changed = changeBy(path);
  if (changed !== null) throw new ClaimsRefused(changed);
  if (failed === null) return exported;
  throw new ClaimsRefused(`cannot load ${path}: ${wordsOf(failed.error)}`);
}

/** Undoes and names a change of a built-in that the claims of a file have made; null if there is none. */
export function changeBy(path: string): string | null {
  const changed = restoreBuiltins();
  return changed === null ? null : `the claims of ${path} ${changing(changed)}`;
}

/** The claims and witnesses that are given for a model. Throws `ClaimsRefused`. */
export function partsOf(path: string, model: string, parts: unknown): readonly Part[] {
  if (Array.isArray(parts)) return parts.map((part, i) => partOf(path, `${path}: ${model}[${i}]`, part));
  throw new ClaimsRefused(`${path}: what it exports for ${model} is no list of claims`);
}

type Members = { readonly [member: string]: unknown };

const KINDS: readonly unknown[] = ['state', 'step', 'scenario'];

/** Whether a value is one that `always`, `everyStep`, `sometimes` or a similar function made. */
function partOf(path: string, where: string, given: unknown): Part {
  const part = (typeof given === 'object' && given !== null ? given : {}) as Members;
  const refuse = (what: string) => new ClaimsRefused(`${where} ${what}`);
  if (!KINDS.includes(part.kind)) {
    throw refuse('is no claim: make it with always, everyStep or sometimes of fle-check/claims');
  }
  for (const text of ['name', 'says', ...(part.source === undefined ? [] : ['source'])]) {
    if (typeof part[text] !== 'string' || part[text].trim() === '') throw refuse(`has no text \`${text}\``);
  }
  refuseNoActions(part.on ?? null, refuse);
  const isWitness = typeof part.shows === 'function';
  if (isWitness) return checked(part as unknown as Part, path);
  for (const ask of ['holds', 'explain']) {
    if (typeof part[ask] !== 'function') throw refuse(`has no function \`${ask}\``);
  }
  if (typeof part.witness !== 'string') throw refuse('names no witness that shows it is not vacuous');
  return checked(part as unknown as Part, path);
}

function refuseNoActions(on: unknown, refuse: (what: string) => ClaimsRefused): void {
  if (on === null) return;
  if (!Array.isArray(on) || on.some((action) => typeof action !== 'string')) {
    throw refuse(`has \`on\`: ${shown(on)}, which is no list of actions, as in \`on: ['CrashServer']\``);
  }
  if (on.length === 0) {
    throw refuse('judges no step, because `on` is empty: name actions, or leave `on` out');
  }
}
