/** The search in the background: the program of the page, run again as a worker. */
import { type Bounds, findFamily, findRuleSet } from '../../models/index.js';
import { caseOf } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import type { Target } from '../story/branch.js';
import { type Found, shortestWay } from '../story/shortest.js';

/** What to look for, and where; the model by its name, since no function can be sent. */
export interface Question {
  readonly model: string;
  readonly bounds: Bounds;
  readonly rules: string;
  readonly from: Schedule;
  readonly target: Target;
}

export type Answer = Found | { readonly kind: 'failed'; readonly because: string };

/** Answers one question, with every bit of progress before. */
export function serve(): void {
  addEventListener('message', ({ data }: MessageEvent<Question>) => {
    try {
      for (const found of answersTo(data)) postMessage(found);
    } catch (error) {
      postMessage({ kind: 'failed', because: error instanceof Error ? error.message : String(error) });
    }
  });
}

function answersTo({ model, bounds, rules, from, target }: Question): Iterable<Found> {
  const [family, ruleSet] = [findFamily(model), findRuleSet(rules)];
  if (family === undefined || ruleSet === undefined)
    throw new TypeError(`there is no ${model} under ${rules}`);
  return shortestWay(caseOf(family, bounds, ruleSet), from, target);
}

/** Asks a new worker; the function that is returned ends it, whether it has answered or not. */
export function ask(question: Question, onAnswer: (answer: Answer) => void): () => void {
  const program = document.querySelector('script[type="module"]')?.textContent ?? '';
  const address = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  const worker = new Worker(address);
  const end = () => {
    worker.terminate();
    URL.revokeObjectURL(address);
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    if (data.kind !== 'progress') end();
    onAnswer(data);
  });
  worker.addEventListener('error', ({ message }) => {
    end();
    onAnswer({ kind: 'failed', because: message ?? 'the search could not be started' });
  });
  worker.postMessage(question);
  return end;
}
