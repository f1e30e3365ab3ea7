/** A run of a case as a trace, with the claim or witness that it shows. */
import type { Case } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import { VERSION } from '../process/version.js';
import { recordTrace, type Trace, wordsOf } from '../trace/trace.js';

/** A schedule that violates a claim, or reaches a witness, as a trace. */
export function traceOf(subject: Case, claim: string, schedule: Schedule): Trace {
  const { model, stated, ruleSet } = subject;
  const heading = { tool: VERSION, bounds: { ...stated }, rules: ruleSet.name, claim };
  return recordTrace(model, schedule, { ...heading, ...wordsOf(subject.expectations, claim) });
}
