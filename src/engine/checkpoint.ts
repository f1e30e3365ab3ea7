/**
 * Checkpoints: a store in one file, from which a search goes on as if it had not been interrupted. A file is
 * written beside the one from before, flushed to the disk and then renamed, so that at each moment a whole
 * one is there; docs/internals/checkpoints.md has the format.
 */
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Expectations } from '../language/claims.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import { PARTITIONS } from './seen-set.js';
import { findingAt, NOTHING, type Shape, type Store } from './store.js';

const FORMAT = 'fle-check-checkpoint';
const VERSION = 2;
/** Read, checked and written at once. */
const PIECE = 1 << 22;
const MOST_HEADER = 1 << 26;
/** Characters of a value that a refusal shows. */
const MOST_SHOWN = 200;

/** A checkpoint that cannot be resumed, with the reason in one line. */
export class CheckpointRefused extends Error {
  override readonly name = 'CheckpointRefused';
  constructor(file: string, why: string) {
    super(`${file} cannot be resumed: ${why}`);
  }
}

/**
 * The search has expanded no state: it may have stopped among its initial states, and the rest of them would
 * be missing for ever.
 */
export class NothingToSave extends Error {
  override readonly name = 'NothingToSave';
  constructor() {
    super(
      'the search has expanded no state yet, so there is nothing to save: start it anew with a higher limit',
    );
  }
}

/** What must be the same when a search is resumed, in a user's words: the model, bounds, rules … */
export type Identity = { readonly [what: string]: unknown };

/** What the owner of a store keeps beside it. */
export type Notes = readonly unknown[] | null;

interface Header {
  readonly format: string;
  readonly version: number;
  readonly identity: Identity;
  readonly notes: Notes;
  readonly shape: Shape;
  /** Slots of each table, and how many numbers or states the other parts have. */
  readonly slots: readonly number[];
  readonly initials: number;
  readonly distinct: number;
  readonly expanded: number;
  /** Bytes of each buffer, so that a resumed search takes the memory that it would have taken. */
  readonly memory: readonly number[];
}

/**
 * A digest of what a model and its claims are made of: schema, domains, and the text of each function. Two
 * models that differ only in what their functions close over have the same.
 */
export function definitionOf<S extends StructType>(
  { schema, initial, actions, terminal, permutations }: Model<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
): string {
  const text = JSON.stringify(
    [schema, initial, actions, terminal, permutations, claims, witnesses],
    (_, part) => (typeof part === 'function' ? String(part) : part),
  );
  return crc32(text).toString(16).padStart(8, '0');
}

/**
 * Writes a checkpoint, with what its owner notes beside the store, as JSON. Throws NothingToSave, and what
 * the disk throws; the file from before then stays as it was.
 */
