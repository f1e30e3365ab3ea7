/** Random exploration of one model, within the bounds that it has. */
import { InvalidOption } from '../engine/limits.js';
import type { Expectations } from '../language/claims.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import { type ExplorationOptions, exploreSubject } from './exploration.js';
import type { RandomOutcome } from './outcome.js';
import type { Built } from './schedule.js';

const DEFAULTS = { seed: 1, runs: 100 } as const;

/**
 * Runs a model at random, many runs from its initial states, until a claim fails or all runs are made. What
 * fails is shrunk, and then searched for a shortest run. The result depends on the model and the options
 * alone. *passed* is said of the runs made, not of the model. Throws what the model throws, as ModelFailed;
 * InvalidOption for a number that makes no sense.
 */
export function explore<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  options: Partial<ExplorationOptions> = {},
): RandomOutcome {
  const asked = { ...DEFAULTS, ...options };
  refuseSenseless(asked);
  // The walk knows no schema: it is handed views by the machine that it makes.
  const built = { model, expectations } as unknown as Built;
  return exploreSubject({ space: {}, build: () => built }, asked);
}

function refuseSenseless({ seed, runs, choices = 1, statesMax = 1 }: ExplorationOptions): void {
  if (!Number.isSafeInteger(seed)) throw new InvalidOption('the option `seed`', seed, 'a whole number');
  for (const [name, value] of Object.entries({ runs, choices, statesMax })) {
    const isCount = Number.isSafeInteger(value) && value >= 1;
    if (!isCount) throw new InvalidOption(`the option \`${name}\``, value, 'a whole number from 1');
  }
}
