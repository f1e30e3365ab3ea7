/**
 * Takes the steps of a trace again on a model as it is now, without comparing states: does its claim still
 * fail? If the model or the rules have changed, the states may differ, and only the schedule of the trace is
 * still of use.
 */
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import {
  type Expectations,
  encodeStep,
  Machine,
  type Model,
  type Plain,
  type Reading,
  type StructType,
} from '../language/index.js';
import { differences } from './difference.js';
import { type Mismatch, stateShows, stepShows } from './replay.js';
import type { Trace } from './trace.js';

/** The outcome of a schedule today. */
export type Rerun =
  /** The claim fails after these steps; steps that are no longer enabled were passed over. */
  | { readonly kind: 'fails'; readonly schedule: Schedule }
  /**
   * The claim holds on every step and state, or a step is refused in a state that is the same as in the file.
   */
  | { readonly kind: 'holds'; readonly refused: Mismatch | null }
  /**
   * It cannot be tried: it names something that does not exist, or a step is refused in a state that differs
   * from the file.
   */
  | { readonly kind: 'stale'; readonly mismatch: Mismatch };

/** Takes the schedule of a trace again. Throws what the model throws, as ModelFailed. */
export function rerun<S extends StructType>(
  model: Model<S>,
  { claims }: Expectations<Reading<S>>,
  trace: Trace,
): Rerun {
  const claim = claims.find(({ name }) => name === trace.claim);
  if (claim === undefined && trace.claim !== DEADLOCK) {
    return stale({ step: trace.steps.length, kind: 'unknown claim', claim: trace.claim });
  }
  const asked = { name: trace.claim, claim, witness: undefined };
  const machine = new Machine(model);
  const { initial } = model;
  const start = { action: initial.name, args: trace.initial.args };
  const code = encodeStep([initial], start.action, start.args);
  if (code === null) return stale({ step: 0, kind: 'unknown arguments', ...start });
  if (!machine.start(code)) return stale({ step: 0, kind: 'not enabled', ...start });
  const taken: number[] = [];
  const fails = (): Rerun => ({ kind: 'fails', schedule: { initial: code, steps: taken } });
  if (stateShows(machine, asked, 0)) return fails();
  let asInFile = isSame(trace.initial.state, machine.plain());
  let refused: Mismatch | null = null;
  for (const [i, next] of trace.steps.entries()) {
    const found = codeOf(model, next.action, next.args, i + 1);
    if (typeof found !== 'number') return stale(found);
    if (!machine.admits(found)) {
      refused ??= { step: i + 1, kind: 'not enabled', action: next.action, args: next.args };
      continue;
    }
    machine.apply(found);
    taken.push(found);
    const byStep = stepShows(machine, asked, next);
    machine.advance();
    if (byStep || stateShows(machine, asked, taken.length)) return fails();
    if (refused === null) asInFile &&= isSame(next.state, machine.plain());
  }
  return refused === null || asInFile ? { kind: 'holds', refused } : stale(refused);
}

const stale = (mismatch: Mismatch): Rerun => ({ kind: 'stale', mismatch });

const isSame = (expected: Plain, found: Plain): boolean => differences(expected, found).length === 0;

/** The code of a step, or why it has none. */
function codeOf<S extends StructType>(
  { actions }: Model<S>,
  action: string,
  args: readonly string[],
  step: number,
): number | Mismatch {
  if (!actions.some(({ name }) => name === action)) return { step, kind: 'unknown action', action };
  return encodeStep(actions, action, args) ?? { step, kind: 'unknown arguments', action, args };
}
