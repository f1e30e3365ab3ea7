/** Names of models in files of a user: `./mine.js#make`. It imports nothing, since main.ts loads it first. */

const CODE = /\.[cm]?[jt]s$/;
const NAMED = /^(.*\.[cm]?[jt]s)#(.*)$/;

/** A file, and what it exports as a model. */
export interface NamedExport {
  readonly path: string;
  /** A function that returns the model and its expectations, or a constant that holds both. */
  readonly exported: string;
}

/** The file and the export in a name; null if it names no export. */
export function exportNamed(name: string): NamedExport | null {
  const [, path = '', exported = ''] = NAMED.exec(name) ?? [];
  return exported === '' ? null : { path, exported };
}

/** True for a name that is one of a file, and not that of a model that ships. */
export const isModelFile = (name: string): boolean => NAMED.test(name) || CODE.test(name);

/** The argument of a command that names an export of a file; undefined if there is none. */
export const modelFileIn = (args: readonly string[]): string | undefined =>
  args.map((arg) => arg.replace(/^--model=/, '')).find((arg) => exportNamed(arg) !== null);
