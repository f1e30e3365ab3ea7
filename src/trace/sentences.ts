/** What a model says of each step of a trace. */
import { decodeStep, encodeStep, Machine, type Model, type StructType } from '../language/index.js';
import { stepName } from './text.js';
import type { Trace } from './trace.js';

/**
 * For each step the words of its action (`says`), read in the state before it; its name where it has none,
 * and from the first step that the model no longer takes.
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
    const words = action.says?.(machine.pre, ...args) ?? stepName(step);
    machine.apply(code);
    machine.advance();
    return words;
  });
}
