/** Puts a model's initial states into an empty store: its first states, in the order of their codes. */
import type { Machine } from '../language/machine.js';
import { canonicalizer } from '../language/permutations.js';
import type { StructType } from '../language/types.js';
import type { Batch } from './batch.js';
import { type Board, Stop } from './board.js';
import type { Limits } from './limits.js';
import { PARTITIONS } from './seen-set.js';
import type { Store } from './store.js';

const MOST_AT_ONCE = 1 << 10;

/**
 * Adds them all, or as many as the limits allow, and tells the board why it stopped. Throws what the model
 * throws.
 */
export function addInitialStates<S extends StructType>(
  machine: Machine<S>,
  store: Store,
  board: Board,
  limits: Required<Limits>,
): void {
  const canonicalize = canonicalizer(machine.model);
  const [batch] = board.batches;
  const codes: number[] = [];
  const most = Math.min(MOST_AT_ONCE, batch.capacity);
  const flush = () => {
    board.stop = addBatch(store, batch, codes, limits);
    codes.length = 0;
  };
  for (let code = 0; code < machine.initials && board.stop === Stop.none; code++) {
    if (!machine.start(code)) continue;
    canonicalize?.(machine.memory, 0);
    batch.states.set(machine.memory.subarray(0, machine.words), codes.length * machine.words);
    codes.push(code);
    if (codes.length === Math.min(most, limits.states - store.distinct)) flush();
  }
  if (board.stop === Stop.none && codes.length > 0) flush();
  store.levelEnd = store.distinct;
}

function addBatch(store: Store, batch: Batch, codes: readonly number[], limits: Required<Limits>): number {
  const { seen, frontier, predecessors } = store;
  const { words } = store.shape;
  const candidates = new Float64Array(PARTITIONS).fill(codes.length);
  if (seen.plan(candidates) + predecessors.bytes + frontier.bytes > limits.memory) return Stop.memory;
  try {
    seen.reserve();
    frontier.reserve(store.distinct + codes.length);
    predecessors.reserve(store.distinct + codes.length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return Stop.machine;
  }
  for (let p = 0; p < PARTITIONS; p++) seen.grow(p);
  const offsets = new Int32Array(PARTITIONS + 1);
  codes.forEach((code, n) => {
    batch.enter(n, n + 1, offsets, 0);
    // Its table is the one whose entries end after it.
    if (seen.add(offsets.indexOf(n + 1) - 1, { ...batch, from: n, to: n + 1 }) === 0) return;
    const { memory, at } = frontier.locate(store.distinct);
    memory.set(batch.states.subarray(n * words, (n + 1) * words), at);
    predecessors.addInitial(code);
    store.distinct++;
  });
  return store.distinct >= limits.states ? Stop.states : Stop.none;
}
