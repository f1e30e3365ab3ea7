/** A search that is saved and resumed ends as if nothing had happened, and no file but its own is resumed. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { peerExpectations } from '../../bench/peers/claims.js';
import { peerModel } from '../../bench/peers/model.js';
import { directories } from '../testing/command.js';
import { largerCase, randomCase } from '../testing/models.js';
import { isNightly, runs } from '../testing/nightly.js';
import { BreadthFirst, type Options } from './breadth-first.js';
import { check } from './check.js';
import {
  CheckpointRefused,
  type Identity,
  loadCheckpoint,
  NothingToSave,
  saveCheckpoint,
} from './checkpoint.js';
import type { BuiltModel } from './model-source.js';
import type { Outcome } from './outcome.js';
import type { Store } from './store.js';

const freshDirectory = directories();
/** A failure is shrunk as long as a test may take; one that is merely slow must not pass for that. */
const SHRINKING = { interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true };
const IDENTITY: Identity = { model: 'some', bounds: { servers: 3, zxids: [0, 1] } };
const peer = (rounds: number, crashes: number) =>
  ({
    model: peerModel(rounds, crashes),
    expectations: peerExpectations(rounds, crashes),
  }) as unknown as BuiltModel;

type Search = ReturnType<typeof begin>;
const begin = ({ model, expectations }: BuiltModel, options: Options = {}) =>
  new BreadthFirst(model, expectations, options);
const resume = (made: BuiltModel, file: string, options: Options = {}, identity = IDENTITY): Search =>
  begin(made, { ...options, restore: (store) => loadCheckpoint(file, store, identity) });
function ended(search: Search): Outcome {
  while (search.advance(1 << 20));
  return search.outcome();
}

test('what its owner notes is read with the store', () => {
  const made = peer(1, 1);
  const file = join(freshDirectory(), 'saved');
  const search = begin(made);
  for (let i = 0; i < 3; i++) search.advance(1);
  const notes = [['hasQuorum', 1, 3], ['truncates']];
  saveCheckpoint(file, search.store, IDENTITY, notes);
  let read: unknown;
  begin(made, {
    restore: (store) => {
      read = loadCheckpoint(file, store, IDENTITY);
    },
  });
  expect(read).toEqual(notes);
});

/** The outcome of a search that is saved and resumed again and again, each time after so many blocks more. */
function interrupted(made: BuiltModel, blocks: readonly number[], options: Options = {}): Outcome {
  const file = join(freshDirectory(), 'saved');
  let search = begin(made, options);
  for (const some of blocks) {
    for (let i = 0; i < some; i++) search.advance(1);
    // A search that a limit has stopped is another property.
    if (search.ended && !search.store.finished) break;
    saveCheckpoint(file, search.store, IDENTITY);
    const { expanded } = search.store;
    search = resume(made, file, options);
    expect(search.store.expanded).toBe(expanded);
  }
  return ended(search);
}

