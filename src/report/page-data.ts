/** The data of a page: the JSON that page.ts writes into the file. */
import type { Bounds } from '../../models/index.js';
import type { Lesson } from '../story/lesson.js';
import type { Trace } from '../trace/schema.js';
import type { CheckPart, ExplorePart, MutantsPart } from './parts.js';

/** A trace to step through, and to go on from. */
export interface TracePage {
  readonly kind: 'trace';
  readonly trace: Trace;
  /** Every bound of the model, also those that the trace does not state. */
  readonly bounds: Bounds;
  readonly boundsInWords: string;
  /** Each step in words. */
  readonly sentences: readonly string[];
  /** The trace as a table, of a model that a user wrote: no page knows how to draw its servers. */
  readonly table: readonly (readonly string[])[] | null;
  /** What the last step shows: a claim violated or a witness reached; null if nothing. */
  readonly shows: 'violated' | 'shown' | null;
  /** Why the claim that it violates fails at its end; null if it violates none. */
  readonly explanation: string | null;
  /** The command that repeats the trace. */
  readonly replay: string;
  /** Why the page cannot run the model of this trace, in a sentence; null if it can. */
  readonly unexplorable: string | null;
}

/** The guided page. */
export interface TutorialPage {
  readonly kind: 'tutorial';
  /** The version of fle-check, for the branches that it saves. */
  readonly tool: string;
  /** Its title; without it `fle-check tutorial`. */
  readonly heading?: string;
  /** Lessons in place of those of the program. */
  readonly lessons?: readonly Lesson[];
}

/** The parts of a report by command; null for a command that has written none. */
export interface ReportPage {
  readonly kind: 'report';
  readonly check: CheckPart | null;
  readonly explore: ExplorePart | null;
  readonly mutants: MutantsPart | null;
}

export type { CheckPart, ExplorePart, MutantsPart };

export type PageData = TracePage | TutorialPage | ReportPage;
