/** A model in a file of a user: `./mine.js#make`, the function `make` that the file exports. */
import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuiltModel } from '../engine/model-source.js';
import { checkExpectations, SpecError } from '../language/index.js';
import { exportNamed, type NamedExport } from '../process/model-file.js';
import { BadUsage, UnknownWord } from '../process/usage.js';
import { wordsOf } from '../rules-file/answer.js';
import { digestOfFiles } from '../rules-file/digest.js';

/** A model of a user, as it was made. */
export interface OwnModel extends BuiltModel {
  /** `./mine.js#make`. */
  readonly file: string;
  /** The arguments of the function, plain data. */
  readonly args: readonly unknown[];
  /** Of what the file says, and all that it imports. */
  readonly digest: string;
}

/** The file and the export in a name. Throws `BadUsage` of a name without an export. */
function exportIn(name: string): NamedExport {
  const found = exportNamed(name);
  if (found !== null) return found;
  const file = name.replace(/#$/, '');
  throw new BadUsage(`${name} names no function; name the one that makes the model, as in ${file}#make`);
}

/** `./mine.js#make(5)`. */
export const callInWords = (file: string, args: readonly unknown[]): string =>
  args.length === 0 ? file : `${file}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;

/**
 * The model that a function of a file makes of these arguments. Throws `BadUsage` if there is none, or it
 * makes none; and if the file does not have this `digest`, where it was loaded before.
 */
export async function loadModel(file: string, args: readonly unknown[], digest?: string): Promise<OwnModel> {
  const { path, exported } = exportIn(file);
  printElsewhere();
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new BadUsage(`there is no file ${path} to take a model from`);
  const found = digestOfFiles(absolute);
  if (digest !== undefined && digest !== found) {
    throw new BadUsage(`${path} was changed while its model was being checked`);
  }
  const module = await moduleAt(path, absolute);
  const make = module[exported];
  if (make === undefined)
    throw new UnknownWord('export', exported, Object.keys(module), listOf(path, module));
  const made = typeof make === 'function' ? await calledWith(file, make as Make, args) : make;
  return { ...modelIn(file, made), file, args, digest: found };
}

/** What the file prints goes to standard error: standard output may be for the JSON of a result alone. */
function printElsewhere(): void {
  for (const method of ['log', 'info', 'debug'] as const) console[method] = console.error.bind(console);
}

const listOf = (path: string, module: object): string =>
  `${path} exports ${Object.keys(module).join(', ') || 'nothing'}`;

type Module = { readonly [name: string]: unknown };

/**
 * JavaScript is imported by Node, so that the search runs the code as it is; TypeScript has to be transformed
 * first.
 */
async function moduleAt(path: string, absolute: string): Promise<Module> {
  const { href } = pathToFileURL(absolute);
  try {
    if (!extname(absolute).endsWith('ts')) return (await import(href)) as Module;
    const { createJiti } = await import('jiti');
    const root = fileURLToPath(new URL('../index.js', import.meta.url));
    const jiti = createJiti(import.meta.url, {
      fsCache: false,
      interopDefault: false,
      alias: { 'fle-check': root },
    });
    return await jiti.import<Module>(href);
  } catch (error) {
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    const advice = isUnknown ? '; install what it imports beside it, as in npm i -D fle-check' : '';
    throw new BadUsage(`cannot load ${path}: ${wordsOf(error)}${advice}`, { cause: error });
  }
}

type Make = (...args: readonly unknown[]) => unknown;

async function calledWith(file: string, make: Make, args: readonly unknown[]): Promise<unknown> {
  try {
    return await make(...args);
  } catch (error) {
    const words = error instanceof SpecError ? error.message : wordsOf(error);
    throw new BadUsage(`${callInWords(file, args)} threw ${words}`, { cause: error });
  }
}

/** The model and expectations in what a function has returned. Throws `BadUsage`. */
function modelIn(file: string, made: unknown): BuiltModel {
  const { model, expectations } = (made ?? {}) as { readonly [part in keyof BuiltModel]?: unknown };
  if (!hasLists(model, ['actions']) || !hasLists(expectations, ['claims', 'witnesses'])) {
    throw new BadUsage(
      `${file} makes no model: return { model, expectations }, the model by defineModel, and expectations ` +
        'with a list of claims and one of witnesses',
    );
  }
  const built = made as BuiltModel;
  try {
    checkExpectations(built.model, built.expectations);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new BadUsage(`${file}: ${error.message}`, { cause: error });
  }
  return { model: built.model, expectations: built.expectations };
}

const hasLists = (value: unknown, lists: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  lists.every((name) => Array.isArray((value as { readonly [name: string]: unknown })[name]));
