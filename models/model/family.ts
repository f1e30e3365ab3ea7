/**
 * A model of this project: a family, with a model of the language for all bounds and rules. It comes with the
 * bounds it takes, its presets, and what it leaves out of the real thing.
 */
import type { Model, Plain, StructType } from '../../src/language/index.js';
import type { Rules } from '../rules.js';
import type { BoundName, Bounds, Limits, Presets } from './bounds.js';
import type { Draws } from './drawing.js';
import type { Reduction } from './reductions.js';
import type { Sign } from './signs.js';
import type { Uses } from './uses.js';

/** Rows of cells, the heading first. */
export type Table = readonly (readonly string[])[];

/** A named place where the model is coarser or finer than the Java code. */
export interface Departure {
  readonly name: string;
  readonly says: string;
}

/** The bounds that a model takes under an election. */
export const boundsTaken = ({ takes }: ModelFamily, election: Bounds['election']): readonly BoundName[] =>
  (Object.keys(takes) as BoundName[]).filter((name) => (takes[name]?.election ?? election) === election);

/** A run of a model: the codes of an initial state, and of the steps from it. */
export interface Run {
  readonly initial: number;
  readonly steps: readonly number[];
}

/** A function in a file of a user that makes a model. */
export interface ModelFile {
  /** `./mine.js#make`. */
  readonly name: string;
  /** Of what the file says, and all that it imports. */
  readonly digest: string;
  /** What the function is called with, plain data. */
  readonly args: readonly unknown[];
}

export interface ModelFamily<S extends StructType = StructType> {
  readonly name: string;
  /** Of a model that a user wrote: what makes it. Models that ship have none. */
  readonly file?: ModelFile;
  /** One sentence. */
  readonly summary: string;
  readonly departures: readonly Departure[];
  /** Which bounds it takes. */
  readonly takes: { readonly [K in BoundName]?: Limits };
  /** Which rules it uses. */
  readonly uses: Uses;
  readonly presets: Presets;
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
  /** The reductions that it knows: states explored in place of others. */
  readonly reductions?: readonly Reduction[];
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
