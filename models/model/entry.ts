/**
 * A rung of the ladder: a model with the bounds it takes, its presets, and what it leaves out of the real
 * thing.
 */
import type { Model, Plain, StructType } from '../../src/spec/index.js';
import type { Rules } from '../rules.js';
import type { Draws } from './drawing.js';
import type { ReductionTold } from './reductions.js';
import type { Sign } from './signs.js';
import type { Uses } from './uses.js';

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

/** Rows of cells, the heading first. */
export type Table = readonly (readonly string[])[];

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

/** A named place where the model is coarser or finer than the Java code. */
export interface Departure {
  readonly name: string;
  readonly says: string;
}

/** The bounds that a model takes under an election. */
export const boundsTaken = ({ takes }: Rung, election: Bounds['election']): readonly BoundName[] =>
  (Object.keys(takes) as BoundName[]).filter((name) => (takes[name]?.election ?? election) === election);

/** A run of a model: the codes of an initial state, and of the steps from it. */
export interface Run {
  readonly initial: number;
  readonly steps: readonly number[];
}

export interface Rung<S extends StructType = StructType> {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly departures: readonly Departure[];
  /** Which bounds it takes. */
  readonly takes: { readonly [K in BoundName]?: Limits };
  /** Which rules it uses. */
  readonly uses: Uses;
  readonly presets: { readonly [P in Preset]: Bounds };
  /**
   * The bounds as they will be explored: replaces what the rules make unsound, here and not by the user
   * (rank normalisation under another order of votes), and says why; null if nothing was replaced.
   */
  readonly adjust: (bounds: Bounds, rules: Rules) => { bounds: Bounds; because: string } | null;
  /** The bounds in words, for a table. */
  readonly describe: (bounds: Bounds) => string;
  readonly build: (bounds: Bounds, rules: Rules) => Model<S>;
  /**
   * One server of a state in a few words, for the columns of a trace; without it its changed fields are
   * listed.
   */
  readonly describeServer?: (state: Plain, index: number) => string;
  /** The credentials of a server at the start, where not all have the same; empty where they do. */
  readonly describeStart?: (state: Plain, index: number) => string;
  /** The signs in these words and on its pictures. */
  readonly signs?: readonly Sign[];
  /** Tables of a state under given rules, of a model that has nothing but initial states. */
  readonly tabulate?: (state: Plain, rules: Rules) => readonly Table[];
  /** What may be explored in place of its states. */
  readonly reductions?: readonly ReductionTold[];
  /** Bounds within which all of them are sound under ZooKeeper's rules, whatever the other bounds. */
  readonly reducedWhollyAt?: Partial<Bounds>;
  /**
   * A run of the model under reductions as one of the model without them, which does the same to what
   * reductions preserve; null if none is found.
   */
  readonly wholeRun?: (reduced: Model<S>, whole: Model<S>, run: Run) => Run | null;
  /** How its states are drawn; without it there is nothing to draw. */
  readonly draws?: Draws;
}
