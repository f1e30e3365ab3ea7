/**
 * A model of this project: a family, with a model of the language for each choice of bounds and rules. It
 * comes with the bounds that it takes, its presets, and its departures from Java.
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
  /** The arguments of the function, plain data. */
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
   * Replaces bounds that the rules make unsound (rank normalisation under another order of votes), and says
   * why; null if nothing was replaced.
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
  /** The credentials of a server at the start; empty if all servers have the same. */
  readonly describeStart?: (state: Plain, index: number) => string;
  /** The signs in those words and on its pictures. */
  readonly signs?: readonly Sign[];
  /** Tables of a state under given rules, for a model that has only initial states. */
  readonly tabulate?: (state: Plain, rules: Rules) => readonly Table[];
  /** Its reductions, by which some states are explored in place of others. */
  readonly reductions?: readonly Reduction[];
  /**
   * Bounds within which all reductions are sound under ZooKeeper's rules, for any values of the other bounds.
   */
  readonly reducedWhollyAt?: Partial<Bounds>;
  /**
   * Turns a run under reductions into a run without them that has the same projection; null if none is found.
   */
  readonly wholeRun?: (reduced: Model<S>, whole: Model<S>, run: Run) => Run | null;
  /** How its states are drawn; without it a page draws nothing. */
  readonly draws?: Draws;
}
