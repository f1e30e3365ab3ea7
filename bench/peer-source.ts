/** The peer model by plain data, so that a worker can make it for itself. */

import type { BuiltModel, ModelSource } from '../src/engine/model-source.js';
import { peerExpectations } from './peers/claims.js';
import { peerModel } from './peers/model.js';

export interface Bounds {
  readonly rounds: number;
  readonly crashes: number;
}

/** With all claims and witnesses of the peer model, or with none. */
export function peer({ rounds, crashes }: Bounds, claims: boolean): BuiltModel {
  const expectations = claims ? peerExpectations(rounds, crashes) : { claims: [], witnesses: [] };
  return { model: peerModel(rounds, crashes), expectations } as unknown as BuiltModel;
}

/** What a worker needs to make `peer(bounds, claims)`. */
export const peerSource = (bounds: Bounds, claims: boolean): ModelSource => ({
  module: import.meta.url,
  export: 'peer',
  args: [bounds, claims],
});
