/** The thread of one participant: it makes the model by itself, since functions cannot be sent to it. */
import { parentPort, workerData } from 'node:worker_threads';
import { layoutOf, wordsOf } from '../spec/layout.js';
import { Board, type BoardHandles } from './board.js';
import type { HandOver } from './breadth-first.js';
import { type BuiltModel, buildFrom, type ModelSource } from './model-source.js';
import { Participant } from './participant.js';
import { type Shape, Store } from './store.js';

/** What a worker is started with. */
export interface Assignment extends HandOver {
  readonly source: ModelSource;
  readonly board: BoardHandles;
  readonly me: number;
}

/** What a worker tells: that it can begin, or that it has paused, and what the model threw, if it did. */
export type Report = { readonly kind: 'ready' } | { readonly kind: 'paused'; readonly error: string | null };

const { source, store: handles, board: boardHandles, me, limits, lastLevel } = workerData as Assignment;
const built = await buildFrom(source);
refuseAnother(built, handles.shape);
const { model, expectations } = built;
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

/** Throws TypeError unless what was made looks like the model and the expectations of the search. */
function refuseAnother(made: Partial<BuiltModel> | undefined, shape: Shape): void {
  if (!made?.model || !made.expectations) {
    throw new TypeError('the function returns no { model, expectations }');
  }
  const { schema, instances, actions } = made.model;
  const { claims, witnesses } = made.expectations;
  const figures = {
    words: wordsOf(layoutOf(schema)),
    instances,
    actions: actions.length,
    claims: claims.length,
    witnesses: witnesses.length,
  };
  for (const [what, count] of Object.entries(figures)) {
    const expected = shape[what as keyof typeof figures];
    if (count !== expected) throw new TypeError(`it has ${count} ${what}, but the search has ${expected}`);
  }
}
