/** A program of this folder, in a fresh process, that prints one value as JSON. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Runs a compiled program of this folder and reads what it prints. Throws with what it said if it fails. */
export function child<T>(program: string, ...args: readonly (string | number)[]): Promise<T> {
  const script = fileURLToPath(new URL(`./${program}.js`, import.meta.url));
  const node = spawn(process.execPath, [script, ...args.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  node.stdout.on('data', (data) => {
    output += data;
  });
  node.stderr.on('data', (data) => {
    errors += data;
  });
  return new Promise((resolve, reject) => {
    node.on('error', reject);
    node.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output) as T);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${signal ?? code}: ${gist(errors)}`));
    });
  });
}

/** The line of a stack trace that says what happened. */
const gist = (errors: string): string =>
  /^\w*Error.*$/m.exec(errors)?.[0] ?? errors.trim().split('\n').at(-1) ?? '';
