/** The thread of one participant: it makes the model by itself, since functions cannot be sent to it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Board, type BoardHandles } from './board.js';
import type { HandOver } from './breadth-first.js';
import { type BuiltModel, buildFrom, identityOfModel, type ModelSource } from './model-source.js';
import { Participant } from './participant.js';
import { Store } from './store.js';

/** What a worker is started with. */
export interface Assignment extends HandOver {
  readonly source: ModelSource;
  readonly board: BoardHandles;
  readonly me: number;
}

/** What the model threw: an error itself would lose its class on the way. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
}

/** What a worker tells: that it can begin, or that it has paused, and what the model threw, if it did. */
export type Report = { readonly kind: 'ready' } | { readonly kind: 'paused'; readonly error: Thrown | null };

const {
  source,
  store: handles,
  board: boardHandles,
  me,
  limits,
  lastLevel,
  likeness,
} = workerData as Assignment;
const built = await buildFrom(source);
refuseAnother(built, likeness);
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
    error:
      error === null
        ? null
        : error instanceof Error
          ? { name: error.name, message: error.message }
          : { name: 'Error', message: String(error) },
  });
});
report({ kind: 'ready' });

/** Throws TypeError unless what was made are the model and the expectations of the search. */
function refuseAnother(made: Partial<BuiltModel> | undefined, likeness: string): void {
  if (!made?.model || !made.expectations) {
    throw new TypeError('the function returns no { model, expectations }');
  }
  if (identityOfModel(made.model, made.expectations) !== likeness) {
    throw new TypeError('it is another model than that of the search, or has other claims or witnesses');
  }
}
