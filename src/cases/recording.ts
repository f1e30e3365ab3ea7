/** A run of a case as a trace, with the claim or witness that it shows. */
import type { Case } from '../../properties/index.js';
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import { VERSION } from '../process/version.js';
import { recordTrace, type Trace } from '../trace/trace.js';

/** A schedule that violates a claim, or reaches a witness, as a trace. */
export function traceOf(subject: Case, claim: string, schedule: Schedule): Trace {
  const { model, stated, ruleSet } = subject;
  const heading = { tool: VERSION, bounds: { ...stated }, rules: ruleSet.name, claim };
  return recordTrace(model, schedule, { ...heading, ...wordsOf(subject, claim) });
}

/** In words: a claim, a witness, or the demand that every state has a step unless it is terminal. */
function wordsOf({ expectations }: Case, name: string): { says: string; source: string } {
  if (name === DEADLOCK) return { says: 'A state that is not terminal has a step.', source: 'every model' };
  const all = [...expectations.claims, ...expectations.witnesses];
  const claim = all.find((candidate) => candidate.name === name);
  return { says: claim?.says ?? name, source: claim?.source ?? '' };
}
