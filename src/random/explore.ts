/** Random exploration of one model, within the bounds that it has. */
import type { Expectations } from '../language/claims.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import { type ExplorationOptions, explore as exploreSubject } from './exploration.js';
import type { RandomOutcome } from './outcome.js';
import type { Built } from './schedule.js';

const DEFAULTS = { seed: 1, runs: 100 } as const;

/**
 * Runs a model at random, many runs from its initial states, until a claim fails or all runs are made. What
 * fails is shrunk, and then searched for a shortest run. The result depends on the model and the options
 * alone. *passed* is said of the runs made, not of the model. Throws what the model throws, as ModelFailed.
 */
export function explore<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  options: Partial<ExplorationOptions> = {},
): RandomOutcome {
  // The walk knows no schema: it is handed views by the machine that it makes.
  const built = { model, expectations } as unknown as Built;
  return exploreSubject({ space: {}, build: () => built }, { ...DEFAULTS, ...options });
}
