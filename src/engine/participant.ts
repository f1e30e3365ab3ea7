/**
 * One thread's part in a search. The states of a level are expanded block by block: all threads expand the
 * chunks of the block, then all look the successors up, a table of the seen-set at a time, then all append
 * what was new, in the order in which one thread alone would have found it. So nothing that a search says
 * depends on how many threads there are.
 */
import type { Expectations } from '../language/claims.js';
import { AbsentEntryWritten, GuardWrites, ResultIgnored } from '../language/errors.js';
import { Machine } from '../language/machine.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import type { Batch } from './batch.js';
import { type Board, MOST_BLOCK, Phase, POSITION_STRIDE, Stop } from './board.js';
import type { Limits } from './limits.js';
import { PARTITIONS } from './seen-set.js';
import { isTwice, StabilityCheck } from './stability.js';
import { findingKey, NOTHING, type Store } from './store.js';
import { createExpander, type Expander, NO_STEP } from './successors.js';
import { isChecked, isCheckedThoroughly, SymmetryCheck } from './symmetry.js';

/**
 * Successors that a block should have: few while the seen-set is small, so that batches stay in the cache;
 * more when it is large, so that a table is worth its page walks when its turn comes.
 */
const FEWEST_SUCCESSORS = 1 << 14;
const MOST_SUCCESSORS = 1 << 20;
const STATES_A_SUCCESSOR = 64;

export class Participant<S extends StructType> {
  readonly machine: Machine<S>;
  readonly #store: Store;
  readonly #board: Board;
  readonly #me: number;
  readonly #batch: Batch;
  readonly #limits: Required<Limits>;
  readonly #expander: Expander;
  readonly #counts: Float64Array;
  readonly #position: Float64Array;
  readonly #found: Float64Array;
  readonly #candidates = new Float64Array(PARTITIONS);
  /** The search ends with this level at the latest: a scenario is known to break there. */
  lastLevel = Infinity;
  readonly #symmetry: SymmetryCheck<S> | null;
  readonly #stability: StabilityCheck<S>;
  #used = 0;
  /** What the model threw in this thread. */
  error: unknown = null;

