/** The thread of one participant: it makes the model by itself, since functions cannot be sent to it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Board, type BoardHandles } from './board.js';
import type { HandOver } from './breadth-first.js';
import { buildFrom, type ModelSource } from './model-source.js';
import { Participant } from './participant.js';
import { Store } from './store.js';

/** What a worker is started with. */
export interface Assignment extends HandOver {
  readonly source: ModelSource;
  readonly board: BoardHandles;
  readonly me: number;
}

/** What a worker tells: that it can begin, or that it has paused, and what the model threw, if it did. */
export type Report = { readonly kind: 'ready' } | { readonly kind: 'paused'; readonly error: string | null };

const { source, store: handles, board: boardHandles, me, limits, lastLevel } = workerData as Assignment;
const { model, expectations } = await buildFrom(source);
const store = new Store(handles);
const board = new Board(handles.shape, boardHandles);
const participant = new Participant(model, expectations, store, board, me, limits);
participant.lastLevel = lastLevel;
const report = (what: Report) => parentPort?.postMessage(what);

parentPort?.on('message', () => {
  participant.run();
  const { error } = participant;
  report({
    kind: 'paused',
    error: error === null ? null : String(error instanceof Error ? error.message : error),
  });
});
report({ kind: 'ready' });
