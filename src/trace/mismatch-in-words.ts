/** Where a trace and the model part, in words. */
import type { Mismatch } from './replay.js';
import { stepName } from './text.js';
import type { Trace } from './trace.js';

/** `step 2, Start s1: the model has no action Start`. */
export function mismatchInWords(mismatch: Mismatch, trace: Trace): string {
  const { step } = mismatch;
  const where = step === 0 ? 'the start' : `step ${step}, ${stepName(trace.steps[step - 1])}`;
  return `${where}: ${whatParts(mismatch)}`;
}

function whatParts(mismatch: Mismatch): string {
  switch (mismatch.kind) {
    case 'unknown action':
      return `the model has no action ${mismatch.action}`;
    case 'unknown arguments':
      return `${mismatch.action} does not take (${mismatch.args.join(', ')})`;
    case 'not enabled':
      return 'the model does not admit this step there';
    case 'failed':
      return mismatch.message.split('\n')[0];
    case 'unknown claim':
      return `the model has no claim or witness ${mismatch.claim}`;
    case 'claim not shown':
      return `all states agree, but ${mismatch.claim} is not ${mismatch.expected} there`;
    case 'state differs':
      return 'the state differs';
  }
}