export function saveCheckpoint(file: string, store: Store, identity: Identity, notes: Notes = null): void {
  if (store.expanded === 0) throw new NothingToSave();
  const beside = `${file}.${process.pid}.new`;
  try {
    const out = openSync(beside, 'w');
    try {
      writeAll(out, store, identity, notes);
      fsyncSync(out);
    } finally {
      closeSync(out);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  flushDirectory(dirname(file));
}

/** Makes a renaming last; some file systems cannot, but the new file is in its place all the same. */
function flushDirectory(path: string): void {
  try {
    const directory = openSync(path, 'r');
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
  }
}

function writeAll(out: number, store: Store, identity: Identity, notes: Notes): void {
  store.refresh();
  const { shape, distinct, expanded, predecessors } = store;
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    identity,
    notes,
    shape,
    slots: Array.from({ length: PARTITIONS }, (_, p) => store.seen.content(p).slots),
    initials: predecessors.initials,
    distinct,
    expanded,
    memory: buffersOf(store).map(({ byteLength }) => byteLength),
  };
  const text = Buffer.from(JSON.stringify(header));
  const staged = Buffer.allocUnsafe(PIECE);
  writePart(out, [bytesOf(Uint32Array.of(text.length))], staged);
  writePart(out, [text], staged);
  for (const part of partsOf(store, header)) writePart(out, part, staged);
}

/** The buffers that grow with a search, but for tables, whose slots tell their size. */
function buffersOf({ frontier, predecessors }: Store): readonly SharedArrayBuffer[] {
  const { codes, children, initials } = predecessors.handles;
  return [codes, children, initials, ...frontier.handles.shelves];
}

/** The parts of a store after the header, in order; each is a list of pieces of memory. */
function* partsOf(store: Store, { initials, distinct, expanded }: Header): Generator<Iterable<Uint8Array>> {
  const { seen, frontier, predecessors, shape } = store;
  yield [bytesOf(store.figures)];
  yield [bytesOf(predecessors.initialCodes.subarray(0, initials))];
  yield [bytesOf(predecessors.codes.subarray(0, distinct))];
  yield [bytesOf(predecessors.children.subarray(0, expanded))];
  for (let p = 0; p < PARTITIONS; p++) yield [bytesOf(seen.content(p).words)];
  yield queued();

  function* queued(): Generator<Uint8Array> {
    for (let state = expanded; state < distinct; ) {
      const { memory, at, left } = frontier.locate(state);
      const count = Math.min(left, distinct - state);
      yield bytesOf(memory.subarray(at, at + count * shape.words));
      state += count;
    }
  }
}

const CHECKSUM_BYTES = 4;
/** Bytes of the largest element of a buffer. */
const MOST_ELEMENT = 8;

/** The length of a file with this header, whose text has so many bytes; `store` is still empty. */
function lengthOf({ seen, predecessors, figures, shape }: Store, header: Header, text: number): number {
  const { slots, initials, distinct, expanded } = header;
  const aSlot = seen.content(0).words.byteLength / seen.content(0).slots;
  const aCode = predecessors.codes.BYTES_PER_ELEMENT;
  const parts = [
    Uint32Array.BYTES_PER_ELEMENT,
    text,
    figures.byteLength,
    initials * Float64Array.BYTES_PER_ELEMENT,
    distinct * aCode,
    expanded * aCode,
    ...slots.map((count) => count * aSlot),
    (distinct - expanded) * shape.words * Int32Array.BYTES_PER_ELEMENT,
  ];
  return parts.reduce((sum, bytes) => sum + bytes + CHECKSUM_BYTES, 0);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Writes the bytes, then their checksum. */
function writePart(out: number, pieces: Iterable<Uint8Array>, staged: Buffer): void {
  let sum = 0;
  const write = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at);
  };
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += PIECE) {
      const bytes = staged.subarray(0, Math.min(PIECE, piece.length - at));
      bytes.set(piece.subarray(at, at + bytes.length));
      sum = crc32(bytes, sum);
      write(bytes);
    }
  }
  write(bytesOf(Uint32Array.of(sum)));
}

type Refuse = (why: string) => never;

/**
 * Fills an empty store of the same shape from a file, and returns what was noted beside it. Throws
 * CheckpointRefused, and what the disk throws.
 */
export function loadCheckpoint(file: string, store: Store, identity: Identity): Notes {
  // Without O_NONBLOCK a named pipe would be waited for.
  const input = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const refuse: Refuse = (why) => {
    throw new CheckpointRefused(file, why);
  };
  try {
    const about = fstatSync(input);
    if (!about.isFile()) refuse('it is no file');
    const staged = Buffer.allocUnsafe(PIECE);
    const text = headerTextOf(input, staged, refuse);
    const header = headerIn(text, identity, store.shape, refuse);
    const whole = lengthOf(store, header, Buffer.byteLength(text));
    if (about.size < whole) refuse('it is cut short');
    if (about.size > whole) refuse('it has more data than it should');
    prepare(store, header, refuse);
    for (const part of partsOf(store, header)) readPart(input, part, staged, refuse);
    for (let p = 0; p < PARTITIONS; p++) store.seen.recount(p);
    if (!isConsistent(store, header)) refuse(CONTRADICTION);
    return header.notes;
  } finally {
    closeSync(input);
  }
}

/** The states found of the search that a file holds, whichever it is; null if the file is no checkpoint. */
export function statesIn(file: string): number | null {
  try {
    const input = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const text = headerTextOf(input, Buffer.allocUnsafe(PIECE), (why) => {
        throw new CheckpointRefused(file, why);
      });
      const header = objectIn(text);
      return header.format === FORMAT && hasFigures(header) ? header.distinct : null;
    } finally {
      closeSync(input);
    }
  } catch (error) {
    if (error instanceof CheckpointRefused || (error instanceof Error && 'code' in error)) return null;
    throw error;
  }
}

/** The first two parts of a file: how long its header is, and the header. */
function headerTextOf(input: number, staged: Buffer, refuse: Refuse): string {
  const length = Buffer.alloc(Uint32Array.BYTES_PER_ELEMENT);
  readPart(input, [length], staged, refuse);
  const size = length.readUInt32LE();
  if (size > MOST_HEADER) refuse('it is no checkpoint');
  const text = Buffer.alloc(size);
  readPart(input, [text], staged, refuse);
  return text.toString();
}