describe('a search that was saved and resumed has the outcome of one that was not', () => {
  const blocks = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });

  test('in random models, to their end or to a limit (seed=1)', () => {
    const verdicts = new Set<string>();
    const options = fc.record({ exact: fc.boolean(), states: fc.constantFrom(100, 700, 3000) });
    fc.assert(
      fc.property(largerCase, blocks, options, (description, some, limits) => {
        const made = randomCase(description);
        const expected = check(made.model, made.expectations, limits);
        verdicts.add(expected.verdict);
        expect(interrupted(made, some, limits)).toEqual(expected);
      }),
      { seed: 1, numRuns: runs(60), ...SHRINKING },
    );
    expect([...verdicts].sort()).toEqual(['holds', 'inconclusive', 'violated']);
  });

  test.each([false, true])('in the peer model, in the middle of its levels (exact: %s, seed=2)', (exact) => {
    const made = peer(2, 0);
    const expected = check(made.model, made.expectations, { exact });
    expect(expected.distinct).toBe(419_635);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: isNightly ? 5 : 3, maxLength: 5 }),
        // The whole outcome: the memory, too, is what it would have been.
        (some) => {
          expect(interrupted(made, some, { exact })).toEqual(expected);
        },
      ),
      { seed: 2, numRuns: isNightly ? 2 : 1 },
    );
  });

  test.each([{ states: 5_000 }, { memory: 600_000 }])('in the peer model, if %j had stopped it', (limit) => {
    const made = peer(1, 1);
    const { bytes: _, ...expected } = check(made.model, made.expectations);
    const file = join(freshDirectory(), 'saved');
    const stopped = begin(made, limit);
    while (stopped.advance(1));
    expect(stopped.outcome().verdict).toBe('inconclusive');
    expect(stopped.store.expanded).toBeGreaterThan(0);
    saveCheckpoint(file, stopped.store, IDENTITY);
    const { bytes, ...outcome } = ended(resume(made, file));
    expect(outcome).toEqual(expected);
  });

  // It takes models that are larger than most that are drawn.
  test.runIf(isNightly)('in random models, if a limit of states or of memory had stopped it (seed=3)', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(largerCase, fc.nat(1000), fc.boolean(), (description, limit, ofMemory) => {
        const made = randomCase(description);
        const { bytes: _, ...expected } = check(made.model, made.expectations, { states: 4000 });
        // Some random models have more states than a test can wait for.
        fc.pre(expected.verdict !== 'inconclusive' && expected.distinct > 50);
        const file = join(freshDirectory(), 'saved');
        const options = ofMemory ? { memory: 480_000 + 100 * limit } : { states: 1 + limit };
        const stopped = begin(made, options);
        while (stopped.advance(1));
        if (stopped.store.expanded === 0) return;
        seen.add(`${stopped.outcome().verdict} ${ofMemory}`);
        saveCheckpoint(file, stopped.store, IDENTITY);
        const { bytes, ...outcome } = ended(resume(made, file));
        expect(outcome).toEqual(expected);
      }),
      { seed: 3, numRuns: 30, ...SHRINKING },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['inconclusive true', 'inconclusive false']));
  });
});

test('a search that stopped among its initial states is not saved, for the rest of them would be missing', () => {
  const file = join(freshDirectory(), 'saved');
  const search = begin(peer(1, 1), { states: 1 });
  expect(search.ended).toBe(true);
  expect(() => saveCheckpoint(file, search.store, IDENTITY)).toThrow(NothingToSave);
  expect(existsSync(file)).toBe(false);
});

test('a checkpoint that cannot be written leaves the directory as it was', () => {
  const directory = freshDirectory();
  const search = begin(peer(1, 1));
  search.advance(1);
  const inTheWay = join(directory, 'saved');
  mkdirSync(join(inTheWay, 'full'), { recursive: true });
  expect(() => saveCheckpoint(inTheWay, search.store, IDENTITY)).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(() => saveCheckpoint(join(directory, 'none', 'saved'), search.store, IDENTITY)).toThrow('ENOENT');
  expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['saved', join('saved', 'full')]);
});

/** A checkpoint in the middle of the peer model, and what is made of it. */
function sample() {
  const directory = freshDirectory();
  const made = peer(1, 1);
  const search = begin(made);
  while (search.store.distinct < 2000) search.advance(1);
  const file = join(directory, 'saved');
  saveCheckpoint(file, search.store, IDENTITY);
  return { made, file, whole: readFileSync(file) };
}
const { made, file, whole } = sample();

/** Why these bytes are refused; null if they are not. */
function refusal(bytes: Uint8Array, identity = IDENTITY, options: Options = {}, of = made): string | null {
  writeFileSync(file, bytes);
  return refusalOf(file, identity, options, of);
}
function refusalOf(path: string, identity = IDENTITY, options: Options = {}, of = made): string | null {
  try {
    resume(of, path, options, identity);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointRefused);
    const { message } = error as Error;
    const start = `${path} cannot be resumed: `;
    expect(message.startsWith(start) && !message.includes('\n') && message.length < 800).toBe(true);
    return message.slice(start.length);
  }
}

const HEADER = 8;
const headerBytes = whole.readUInt32LE();
const header = JSON.parse(whole.toString('utf8', HEADER, HEADER + headerBytes));
const headerEnd = HEADER + headerBytes + 4;

