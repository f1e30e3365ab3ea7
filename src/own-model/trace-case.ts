/** A trace as the model that it is of takes it: one that ships, or one in a file that the user names. */
import type { Case } from '../../properties/index.js';
import { caseOfTrace, ruleSetOfTrace } from '../cases/trace-case.js';
import { BadUsage } from '../process/usage.js';
import type { Trace } from '../trace/trace.js';
import { ownCase } from './case.js';
import { loadModel } from './load.js';

/** The files under which a trace was made; a trace cannot choose a file to run, so the user names them. */
export interface FilesOfTrace {
  readonly rules: string | undefined;
  /** `./mine.js#make`. */
  readonly model: string | undefined;
}

/** Whether a trace says that a model of a user took it: such a model has no rule set. */
export const isOfModelFile = ({ rules }: Pick<Trace, 'rules'>): boolean => rules === '';

/** The case of a trace. Throws `BadUsage` if the model, its rules or its bounds are not there. */
export async function caseAskedFor(trace: Trace, path: string, files: FilesOfTrace): Promise<Case> {
  const { rules, model } = files;
  if (!isOfModelFile(trace)) {
    if (model === undefined) return caseOfTrace(trace, path, await ruleSetOfTrace(trace, path, rules));
    throw new BadUsage(
      `${path} is of ${trace.model}, which ships with fle-check: leave out --model ${model}`,
    );
  }
  if (model === undefined) {
    const advice = 'name its file and function, as in --model ./mine.js#make, to have it run';
    throw new BadUsage(`${path} is of ${trace.model}, a model that a user wrote: ${advice}`);
  }
  const subject = ownCase(await loadModel(model, argumentsIn(trace, path)));
  if (subject.model.name === trace.model) return subject;
  throw new BadUsage(`${path} is of ${trace.model}, and ${model} makes ${subject.model.name}`);
}

/** The arguments of the function, according to the trace. */
function argumentsIn({ bounds }: Trace, path: string): readonly unknown[] {
  const { args = '[]' } = bounds;
  try {
    const parsed: unknown = JSON.parse(String(args));
    if (Array.isArray(parsed)) return parsed;
  } catch {
    // Told below, as what is JSON and no list.
  }
  throw new BadUsage(`${path} has arguments that are no list of JSON: ${args}`);
}
