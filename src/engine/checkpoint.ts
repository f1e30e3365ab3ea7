/**
 * Checkpoints: a store in one file, from which a search goes on as if it had not been interrupted. A file is
 * written beside the one from before, flushed to the disk and then renamed, so that at each moment a whole
 * one is there; docs/internals/checkpoints.md has the format.
 */
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Expectations } from '../spec/claims.js';
import type { Model } from '../spec/model.js';
import type { Reading, StructType } from '../spec/types.js';
import { PARTITIONS } from './seen-set.js';
import type { Shape, Store } from './store.js';

const FORMAT = 'fle-check-checkpoint';
const VERSION = 1;
/** Read, checked and written at once. */
const PIECE = 1 << 22;
const MOST_HEADER = 1 << 20;

/** A checkpoint that cannot be resumed, with the reason in one line. */
export class CheckpointRefused extends Error {
  override readonly name = 'CheckpointRefused';
  constructor(file: string, why: string) {
    super(`${file} cannot be resumed: ${why}`);
  }
}

/** What must be the same when a search is resumed, in a user's words: the model, bounds, rules … */
export type Identity = { readonly [what: string]: unknown };

interface Header {
  readonly format: string;
  readonly version: number;
  readonly identity: Identity;
  readonly shape: Shape;
  /** Slots of each table, and how many numbers or states the other parts have. */
  readonly slots: readonly number[];
  readonly initials: number;
  readonly distinct: number;
  readonly expanded: number;
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

/** Writes a checkpoint; throws what the disk throws, and leaves the file from before as it was. */
export function saveCheckpoint(file: string, store: Store, identity: Identity): void {
  const beside = `${file}.${process.pid}.new`;
  try {
    const out = openSync(beside, 'w');
    try {
      writeAll(out, store, identity);
      fsyncSync(out);
    } finally {
      closeSync(out);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  const directory = openSync(dirname(file), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function writeAll(out: number, store: Store, identity: Identity): void {
  store.refresh();
  const { shape, distinct, expanded, predecessors } = store;
  const header: Header = {
    format: FORMAT,
    version: VERSION,
    identity,
    shape,
    slots: Array.from({ length: PARTITIONS }, (_, p) => store.seen.content(p).slots),
    initials: predecessors.initials,
    distinct,
    expanded,
  };
  const text = Buffer.from(JSON.stringify(header));
  writePart(out, [Uint8Array.from(Buffer.from(new Uint32Array([text.length]).buffer))]);
  writePart(out, [text]);
  for (const part of partsOf(store, header)) writePart(out, part);
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

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Writes the bytes, then their checksum. */
function writePart(out: number, pieces: Iterable<Uint8Array>): void {
  const staged = Buffer.allocUnsafe(PIECE);
  let sum = 0;
  const write = (bytes: Buffer) => {
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
  write(Buffer.from(new Uint32Array([sum]).buffer));
}

/** Fills an empty store of the same shape from a file. Throws CheckpointRefused, and what the disk throws. */
export function loadCheckpoint(file: string, store: Store, identity: Identity): void {
  const input = openSync(file, 'r');
  const refuse = (why: string): never => {
    throw new CheckpointRefused(file, why);
  };
  try {
    const length = Buffer.alloc(4);
    readPart(input, [length], refuse);
    const size = length.readUInt32LE();
    if (size > MOST_HEADER) refuse('it is no checkpoint');
    const text = Buffer.alloc(size);
    readPart(input, [text], refuse);
    const header = JSON.parse(text.toString()) as Header;
    compare(header, identity, store.shape, refuse);
    prepare(store, header);
    for (const part of partsOf(store, header)) readPart(input, part, refuse);
    if (readSync(input, length, 0, 1, null) > 0) refuse('it has more data than it should');
    for (let p = 0; p < PARTITIONS; p++) store.seen.recount(p);
    if (store.seen.size !== header.distinct || store.distinct !== header.distinct) {
      refuse('its figures contradict each other');
    }
  } finally {
    closeSync(input);
  }
}

/** Fills the memory from the file and checks it. */
function readPart(input: number, pieces: Iterable<Uint8Array>, refuse: (why: string) => never): void {
  const staged = Buffer.allocUnsafe(PIECE);
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
  if (read(4).readUInt32LE() !== sum) refuse('it is damaged (a checksum differs)');
}

function compare(header: Header, identity: Identity, shape: Shape, refuse: (why: string) => never): void {
  if (header.format !== FORMAT) refuse('it is no checkpoint');
  if (header.version !== VERSION) {
    refuse(`its format has version ${header.version}, and this program reads version ${VERSION}`);
  }
  for (const what of new Set([...Object.keys(identity), ...Object.keys(header.identity)])) {
    const [now, then] = [identity[what], header.identity[what]].map(
      (value) => JSON.stringify(value) ?? 'none',
    );
    if (now !== then) refuse(`its ${what} is ${then}, not ${now}`);
  }
  if (JSON.stringify(header.shape) !== JSON.stringify(shape)) refuse('its states have another form');
}

/** Makes the memory that the parts are read into. */
function prepare({ seen, frontier, predecessors }: Store, header: Header): void {
  const { slots, initials, distinct, expanded } = header;
  slots.forEach((count, p) => {
    seen.restore(p, count);
  });
  predecessors.startWith(initials);
  predecessors.reserve(distinct);
  frontier.startAt(expanded);
  frontier.reserve(distinct);
}
