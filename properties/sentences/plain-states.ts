/** Reading the plain states of a trace, for tests that hold sentences to them. */
import type { Plain } from '../../src/language/index.js';

export type Fields = { readonly [field: string]: Plain };

export const serversOf = (state: Plain): readonly Fields[] =>
  (state as { readonly server: readonly Fields[] }).server;

/** The index of `s2`: 1. */
export const indexOf = (sid: Plain): number => Number(String(sid).slice(1)) - 1;

/** The record of `s2`. */
export const at = (state: Plain, sid: string): Fields => serversOf(state)[indexOf(sid)];

/** The members of `{s1 s3}` or of `{t1}`. */
export const setOf = (set: Plain): readonly string[] => String(set).match(/[st]\d+/g) ?? [];

/** The names in `s1, s2 and s3`; none in `nobody`. */
export const namesIn = (text: string): readonly string[] => text.match(/s\d+/g) ?? [];

/** The least majority of so many servers. */
export const majorityOf = (servers: number): number => Math.floor(servers / 2) + 1;