/** Where each part after the header begins, and the end: docs/internals/checkpoints.md. */
function bordersOf(): readonly number[] {
  const { slots, shape, initials, distinct, expanded } = header;
  const figures = 5 + shape.actions + shape.claims + 1 + shape.witnesses;
  const queue = 4 * shape.words * (distinct - expanded);
  const sizes = [8 * figures, 8 * initials, distinct, expanded, ...slots.map((n: number) => 8 * n), queue];
  const borders = [headerEnd];
  for (const size of sizes) borders.push(borders[borders.length - 1] + size + 4);
  return borders;
}
const borders = bordersOf();

const withSum = (part: Uint8Array): Buffer =>
  Buffer.concat([part, Buffer.from(Uint32Array.of(crc32(part)).buffer)]);
/** The sample with another text of its header, and right checksums. */
function withText(text: string): Buffer {
  const length = Buffer.from(Uint32Array.of(Buffer.byteLength(text)).buffer);
  return Buffer.concat([withSum(length), withSum(Buffer.from(text)), whole.subarray(headerEnd)]);
}
const withHeader = (changes: object): Buffer => withText(JSON.stringify({ ...header, ...changes }));

describe('a checkpoint is refused', () => {
  test('never as it was written', () => {
    expect(borders.at(-1)).toBe(whole.length);
    expect(refusal(whole)).toBeNull();
    expect(refusal(withHeader({}))).toBeNull();
  });

  test('with any one bit flipped: the header, the ends of each part, and a sample (seed=4)', () => {
    const around = borders.flatMap((at) => [-5, -4, -1, 0, 1, 7].map((by) => at + by));
    const anywhere = fc.sample(fc.nat(whole.length - 1), { seed: 4, numRuns: runs(300) });
    const everywhere = [...Array(headerEnd).keys(), ...around, ...anywhere].filter((at) => at < whole.length);
    // By day each fifth byte of the header, which is told from its checksum alone.
    const tried = everywhere.filter((at, i) => isNightly || i >= headerEnd || at % 5 === 0);
    for (const at of tried) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1 << (at % 8);
      expect(refusal(bytes), `byte ${at}`).toMatch(/^it (is damaged|is no checkpoint|is cut short)/);
    }
  });

  test('cut short anywhere, or with more after its end (seed=5)', () => {
    const anywhere = fc.sample(fc.nat(whole.length - 1), { seed: 5, numRuns: runs(200) });
    for (const length of [0, 1, 7, 8, headerEnd, ...borders.slice(0, -1), whole.length - 1, ...anywhere]) {
      expect(refusal(whole.subarray(0, length)), `${length} bytes`).toBe('it is cut short');
    }
    for (const more of [1, 4, 5000]) {
      expect(refusal(Buffer.concat([whole, Buffer.alloc(more)]))).toBe('it has more data than it should');
    }
  });

  test('if it is another kind of file, without taking the memory it seems to ask for (seed=6)', () => {
    const fourGigabytes = withSum(Buffer.from(Uint32Array.of(2 ** 32 - 1).buffer));
    const before = process.memoryUsage().rss;
    expect(refusal(Buffer.concat([fourGigabytes, whole]))).toBe('it is no checkpoint');
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29);
    for (const text of [
      '{"format": "fle-check-trace", "version": 1}',
      'hello',
      `${'{"a":1}\n'.repeat(500)}`,
    ]) {
      expect(refusal(Buffer.from(text))).toMatch(/^it is (damaged|cut short)/);
    }
    for (const text of [
      '',
      '{',
      'null',
      '5',
      '[]',
      '"x"',
      '{"format":"fle-check-trace"}',
      '\0'.repeat(999),
    ]) {
      expect(refusal(withText(text)), text).toBe('it is no checkpoint');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(refusal(bytes)).not.toBeNull();
      }),
      { seed: 6, numRuns: 200 },
    );
    const pipe = join(freshDirectory(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(refusalOf(pipe)).toBe('it is no file');
    expect(refusalOf(freshDirectory())).toBe('it is no file');
  });

  test('if a program of another version has written it', () => {
    expect(refusal(withHeader({ version: 1 }))).toBe(
      'its format has version 1, and this program reads version 2',
    );
  });

  test('if it is of another search, and names what differs', () => {
    const differences: readonly (readonly [object, string])[] = [
      [{ ...IDENTITY, model: 'other' }, 'it differs in model: "some" then, "other" now'],
      [{ model: 'some' }, 'it differs in bounds: {"servers":3,"zxids":[0,1]} then, none now'],
      [{ ...IDENTITY, rules: 'correct' }, 'it differs in rules: none then, "correct" now'],
      [{ model: 'some', bounds: { servers: 3, zxids: [1, 0] } }, 'it differs in bounds: '],
      [{ ...IDENTITY, model: 'a\nb' }, 'it differs in model: "some" then, "a\\nb" now'],
      [{ ...IDENTITY, model: 'x'.repeat(5000) }, 'x …'],
      // A key that the shape has as well.
      [{ ...IDENTITY, claims: ['a'] }, 'it differs in claims: none then, ["a"] now'],
    ];
    for (const [identity, words] of differences) {
      expect(refusal(whole, identity as Identity)).toContain(words);
    }
    expect(refusal(whole, IDENTITY, { exact: true })).toBe('it differs in exact: false then, true now');
    expect(
      refusal(whole, IDENTITY, {}, randomCase(fc.sample(largerCase, { seed: 7, numRuns: 1 })[0])),
    ).toMatch(/^it differs in (words|instances|actions|claims|witnesses): \d+ then, \d+ now$/);
  });

  test('with any value of its header missing, or of another kind, or beyond belief', () => {
    const strange = [undefined, null, -1, 0.5, 1e15, 2 ** 53, 'x', [], {}, true];
    for (const key of Object.keys(header)) {
      // Notes are the owner's: any list, or none.
      const wrong = key === 'notes' ? strange.filter((one) => one !== null && !Array.isArray(one)) : strange;
      for (const value of wrong)
        expect(refusal(withHeader({ [key]: value })), `${key}: ${value}`).not.toBeNull();
    }
    for (const key of ['slots', 'memory']) {
      for (const value of [...strange, 0, header[key][0] - 1, header[key][0] + 1]) {
        const list = [value, ...header[key].slice(1)];
        expect(refusal(withHeader({ [key]: list })), `${key}: [${value}, …]`).not.toBeNull();
      }
      expect(refusal(withHeader({ [key]: [...header[key], 1] })), `${key} too long`).not.toBeNull();
    }
  });

  test('before memory is taken for states that it is too short for', () => {
    for (const part of [{ distinct: 1e9 }, { initials: 1e8 }, { slots: header.slots.map(() => 1e7) }]) {
      writeFileSync(file, withHeader(part));
      const taken: number[] = [];
      const restore = (store: Store) => {
        try {
          loadCheckpoint(file, store, IDENTITY);
        } finally {
          taken.push(store.bytes);
        }
      };
      expect(() => begin(made, { restore })).toThrow('it is cut short');
      expect(taken[0]).toBeLessThan(1e6);
    }
  });

  test('with figures that no search has, whatever the checksums', () => {
    const [from, to] = [borders[0], borders[1] - 4];
    const figures = new Float64Array(Uint8Array.from(whole.subarray(from, to)).buffer);
    const [distinct, expanded, level, levelEnd, , firstCount] = [0, 1, 2, 3, 4, 5];
    const lastFound = figures.length - 1;
    const strange: readonly (readonly [number, readonly number[]])[] = [
      [distinct, [0, 1, -1, Number.NaN, figures[distinct] + 1]],
      [expanded, [0, 1, -1, Number.NaN, figures[expanded] + 1, Infinity]],
      [level, [-1, 0.5, Number.NaN, Infinity]],
      [levelEnd, [0, figures[expanded] - 1, figures[distinct] + 1, Number.NaN]],
      [firstCount, [-1, 0.5, Number.NaN, 1e300]],
      [lastFound, [Number.NaN, -1e9, 1e300, 2 ** 17 * figures[distinct] + 1, 2 ** 17 - 1]],
    ];
    for (const [at, values] of strange) {
      for (const value of values) {
        const changed = figures.slice();
        changed[at] = value;
        const part = withSum(Buffer.from(changed.buffer));
        const bytes = Buffer.concat([whole.subarray(0, from), part, whole.subarray(to + 4)]);
        expect(refusal(bytes), `figure ${at} is ${value}`).toBe('its figures contradict each other');
      }
    }
  });
});

test('a file in another place is told as what the system says of it', () => {
  expect(() => resume(made, join(freshDirectory(), 'none'))).toThrow('ENOENT');
});
