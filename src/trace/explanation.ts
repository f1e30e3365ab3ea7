/** Why a claim fails at the end of a trace: the culprits and their values. The claim itself says the rule. */
import { DEADLOCK } from '../engine/outcome.js';
import {
  decodeStep,
  type Expectations,
  encodeStep,
  Machine,
  type Model,
  type Plain,
  type Reading,
  type StructType,
} from '../language/index.js';
import { type Asked, stateShows, stepShows } from './replay.js';
import { stepName } from './text.js';
import type { Trace } from './trace.js';

/**
 * A sentence that says why the claim of a trace fails on its last step or in its last state. null if it does
 * not fail there, as in the trace of a witness, or if the model cannot take the trace.
 */
export function explanationOf<S extends StructType>(
  model: Model<S>,
  { claims }: Expectations<Reading<S>>,
  { claim: name, initial, steps }: Trace,
): string | null {
  const claim = claims.find((one) => one.name === name);
  if (claim === undefined && name !== DEADLOCK) return null;
  const machine = new Machine(model);
  const start = encodeStep([model.initial], model.initial.name, initial.args);
  if (start === null || !machine.start(start)) return null;
  for (const [i, { action, args }] of steps.entries()) {
    if (i > 0) machine.advance();
    const code = encodeStep(model.actions, action, args);
    if (code === null || !machine.admits(code)) return null;
    machine.apply(code);
  }
  return explanationAtEnd(machine, { name, claim, witness: undefined }, steps);
}

/** The same, from a machine that has applied the last of these steps and not advanced. */
function explanationAtEnd<S extends StructType>(
  machine: Machine<S>,
  asked: Asked<S>,
  steps: Trace['steps'],
): string | null {
  const { claim } = asked;
  const last = steps.at(-1);
  if (claim?.kind === 'step') {
    if (last === undefined || !stepShows(machine, asked, last)) return null;
    const { args } = decodeStep(
      machine.model.actions,
      encodeStep(machine.model.actions, last.action, last.args) as number,
    );
    return told(() => claim.explain(machine.pre, machine.post as unknown as Reading<S>, ...args));
  }
  if (last !== undefined) machine.advance();
  if (!stateShows(machine, asked, steps.length)) return null;
  if (claim?.kind === 'state') return told(() => claim.explain(machine.pre));
  if (claim?.kind !== 'scenario') return told(() => stuckBecause(machine));
  if (!claim.holds(machine.pre, steps.length)) return told(() => claim.explain(machine.pre, steps.length));
  const next = claim.steps[steps.length];
  if (next === undefined) return `There is no initial state ${claim.initial.join(', ')}.`;
  const [action, ...args] = next;
  return `The next step of the scenario, ${stepName({ action, args })}, is not enabled.`;
}

/** If an explanation fails, the violation is reported all the same. */
function told(explain: () => string): string {
  try {
    const words: unknown = explain();
    return typeof words === 'string' ? words : 'The claim fails here, and its `explain` returned no text.';
  } catch (error) {
    return `The claim fails here, and so does its explanation: ${error instanceof Error ? error.message : error}`;
  }
}

/**
 * The explanation of a deadlock: why no step is enabled, in the words of the model, or else the role of each
 * server.
 */
function stuckBecause<S extends StructType>(machine: Machine<S>): string {
  const because = machine.model.stuckBecause?.(machine.pre) ?? '';
  const what = 'no step is enabled, and the model may not end in this state.';
  if (because !== '') return `${because}: ${what}`;
  const { server } = (machine.plain() ?? {}) as { readonly server?: readonly { readonly state?: Plain }[] };
  const places = (Array.isArray(server) ? server : []).flatMap(({ state: role }, i) =>
    role === undefined ? [] : [`s${i + 1} is ${role === 'OFF' ? 'off' : role}`],
  );
  return places.length === 0 ? `N${what.slice(1)}` : `${places.join(', ')}: ${what}`;
}
