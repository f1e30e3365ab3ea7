/** The bounds within which models are explored: what they mean, and which of them a model takes. */

/**
 * Every bound and option that some model takes, by the name of its command-line option.
 * A model reads those in its `takes`; the others keep the values of the preset and mean nothing to it.
 */
export interface Bounds {
  /** Voting servers in the configuration. */
  readonly servers: number;
  /** The largest logical clock. */
  readonly rounds: number;
  /** Who elects: `free`, an adversary; `fle`, the servers of `fast-leader-election`, in the same model. */
  readonly election: 'free' | 'fle';
  /** How many crashes may happen. */
  readonly crashes: number;
  /** The largest epoch. */
  readonly epochs: number;
  /** How many transactions may be proposed. */
  readonly txns: number;
  /** Servers that follow a leader and do not vote; the last sids are theirs. */
  readonly observers: number;
  /** Whether a server that has crashed may start again. */
  readonly returns: 'any' | 'none';
  /** How often a FOLLOWING or LEADING server may give up without a cause that the model shows. */
  readonly abandons: number;
  /** How often the connection between two servers may break. */
  readonly disconnects: number;
  /** Messages in flight from one server to another; the newest overwrites the last. */
  readonly slots: number;
  /** Notifications in recvqueue of a server; no more are received until it handles one. */
  readonly queue: number;
  /** How often a server that waits for notifications may find that none has come, and send again. */
  readonly resends: number;
  /**
   * `staggered`: all off at first, started in any order at any time; `in-order`: each once all with lower
   * sids are up, or gone; `together`: all LOOKING at first.
   */
  readonly start: 'staggered' | 'in-order' | 'together';
  /**
   * The last zxid of each server by sid; `every`: every assignment, each an initial state;
   * `ranks`: one order of votes that stands for all of them (rank normalisation).
   */
  readonly zxids: readonly number[] | 'every' | 'ranks';
  /** Zxids of `every` are 0..dataVersions-1. */
  readonly dataVersions: number;
  /**
   * `none`, or names of reductions with commas between them: states explored in place of others; `all` for
   * those that are sound.
   */
  readonly reduce: string;
}

export type BoundName = keyof Bounds;

/** How a model takes a bound. */
export interface Limits {
  /** The least and greatest value, of a numeric bound. */
  readonly min?: number;
  readonly max?: number;
  /** The values of a bound that is a choice, where not every model takes all. */
  readonly values?: readonly string[];
  /** The election with which alone it means something. */
  readonly election?: Bounds['election'];
}

export const PRESETS = ['tiny', 'ci', 'nightly'] as const;
export type Preset = (typeof PRESETS)[number];

export type Presets = { readonly [P in Preset]: Bounds };

/** The least of everything: what a preset does not name is as here. */
export const leastBounds: Bounds = {
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

/** The starts that a model takes in which servers do not start in the order of their sids. */
export const anyOrTogether = { values: ['staggered', 'together'] } as const;
