/** What a page shows at a time: a trace with its story, from a file or as the reader has built it. */
import type { Case } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import { type Shown, shownBy, traceOfSchedule } from '../story/branch.js';
import { type Story, storyOf } from '../story/story.js';
import { explanationOf } from '../trace/explanation.js';
import type { Trace } from '../trace/schema.js';
import { sentencesOf } from '../trace/sentences.js';

export interface Run {
  readonly trace: Trace;
  readonly words: readonly string[];
  readonly story: Story;
  /** The codes of its steps; null of a trace that the page cannot run. */
  readonly schedule: Schedule | null;
  /** How its last step is marked. */
  readonly mark: 'violated' | 'shown' | null;
  /** Why the claim that it violates fails at its end; null if it violates none. */
  readonly explanation: string | null;
  readonly origin: 'file' | 'lesson' | 'branch';
}

/**
 * The run of a schedule that the reader or a lesson has chosen: for `target`, or for the gravest thing that
 * it shows.
 */
export function runOf(
  subject: Case,
  schedule: Schedule,
  tool: string,
  origin: 'lesson' | 'branch',
  target: string | null = null,
): Run {
  const best = bestOf(shownBy(subject, schedule), target);
  const trace = traceOfSchedule(subject, schedule, best, tool);
  const words = sentencesOf(subject.model, trace);
  return {
    trace,
    words,
    story: storyOf(subject, trace, words),
    schedule,
    mark: best === null ? null : best.kind === 'claim' ? 'violated' : 'shown',
    explanation: explanationOf(subject.model, subject.expectations, trace),
    origin,
  };
}

/** Witnesses that almost every run reaches say least: the last declared that is not of one server alone. */
const bestOf = (shown: readonly Shown[], target: string | null): Shown | null =>
  shown.find(({ name }) => name === target) ??
  shown.find(({ kind }) => kind === 'claim') ??
  shown.filter(({ name }) => !/^s\d+Leads$/.test(name)).at(-1) ??
  shown[0] ??
  null;
