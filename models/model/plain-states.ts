/** Reads the plain values of a state that traces keep, whatever the model. */
import type { Plain } from '../../src/language/index.js';

export type Fields = { readonly [field: string]: Plain };

export const serversOf = (state: Plain): readonly Fields[] =>
  (state as { readonly server: readonly Fields[] }).server;

/** `s2`, of the server with index 1; and back. */
export const sidOf = (index: number): string => `s${index + 1}`;
export const indexOf = (sid: Plain): number => Number(String(sid).slice(1)) - 1;
/** The sids in `{s1 s3}`. */
export const membersOf = (set: Plain): readonly string[] => String(set).match(/s\d+/g) ?? [];