  constructor(
    model: Model<S>,
    expectations: Expectations<Reading<S>>,
    store: Store,
    board: Board,
    me: number,
    limits: Required<Limits>,
  ) {
    this.machine = new Machine(model);
    this.#symmetry = model.permutations === null ? null : new SymmetryCheck(model, expectations);
    this.#stability = new StabilityCheck(model, expectations);
    this.#store = store;
    this.#board = board;
    this.#me = me;
    this.#batch = board.batches[me];
    this.#limits = limits;
    const { actions, claims, witnesses } = store.shape;
    this.#counts = new Float64Array(actions);
    this.#position = board.position.subarray(me * POSITION_STRIDE, (me + 1) * POSITION_STRIDE);
    const findings = claims + 1 + witnesses;
    this.#found = board.found.subarray(me * findings, (me + 1) * findings);
    this.#expander = createExpander(this.machine, expectations, this.#batch, {
      violated: (claim, code) => this.#note(claim, code),
      deadlocked: () => this.#note(claims, NO_STEP),
      found: (witness, code) => {
        this.#expander.sought[witness] = 0;
        this.#note(claims + 1 + witness, code);
      },
      absentEntryWritten: (code) => {
        this.machine.memory.fill(0, 2 * this.machine.words);
        throw new AbsentEntryWritten(this.machine.print(code));
      },
      resultReturned: () => {
        throw new ResultIgnored('a result');
      },
      stateWritten: (code) => {
        throw new GuardWrites(`a claim or a witness on ${this.machine.print(code)}`);
      },
      guardWrote: () => {
        throw new GuardWrites('a guard, a claim or a predicate');
      },
    });
  }

  /** Works until the search pauses: at its end, at a limit, when asked to, or when a thread has failed. */
  run(): void {
    const board = this.#board;
    board.barrier(() => this.#plan());
    while (board.phase !== Phase.paused && !board.aborted) {
      if (board.phase === Phase.expand) {
        this.#expandChunks();
        board.barrier(() => this.#afterExpansion());
      } else if (board.phase === Phase.insert) {
        this.#insertTables();
        board.barrier(() => this.#afterInsertion());
      } else {
        this.#appendChunks();
        board.barrier(() => this.#commit());
      }
    }
  }

  /** Sets out the next block, or pauses. */
  #plan(): void {
    const store = this.#store;
    if (store.expanded === store.levelEnd && !this.#nextLevel()) return this.#board.begin(Phase.paused);
    if (this.#board.stop !== Stop.none) return this.#board.begin(Phase.paused);
    const { workers, failed, found } = this.#board;
    failed.fill(NOTHING, 0, workers);
    found.fill(NOTHING);
    this.#board.setOut(Math.min(this.#blockStates(), store.levelEnd - store.expanded));
    this.#board.begin(Phase.expand);
  }

  /** Goes to the next level; false if the search is finished. */
  #nextLevel(): boolean {
    const store = this.#store;
    store.finished ||= store.violated || this.lastLevel <= store.level || store.distinct === store.expanded;
    if (store.finished) return false;
    store.level++;
    store.levelEnd = store.distinct;
    return true;
  }

  /**
   * As many states as should have the successors of a block; fewer if a limit is near, or if one thread could
   * not hold the successors of all of them.
   */
  #blockStates(): number {
    const { expanded, distinct, generated } = this.#store;
    const successors = Math.max(1, generated / Math.max(1, expanded));
    const left = Math.max(1, this.#limits.states - distinct);
    const wanted = Math.max(FEWEST_SUCCESSORS, Math.min(MOST_SUCCESSORS, distinct / STATES_A_SUCCESSOR));
    const fit = Math.floor(this.#batch.capacity / this.#store.shape.instances);
    return Math.ceil(Math.min(MOST_BLOCK, fit, wanted / successors, left / successors));
  }

  #expandChunks(): void {
    const board = this.#board;
    this.#store.refresh();
    this.#counts.fill(0);
    this.#used = 0;
    const { claims } = this.#store.shape;
    const { sought } = this.#expander;
    for (let i = 0; i < sought.length; i++) sought[i] = this.#store.found[claims + 1 + i] === NOTHING ? 1 : 0;
    try {
      for (let chunk = board.claim(); chunk < board.chunks; chunk = board.claim()) this.#expandChunk(chunk);
    } catch (error) {
      board.failed[this.#me] = this.#position[0];
      this.error = error;
    }
    const { actions } = this.#store.shape;
    board.counts.set(this.#counts, this.#me * actions);
  }

  #expandChunk(chunk: number): void {
    const board = this.#board;
    const { frontier, shape } = this.#store;
    const first = chunk * board.chunkStates;
    const last = Math.min(first + board.chunkStates, board.states);
    let n = this.#used;
    board.owner[chunk] = this.#me;
    board.from[chunk] = n;
    let place = frontier.locate(this.#store.expanded + first);
    let { at, left } = place;
    for (let i = first; i < last; i++) {
      if (left === 0) {
        place = frontier.locate(this.#store.expanded + i);
        ({ at, left } = place);
      }
      const state = this.#store.expanded + i;
      this.#position[0] = state;
      const before = n;
      n = this.#expander.visit(place.memory, at, n, this.#counts, this.#position);
      if (isTwice(state)) this.#stability.check(place.memory, at, this.#batch, before, n);
      if (this.#symmetry !== null && isChecked(state, this.#store.levelEnd))
        this.#symmetry.check(place.memory, at, isCheckedThoroughly(state));
      board.ends[i] = n;
      at += shape.words;
      left--;
    }
    this.#checkFirstSteps(first, board.from[chunk], n);
    board.to[chunk] = n;
    this.#used = n;
    this.#batch.enter(board.from[chunk], n, board.offsets, chunk * (PARTITIONS + 1));
  }

  /**
   * Computes the successors of states again in which a chunk has taken an action that no block before has
   * taken. Its first state is `first`, and its successors lie in the batch from one position to another.
   */
  #checkFirstSteps(first: number, from: number, to: number): void {
    const { counts, frontier, expanded } = this.#store;
    const [{ codes }, { ends }] = [this.#batch, this.#board];
    const isNew = this.#counts.map((count, k) => (count > 0 && counts[k] === 0 ? 1 : 0));
    for (let n = from, i = first; isNew.includes(1) && n < to; n++) {
      while (ends[i] <= n) i++;
      const action = this.machine.actionOf[codes[n]];
      if (isNew[action] === 0) continue;
      isNew[action] = 0;
      this.#position[0] = expanded + i;
      const { memory, at } = frontier.locate(expanded + i);
      this.#stability.check(memory, at, this.#batch, i === first ? from : ends[i - 1], ends[i]);
    }
  }

  #afterExpansion(): void {
    const board = this.#board;
    for (let me = 0; me < board.workers; me++) {
      if (board.failed[me] !== NOTHING) return board.begin(Phase.paused);
    }
    const candidates = this.#candidates.fill(0);
    let total = 0;
    for (let chunk = 0; chunk < board.chunks; chunk++) {
      const row = chunk * (PARTITIONS + 1);
      for (let p = 0; p < PARTITIONS; p++) {
        candidates[p] += board.offsets[row + p + 1] - board.offsets[row + p];
      }
      total += board.to[chunk] - board.from[chunk];
    }
    board.stop = this.#makeRoom(total);
    this.#mergeFindings();
    board.fresh.fill(0);
    board.begin(board.stop === Stop.none ? Phase.insert : Phase.paused);
  }

  /** Takes the memory for so many more states at most, as `#candidates` says; one of Stop. */
  #makeRoom(total: number): number {
    const { seen, frontier, predecessors, distinct } = this.#store;
    const rest = predecessors.bytes + frontier.bytes;
    if (seen.plan(this.#candidates) + rest > this.#limits.memory) return Stop.memory;
    try {
      seen.reserve();
      frontier.reserve(distinct + total);
      predecessors.reserve(distinct + total);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return Stop.machine;
    }
    return Stop.none;
  }

  #mergeFindings(): void {
    const { found } = this.#store;
    const board = this.#board;
    for (let i = 0; i < found.length; i++) {
      for (let me = 0; me < board.workers; me++) {
        found[i] = Math.min(found[i], board.found[me * found.length + i]);
      }
    }
  }

  #insertTables(): void {
    const board = this.#board;
    for (let p = board.claim(); p < PARTITIONS; p = board.claim()) {
      this.#store.seen.grow(p);
      for (let chunk = 0; chunk < board.chunks; chunk++) {
        const { entries, fresh } = board.batches[board.owner[chunk]];
        const row = chunk * (PARTITIONS + 1) + p;
        const run = { entries, fresh, from: board.offsets[row], to: board.offsets[row + 1] };
        Atomics.add(board.fresh, chunk, this.#store.seen.add(p, run));
      }
    }
  }

  #afterInsertion(): void {
    const board = this.#board;
    let next = this.#store.distinct;
    for (let chunk = 0; chunk < board.chunks; chunk++) {
      board.base[chunk] = next;
      next += board.fresh[chunk];
    }
    board.begin(Phase.append);
  }

  #appendChunks(): void {
    const board = this.#board;
    this.#store.refresh();
    for (let chunk = board.claim(); chunk < board.chunks; chunk = board.claim()) this.#appendChunk(chunk);
  }

  #appendChunk(chunk: number): void {
    const board = this.#board;
    const { states, codes, places, fresh } = board.batches[board.owner[chunk]];
    const { frontier, predecessors, expanded, shape } = this.#store;
    const { codes: stepCodes, children } = predecessors;
    const { words } = shape;
    const first = chunk * board.chunkStates;
    const last = Math.min(first + board.chunkStates, board.states);
    let next = board.base[chunk];
    let n = board.from[chunk];
    let { memory, at, left } = frontier.locate(next);
    for (let i = first; i < last; i++) {
      const before = next;
      for (const end = board.ends[i]; n < end; n++) {
        if (fresh[places[n]] === 0) continue;
        if (left === 0) ({ memory, at, left } = frontier.locate(next));
        for (let w = 0; w < words; w++) memory[at + w] = states[n * words + w];
        stepCodes[next] = codes[n];
        at += words;
        left--;
        next++;
      }
      children[expanded + i] = next - before;
    }
  }

  /** The block is done: from here on it counts. */
  #commit(): void {
    const store = this.#store;
    const board = this.#board;
    store.expanded += board.states;
    store.distinct = board.base[board.chunks - 1] + board.fresh[board.chunks - 1];
    store.frontier.release(store.expanded);
    const { actions } = store.shape;
    for (let k = 0; k < actions; k++) {
      for (let me = 0; me < board.workers; me++) store.counts[k] += board.counts[me * actions + k];
    }
    if (store.distinct >= this.#limits.states) board.stop = Stop.states;
    this.#plan();
    if (board.pauseRequested) board.begin(Phase.paused);
  }

  #note(finding: number, code: number): void {
    const key = findingKey(this.#position[0], code);
    if (key < this.#found[finding]) this.#found[finding] = key;
  }
}
