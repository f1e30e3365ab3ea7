/** The words of a model for each step of a trace. */
import {
  type Drawn,
  decodeStep,
  encodeStep,
  Machine,
  type Model,
  type StructType,
} from '../language/index.js';
import { stepName } from './text.js';
import type { Trace } from './trace.js';

/**
 * For each step the words of its action (`says`), read in the state before it. Its name, if the action has no
 * words, and from the first step on that the model no longer takes.
 */
export function sentencesOf<S extends StructType>(model: Model<S>, trace: Trace): readonly string[] {
  const machine = new Machine(model);
  const initial = encodeStep([model.initial], model.initial.name, trace.initial.args);
  let follows = initial !== null && machine.start(initial);
  return trace.steps.map((step) => {
    const code = encodeStep(model.actions, step.action, step.args);
    follows &&= code !== null && machine.admits(code);
    if (!follows || code === null) return stepName(step);
    const { action, args } = decodeStep(model.actions, code);
    const words =
      action.says === undefined ? stepName(step) : said(step, () => action.says?.(machine.pre, ...args));
    machine.apply(code);
    machine.advance();
    return words;
  });
}

/** Each state of a trace as its model draws it; null if the model draws none, or does not take the trace. */
export function drawnIn<S extends StructType>(
  model: Model<S>,
  { initial, steps }: Trace,
): readonly Drawn[] | null {
  const { draw } = model;
  if (draw === undefined) return null;
  const machine = new Machine(model);
  const start = encodeStep([model.initial], model.initial.name, initial.args);
  if (start === null || !machine.start(start)) return null;
  const drawn = [drawnOr(() => draw(machine.pre))];
  for (const { action, args } of steps) {
    const code = encodeStep(model.actions, action, args);
    if (code === null || !machine.admits(code)) return null;
    machine.apply(code);
    machine.advance();
    drawn.push(drawnOr(() => draw(machine.pre)));
  }
  return drawn;
}

/** What `says` returns; the name of the step, and what is wrong, if it returns no text. */
function said(step: Trace['steps'][number], says: () => unknown): string {
  try {
    const words = says();
    return typeof words === 'string' ? words : `${stepName(step)} (\`says\` returned no text)`;
  } catch (error) {
    return `${stepName(step)} (\`says\` threw ${String(error)})`;
  }
}

/** What `draw` returns, as texts; a column that says what is wrong, if it returns no columns. */
function drawnOr(draw: () => unknown): Drawn {
  try {
    const drawn = draw();
    if (typeof drawn !== 'object' || drawn === null) return { state: '`draw` returned no columns' };
    return Object.fromEntries(Object.entries(drawn).map(([part, words]) => [part, String(words)]));
  } catch (error) {
    return { state: `\`draw\` threw ${String(error)}` };
  }
}
