/** Scenarios: claims on one fixed sequence of steps, run before the search begins. */
import type { Claim, Scenario } from '../language/claims.js';
import { ask } from '../language/diagnosis.js';
import { InvalidModel } from '../language/errors.js';
import type { Machine } from '../language/machine.js';
import { encodeStep } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import type { Schedule, Violation } from './outcome.js';

/**
 * The scenarios among the claims that cannot be run, or that pass a state they exclude, with the steps so
 * far. Throws InvalidModel if one starts where the model does not.
 */
export function brokenScenarios<S extends StructType>(
  machine: Machine<S>,
  claims: readonly Claim<Reading<S>>[],
): Violation[] {
  return claims.flatMap((claim) => {
    const schedule = claim.kind === 'scenario' ? whereItBreaks(machine, claim) : null;
    return schedule === null ? [] : [{ claim: claim.name, schedule }];
  });
}

/** The steps after which the scenario cannot go on, or should not stand where it does; null if it runs. */
function whereItBreaks<S extends StructType>(
  machine: Machine<S>,
  scenario: Scenario<Reading<S>>,
): Schedule | null {
  const { initial: start, actions } = machine.model;
  const initial = encodeStep([start], start.name, scenario.initial);
  const steps: number[] = [];
  if (initial === null || !machine.start(initial)) {
    throw new InvalidModel(
      `the start of ${scenario.name} is ${start.name}(${scenario.initial.join(', ')}), which the guard of ` +
        `\`initial\` excludes. Start it where ${machine.model.name} starts.`,
    );
  }
  for (const [action, ...args] of scenario.steps) {
    const code = encodeStep(actions, action, args);
    if (code === null || !machine.admits(code)) return { initial, steps };
    steps.push(code);
    machine.apply(code);
    machine.advance();
    const taken = steps.length;
    if (!ask(machine, 'claim', scenario.name, () => scenario.holds(machine.pre, taken))) {
      return { initial, steps };
    }
  }
  return null;
}
