/** The language that models are written in. */

export type { Action, ActionGroup, Domain, NamedAction } from './action.js';
export * from './claims.js';
export * from './errors.js';
export { Machine } from './machine.js';
export {
  checkExpectations,
  type Drawn,
  decodeStep,
  defineModel,
  domain,
  encodeStep,
  type Model,
  type ModelDefinition,
  printStep,
  upTo,
} from './model.js';
export { type Canonicalize, canonicalizer, type Permute, permuter } from './permutations.js';
export { plainView } from './plain.js';
export { type Plain, toPlain } from './to-plain.js';
export { type Twin, twinOf } from './twin.js';
export * from './types.js';
export * from './view-types.js';
