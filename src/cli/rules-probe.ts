/**
 * The thread that asks every rule of a file before the search does, since nothing can interrupt one that
 * never returns but the end of its thread. What a rule throws the search tells better.
 */
import { workerData } from 'node:worker_threads';
import { defaultExportOf, RULES, samplesOf } from './rules-file.js';

/** What the thread that probes a file is started with: the rule and the sample it is at, for who waits. */
export interface Probe {
  readonly path: string;
  /** The index of the rule and 1, or 0 while the file is loaded; the index of the sample. */
  readonly at: Int32Array;
}

const { path, at } = workerData as Probe;
const exported = ((await defaultExportOf(path).catch(() => null)) ?? {}) as {
  readonly [name: string]: unknown;
};
for (const [index, name] of RULES.entries()) {
  const rule = exported[name];
  if (typeof rule !== 'function') continue;
  for (const [sample, args] of samplesOf(name).entries()) {
    at[0] = index + 1;
    at[1] = sample;
    try {
      rule(...args);
    } catch {}
  }
}
// Whatever the file has left running does not keep the thread.
process.exit();