/** Fills the memory from the file and checks it. */
function readPart(input: number, pieces: Iterable<Uint8Array>, staged: Buffer, refuse: Refuse): void {
  let sum = 0;
  const read = (length: number): Buffer => {
    let filled = 0;
    while (filled < length) {
      const count = readSync(input, staged, filled, length - filled, null);
      if (count === 0) refuse('it is cut short');
      filled += count;
    }
    return staged.subarray(0, length);
  };
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += PIECE) {
      const bytes = read(Math.min(PIECE, piece.length - at));
      sum = crc32(bytes, sum);
      piece.set(bytes, at);
    }
  }
  if (read(CHECKSUM_BYTES).readUInt32LE() !== sum) refuse('it is damaged (a checksum differs)');
}

/** The header of a checkpoint of the same search; refuses every other. */
function headerIn(text: string, identity: Identity, shape: Shape, refuse: Refuse): Header {
  const header = objectIn(text);
  if (header.format !== FORMAT) refuse('it is no checkpoint');
  if (header.version !== VERSION) {
    refuse(`its format has version ${shown(header.version)}, and this program reads version ${VERSION}`);
  }
  refuseDifferent(Object(header.identity), identity, refuse);
  refuseDifferent(Object(header.shape), { ...shape }, refuse);
  return hasFigures(header) ? header : refuse('its header is none that this program writes');
}

type Fields = { readonly [key: string]: unknown };

function refuseDifferent(then: Fields, now: Fields, refuse: Refuse): void {
  for (const what of new Set([...Object.keys(now), ...Object.keys(then)])) {
    if (JSON.stringify(now[what]) === JSON.stringify(then[what])) continue;
    refuse(`it differs in ${shown(what, '')}: ${shown(then[what])} then, ${shown(now[what])} now`);
  }
}

/** What a text says in JSON; nothing if it is no object. */
function objectIn(text: string): Fields {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** A value in one line, not too long. */
function shown(value: unknown, quotes = '"'): string {
  const text = (JSON.stringify(value) ?? 'none').replace(/^"|"$/g, quotes);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)} …` : text;
}

function hasFigures(header: object): header is Header {
  const { notes, slots, initials, distinct, expanded, memory } = header as Partial<Header>;
  return (
    (notes === null || Array.isArray(notes)) &&
    areCounts(slots) &&
    slots.length === PARTITIONS &&
    slots.every((count) => count > 0) &&
    areCounts(memory) &&
    memory.every((bytes) => bytes % MOST_ELEMENT === 0) &&
    areCounts([initials, distinct, expanded]) &&
    (expanded as number) <= (distinct as number)
  );
}

const areCounts = (values: unknown): values is readonly number[] =>
  Array.isArray(values) && values.every((value) => Number.isSafeInteger(value) && value >= 0);

const CONTRADICTION = 'its figures contradict each other';

/** Makes the memory that the parts are read into. */
function prepare(store: Store, header: Header, refuse: Refuse): void {
  const { seen, frontier, predecessors } = store;
  const { slots, initials, distinct, expanded, memory } = header;
  const buffers = buffersOf(store);
  try {
    buffers.forEach((buffer, i) => {
      if (memory[i] > buffer.byteLength) buffer.grow(memory[i]);
    });
    slots.forEach((count, p) => {
      seen.restore(p, count);
    });
    predecessors.startWith(initials);
    predecessors.reserve(distinct);
    frontier.startAt(expanded);
    frontier.reserve(distinct);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    refuse('this machine has no memory for so many states');
  }
  const taken = buffers.map(({ byteLength }) => byteLength);
  if (JSON.stringify(taken) !== JSON.stringify(memory)) refuse(CONTRADICTION);
}

/** What every store between two blocks satisfies. */
function isConsistent(store: Store, { distinct, expanded }: Header): boolean {
  const { level, levelEnd, seen, predecessors, counts, found, shape } = store;
  let reached = predecessors.initials;
  for (let state = 0; state < expanded; state++) reached += predecessors.children[state];
  const findings = [...found].filter((key) => key !== NOTHING).map(findingAt);
  return (
    [store.distinct, seen.size, reached].every((count) => count === distinct) &&
    store.expanded === expanded &&
    areCounts([level, levelEnd, ...counts]) &&
    expanded <= levelEnd &&
    levelEnd <= distinct &&
    findings.every(({ state, code }) => state >= 0 && state < distinct && code < shape.instances)
  );
}
