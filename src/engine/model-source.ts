/** A model by the module and the function that make it: what can be sent to another thread. */
import type { Expectations } from '../language/claims.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';

export interface ModelSource {
  /** The address of a compiled module: `new URL('./my-model.js', import.meta.url).href`. */
  readonly module: string;
  /** The name of its function that returns a model with its claims and witnesses. */
  readonly export: string;
  /** The arguments of the function, plain data. */
  readonly args: readonly unknown[];
}

/** What the function of a source returns. */
export interface BuiltModel {
  readonly model: Model<StructType>;
  readonly expectations: Expectations<Reading<StructType>>;
}

/** All of a model and its expectations but their functions: what workers must agree on. */
export const identityOfModel = (
  { name, schema, initial, actions, permutations }: BuiltModel['model'],
  { claims, witnesses }: BuiltModel['expectations'],
): string => JSON.stringify([name, schema, initial, actions, permutations, claims, witnesses]);

/** Makes the model. Throws what the module throws, and TypeError if it has no such function. */
export async function buildFrom(source: ModelSource): Promise<BuiltModel> {
  const module = (await import(source.module)) as { readonly [name: string]: unknown };
  const make = module[source.export];
  if (typeof make !== 'function') {
    throw new TypeError(`${source.module} exports no function ${source.export}`);
  }
  return (await make(...source.args)) as BuiltModel;
}
