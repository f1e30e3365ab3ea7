/**
 * `--report <dir>`: the part of a command, a page for each violation, and the index page of all parts. This
 * file is loaded only if a report is asked for.
 */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { checkWritable, prepareDirectory, writeWhole } from '../process/files.js';
import { BadUsage, CannotRead } from '../process/usage.js';
import { VERSION } from '../process/version.js';
import { toReadableJson } from '../trace/trace.js';
import { pageOf } from './page.js';
import {
  PART_FORMAT,
  PART_VERSION,
  type PartName,
  type Parts,
  partSchemas,
  type Said,
  type ShownViolation,
} from './parts.js';
import { tracePageOf } from './trace-page.js';
import type { WrittenViolation } from './violation.js';

const INDEX = 'index.html';
const NAMES = Object.keys(partSchemas) as readonly PartName[];
/** The most commands that write to one directory at once. Each may make the index be written once more. */
const MOST_REWRITES = 20;

/**
 * `check` and `explore` may violate the same claim of a model at different bounds, so each has its own page.
 */
const PAGE_ENDS: { readonly [K in PartName]: string } = {
  check: '.html',
  explore: '.random.html',
  mutants: '.html',
};

/** A part tells when it was made, in ISO 8601, and the arguments of the command that made it. */
export interface Made {
  readonly made: string;
  readonly command: readonly string[];
}

/**
 * The report of a command, before its long run: the directory is there, can be written, and has no broken
 * part. `madeBy` is asked when the part is written. Throws `CannotWrite`, `CannotRead` and `BadUsage`.
 */
export function openReport<K extends PartName>(directory: string, name: K, madeBy: () => Made): Report<K> {
  prepareDirectory(directory);
  checkWritable(join(directory, INDEX));
  partsIn(textsIn(directory), directory);
  checkWritable(fileOf(directory, name));
  return new Report(directory, name, madeBy);
}

export class Report<K extends PartName> {
  readonly #directory: string;
  readonly #name: K;
  readonly #madeBy: () => Made;

  constructor(directory: string, name: K, madeBy: () => Made) {
    this.#directory = directory;
    this.#name = name;
    this.#madeBy = madeBy;
  }

  /** Writes the page of a violation, if its trace file exists. Returns the violation's entry in the index. */
  shown(told: WrittenViolation | null): ShownViolation | null {
    if (told === null) return null;
    const { subject, trace, file } = told;
    const { model, rules, claim, says, steps } = trace;
    const violation = { claim, says, steps: steps.length };
    if (file === null) return { ...violation, page: null };
    // Rules of a file are named by their path.
    const page = `${model}.${basename(rules)}.${claim}${PAGE_ENDS[this.#name]}`;
    const title = `${claim} · ${model} · fle-check`;
    writeWhole(join(this.#directory, page), pageOf(title, tracePageOf(subject, trace, file)));
    return { ...violation, page };
  }

  /** Writes the part of the command, in place of the one before, and the index of all; returns its path. */
  write(said: Said<K>): string {
    const heading = { format: PART_FORMAT, version: PART_VERSION, part: this.#name, tool: VERSION };
    const { made, command } = this.#madeBy();
    const part = { ...heading, made, command, ...said };
    writeWhole(fileOf(this.#directory, this.#name), toReadableJson(part));
    return this.#writeIndex();
  }

  /** Writes the index until it shows all parts: another command may have written its part meanwhile. */
  #writeIndex(): string {
    const index = join(this.#directory, INDEX);
    for (let i = 0; i < MOST_REWRITES; i++) {
      const texts = textsIn(this.#directory);
      const parts = partsIn(texts, this.#directory);
      writeWhole(index, pageOf('fle-check report', { kind: 'report', ...parts }));
      const now = textsIn(this.#directory);
      if (NAMES.every((name) => texts[name] === now[name])) break;
    }
    return index;
  }
}

const fileOf = (directory: string, name: PartName): string => join(directory, `${name}.json`);

/** The text of each part; null for parts that do not exist. */
type Texts = { readonly [K in PartName]: string | null };

const textsIn = (directory: string): Texts =>
  Object.fromEntries(NAMES.map((name) => [name, textOf(fileOf(directory, name))])) as Texts;

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CannotRead(path, error);
  }
}

const partsIn = (texts: Texts, directory: string): Parts =>
  Object.fromEntries(
    NAMES.map((name) => [name, partIn(texts[name], name, fileOf(directory, name))] as const),
  ) as Parts;

function partIn(text: string | null, name: PartName, path: string): unknown {
  if (text === null) return null;
  const json = jsonOf(text);
  if (json === undefined) throw new NoPart(path, 'it is not JSON');
  const { format, version } = (json ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== PART_FORMAT) throw new NoPart(path, `its format is not ${PART_FORMAT}`);
  if (version !== PART_VERSION) throw new NoPart(path, `its version is not ${PART_VERSION}`);
  const parsed = partSchemas[name].safeParse(json);
  if (parsed.success) return parsed.data;
  const [{ path: at, message }] = parsed.error.issues;
  const where = at.length === 0 ? 'at the top' : `at ${at.map(String).join('.')}`;
  throw new NoPart(path, `${where}, ${message}`);
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A file that has the name of a part and is none. */
class NoPart extends BadUsage {
  constructor(path: string, why: string) {
    const told = why.replaceAll(/[\s\p{Cc}]+/gu, ' ');
    super(`${path} is no part of a report: ${told}; remove it, or write the report elsewhere`);
  }
}
