/**
 * The bounds each model is explored with by default: `tiny` for a first look, `ci` for every change,
 * `nightly`.
 */
import type { Bounds, Preset } from './entry.js';

type Presets = { readonly [P in Preset]: Bounds };

const none: Bounds = {
  servers: 3,
  election: 'free',
  rounds: 1,
  epochs: 1,
  txns: 0,
  observers: 0,
  crashes: 0,
  returns: 'any',
  abandons: 0,
  disconnects: 0,
  slots: 1,
  queue: 2,
  resends: 0,
  start: 'staggered',
  zxids: 'ranks',
  dataVersions: 1,
  reduce: 'none',
};

export const voteOrderBounds: Presets = {
  tiny: { ...none, dataVersions: 2 },
  ci: { ...none, dataVersions: 3 },
  nightly: { ...none, servers: 4, dataVersions: 3 },
};

const five: Bounds = { ...none, servers: 5, rounds: 2, crashes: 1, zxids: 'every', dataVersions: 3 };

export const tutorialBounds: Presets = {
  tiny: { ...five, servers: 3 },
  ci: five,
  nightly: { ...five, rounds: 4, crashes: 3 },
};

/** Credentials take the values 0 and 1 for epoch and zxid each where every assignment is an initial state. */
const three: Bounds = { ...none, dataVersions: 2 };

export const fastLeaderElectionBounds: Presets = {
  tiny: { ...three },
  ci: { ...three, rounds: 2, crashes: 1, abandons: 1 },
  nightly: { ...three, rounds: 2, crashes: 1, abandons: 2 },
};

export const fleFaithfulBounds: Presets = {
  tiny: { ...three, servers: 2, resends: 1 },
  ci: { ...three, start: 'together' },
  nightly: { ...three },
};

export const zabDiscoveryBounds: Presets = {
  tiny: { ...none, epochs: 2 },
  ci: { ...none, epochs: 2, crashes: 1, abandons: 1 },
  nightly: { ...none, epochs: 3, crashes: 2, abandons: 2 },
};

export const zabSynchronizationBounds: Presets = {
  tiny: { ...none, epochs: 3, txns: 1, crashes: 1, abandons: 1 },
  ci: { ...none, epochs: 3, txns: 2, crashes: 2, abandons: 1 },
  nightly: { ...none, epochs: 4, txns: 3, crashes: 3, abandons: 2 },
};
