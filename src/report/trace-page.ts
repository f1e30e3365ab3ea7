/** The data of the page of a trace. */
import type { Bounds } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import { ownOptionsOf } from '../claims-file/opened.js';
import { isRulesFile } from '../rules-file/index.js';
import { explanationOf } from '../trace/explanation.js';
import { mismatchInWords } from '../trace/mismatch-in-words.js';
import { type Mismatch, replay } from '../trace/replay.js';
import { drawnIn, sentencesOf } from '../trace/sentences.js';
import { stepName, type TextOptions, traceRows } from '../trace/text.js';
import { BRANCH, type Trace } from '../trace/trace.js';
import type { TracePage } from './page-data.js';
import { replayCommand } from './terminal.js';

/** The page of a trace of a model; `file` is where the trace is. */
export function tracePageOf(subject: Case, trace: Trace, file: string): TracePage {
  const { family, bounds, ruleSet, model, expectations } = subject;
  const mismatch = replay(model, expectations, trace);
  return {
    kind: 'trace',
    trace,
    bounds,
    boundsInWords: family.describe(bounds),
    sentences: sentencesOf(model, trace),
    table: isOfShipped(trace) ? null : traceRows(trace, tableOptionsOf(model, trace)),
    shows: mismatch === null ? shownBy(subject, trace) : null,
    explanation: mismatch === null ? explanationOf(model, expectations, trace) : null,
    replay: replayCommand(file, ownOptionsOf(subject)),
    unexplorable: isOfShipped(trace) ? obstacle(ruleSet.name, trace, mismatch) : partedAt(trace, mismatch),
  };
}

/** The page of a trace that today's models cannot take: its states as they are, and the reason. */
export const staticPageOf = (trace: Trace, file: string, because: string): TracePage => ({
  kind: 'trace',
  trace,
  bounds: trace.bounds as unknown as Bounds,
  boundsInWords: Object.entries(trace.bounds)
    .map(([name, value]) => `${name} ${value}`)
    .join(', '),
  sentences: trace.steps.map(stepName),
  table: isOfShipped(trace) ? null : traceRows(trace),
  shows: null,
  explanation: null,
  replay: replayCommand(file, []),
  unexplorable: `The page shows the trace as it is written, and cannot go on from it: ${because}`,
});

function shownBy({ expectations }: Case, { claim }: Trace): TracePage['shows'] {
  if (claim === BRANCH.name) return null;
  return expectations.witnesses.some(({ name }) => name === claim) ? 'shown' : 'violated';
}

/** Why the page cannot go on from the trace with the model; null if it can. */
function obstacle(rules: string, trace: Trace, mismatch: Mismatch | null): string | null {
  const parted = partedAt(trace, mismatch);
  if (parted !== null) return parted;
  return isRulesFile(rules)
    ? 'The rules of this trace are in a file, which a page cannot run: the page shows the trace, and cannot go on from it.'
    : null;
}

/** That the model does otherwise than the trace; null if it does not. */
const partedAt = (trace: Trace, mismatch: Mismatch | null): string | null =>
  // A trace of a scenario is of one that holds.
  mismatch === null || mismatch.kind === 'claim not shown'
    ? null
    : `The trace and today's model part at ${mismatchInWords(mismatch, trace)}. The page shows the trace as it is written.`;

/** A model that a user wrote has no rule set. */
const isOfShipped = ({ rules }: Trace): boolean => rules !== '';

const tableOptionsOf = (model: Case['model'], trace: Trace): TextOptions => ({
  steps: sentencesOf(model, trace),
  drawn: drawnIn(model, trace),
});
