/** Exploring a model in one call: in this thread, or in several. */
import type { Expectations } from '../language/claims.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import { BreadthFirst, type Options } from './breadth-first.js';
import { Crew } from './crew.js';
import { InvalidOption, refuseNoCrew } from './limits.js';
import { type BuiltModel, buildFrom, identityOfModel, type ModelSource } from './model-source.js';
import type { Outcome } from './outcome.js';

/** The threads of a search, and how each makes the model: functions cannot be sent to another thread. */
export interface Threads {
  readonly workers: number;
  /** A function that makes the same model and expectations. One worker needs none. */
  readonly source?: ModelSource;
}

/**
 * Explores a model to the end, or to a limit. With `workers` it explores in as many threads, and returns a
 * promise; the outcome does not depend on how many there are. Throws what the model throws, as ModelFailed,
 * and InvalidOption for an option that makes no sense.
 */
export function check<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  options: Options & Threads,
): Promise<Outcome>;
export function check<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  options?: Options & { readonly workers?: undefined },
): Outcome;
export function check<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  options: Options & { readonly workers?: number | undefined; readonly source?: ModelSource } = {},
): Outcome | Promise<Outcome> {
  const { workers, source, ...rest } = options;
  if (workers !== undefined) return checkTogether(model, expectations, rest, { workers, source });
  const search = new BreadthFirst(model, expectations, rest);
  while (search.advance(1 << 20));
  return search.outcome();
}

async function checkTogether<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  options: Options,
  { workers, source }: { readonly workers: number; readonly source: ModelSource | undefined },
): Promise<Outcome> {
  refuseNoCrew(workers);
  if (workers === 1) return check(model, expectations, options);
  if (source === undefined) {
    throw new InvalidOption(
      'the option `source`',
      source,
      'the function by which each worker makes the model: { module: import.meta.url, export: its name, args: [] }',
    );
  }
  await refuseOther(model, expectations, source);
  const search = new BreadthFirst(model, expectations, options);
  const crew = await Crew.start(search, source, workers);
  try {
    await crew.run();
  } finally {
    await crew.end();
  }
  return search.outcome();
}

/** So many states are compared of the model given and that of the source. */
const COMPARED = 1000;

/**
 * Throws InvalidOption if the source makes another model, as far as its first states show: workers would
 * explore that one, and the verdict would be of a mixture.
 */
async function refuseOther<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  source: ModelSource,
): Promise<void> {
  const made = await buildFrom(source);
  const isSame =
    identityOfModel(made.model, made.expectations) ===
      identityOfModel(model as unknown as BuiltModel['model'], expectations as BuiltModel['expectations']) &&
    beginningOf(made.model, made.expectations) === beginningOf(model, expectations);
  if (isSame) return;
  const { module, export: name, args } = source;
  throw new InvalidOption(
    'the option `source`',
    `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')}) of ${module}`,
    'the function and the arguments that made the model given: it makes another one',
  );
}

/** The outcome of a search through the first states, without what no model decides. */
function beginningOf<S extends StructType>(model: Model<S>, expectations: Expectations<Reading<S>>): string {
  const { bytes: _, ...outcome } = check(model, expectations, { states: COMPARED });
  return JSON.stringify(outcome);
}
