/**
 * The bounds within which models are explored. BOUNDS declares each once: the type, the options of the
 * command and their order in --help, what `explore` draws, and what a trace may hold derive from it.
 */

/** The fields that every bound has. */
interface Bound<V> {
  /** The value if a preset names none, and in a trace that lacks the bound. */
  readonly least: V;
  /** The quantity that it bounds, in words for --help. */
  readonly says: string;
  /** True if a trace may lack it, because the bound is younger than some traces. */
  readonly isLater?: true;
}

/** A number. */
export interface CountBound extends Bound<number> {
  readonly kind: 'count';
  /** The values that `explore` draws if none is given: far beyond what can be explored exhaustively. */
  readonly drawn?: readonly number[];
  /** The value that shrinking goes down to, if it is not `least`. */
  readonly drawnLeast?: number;
  /** The range in a trace. It exceeds the range of any model, because `explore` goes further. */
  readonly inTraces: readonly [least: number, most: number];
}

/** One of some words. */
export interface ChoiceBound<V extends string> extends Bound<V> {
  readonly kind: 'choice';
  /** In --help: `<how>`. */
  readonly takes: string;
  readonly values: readonly V[];
  readonly drawn?: readonly V[];
}

/**
 * The last zxid of each server by sid; `every`: every assignment, each an initial state; `ranks`: one order
 * of votes that stands for all of them (rank normalisation).
 */
export interface ZxidsBound extends Bound<readonly number[] | 'every' | 'ranks'> {
  readonly kind: 'zxids';
}

/** `none`, or names with commas between them, or `all`. */
export interface NamesBound extends Bound<string> {
  readonly kind: 'names';
}

const count = (
  least: number,
  says: string,
  others?: Partial<Omit<CountBound, 'kind' | 'least' | 'says'>>,
): CountBound => ({ kind: 'count', least, says, inTraces: [0, 1000], ...others });

const choice = <V extends string>(
  values: readonly V[],
  takes: string,
  says: string,
  others?: Pick<ChoiceBound<V>, 'drawn' | 'isLater'>,
): ChoiceBound<V> => ({ kind: 'choice', least: values[0], values, takes, says, ...others });

export const BOUNDS = {
  /** Voting servers in the configuration. */
  servers: count(3, 'voting servers', { drawn: [3, 4, 5, 6, 7], inTraces: [1, 30] }),
  /** The election: `free`, by an adversary; `fle`, by the servers of `fast-leader-election`, in one model. */
  election: choice(['free', 'fle'], '<how>', 'elect by an adversary, or by fast-leader-election'),
  /** The largest logical clock. */
  rounds: count(1, 'the largest logical clock', { drawn: [2, 4, 8] }),
  /** The largest epoch. */
  epochs: count(1, 'the largest epoch', { drawn: [2, 3, 6] }),
  /** How many transactions may be proposed. */
  txns: count(0, 'how many transactions may be proposed', { drawn: [2, 3, 6], drawnLeast: 1 }),
  /** Servers that follow a leader and do not vote; the last sids are theirs. */
  observers: count(0, 'servers that follow and do not vote', { drawn: [0, 1, 2], inTraces: [0, 30] }),
  /** How many crashes may happen. */
  crashes: count(0, 'how many crashes may happen', { drawn: [0, 2, 6] }),
  /** Whether a server that has crashed may start again. */
  returns: choice(['any', 'none'], '<which>', 'which crashed servers may start again', { isLater: true }),
  /** How often a FOLLOWING or LEADING server may give up without a cause that the model shows. */
  abandons: count(0, 'how often a FOLLOWING or LEADING server may give up', { drawn: [0, 2, 6] }),
  /** How often the connection between two servers may break. */
  disconnects: count(0, 'how often a connection may break', { drawn: [0, 2, 6], isLater: true }),
  /** Messages in flight from one server to another; the newest overwrites the last. */
  slots: count(1, 'messages in flight on each link', { drawn: [1, 2, 3] }),
  /** Notifications in recvqueue of a server; no more are received until it handles one. */
  queue: count(2, 'notifications in a recvqueue', { drawn: [2, 4, 8] }),
  /** How often a server that waits for notifications may find that none has come, and send again. */
  resends: count(0, 'how often a server sends its vote again', { drawn: [0, 4, 12] }),
  /**
   * `staggered`: all off at first, started in any order at any time; `in-order`: each once all with lower
   * sids are up, or gone; `together`: all LOOKING at first.
   */
  start: choice(
    ['staggered', 'in-order', 'together'],
    '<how>',
    'servers start one by one, in any order or by sid, or all together',
    { drawn: ['together', 'staggered'] },
  ),
  zxids: {
    kind: 'zxids',
    least: 'ranks',
    says: 'a zxid for each server (0,0x100000001,1.1), every, or ranks',
  } satisfies ZxidsBound as ZxidsBound,
  /** The number of zxids of `--zxids every`. */
  dataVersions: count(1, 'the number of zxids of --zxids every'),
  /** Names of reductions: states explored in place of others; `all` for those that are sound. */
  reduce: {
    kind: 'names',
    least: 'none',
    isLater: true,
    says: 'explore fewer states by these reductions, by all, or by none',
  } satisfies NamesBound as NamesBound,
};

type ValueOf<B> = B extends Bound<infer V> ? V : never;

/** A value for every bound, by its name. A model reads those in its `takes`, and ignores the others. */
export type Bounds = { readonly [K in keyof typeof BOUNDS]: ValueOf<(typeof BOUNDS)[K]> };

export type BoundName = keyof Bounds;

/** All bounds, in the order of --help. */
export const BOUND_NAMES = Object.keys(BOUNDS) as readonly BoundName[];

/** How a model takes a bound. */
export interface Limits {
  /** The least and greatest value, of a numeric bound. */
  readonly min?: number;
  readonly max?: number;
  /** The values of a choice that this model takes, if not all. */
  readonly values?: readonly string[];
  /** The bound applies only with this election. */
  readonly election?: Bounds['election'];
}

export const PRESETS = ['tiny', 'ci', 'nightly'] as const;
export type Preset = (typeof PRESETS)[number];

export type Presets = { readonly [P in Preset]: Bounds };

/** The least value of every bound: the default of a preset. */
export const leastBounds = Object.fromEntries(
  BOUND_NAMES.map((name) => [name, BOUNDS[name].least]),
) as unknown as Bounds;

/** The values of `start` for a model that has no start in the order of sids. */
export const anyOrTogether = { values: ['staggered', 'together'] } as const;
