#!/usr/bin/env node
/** The command `fle-check`. It hears Ctrl-C before it loads anything else: that takes a fifth of a second. */
import { interrupt } from '../process/interrupt.js';
import { modelFileIn } from '../process/model-file.js';
import { SUPERVISED } from '../process/supervisor.js';

/** On Ctrl-C these commands, which run for long, print their figures so far. The others just end. */
const LONG: readonly string[] = ['check', 'explore', 'leaders', 'mutants', 'diff', 'conform'];

const args = process.argv.slice(2);
/** Claims and models of a user run in this process; a file of rules has one of its own. */
const runsCodeOfTheUser =
  modelFileIn(args) !== undefined || args.some((arg) => /^--claims-file(=|$)/.test(arg));
if (runsCodeOfTheUser && process.env[SUPERVISED] !== '1') {
  const { supervise } = await import('./supervised.js');
  process.exitCode = await supervise(args);
} else {
  if (LONG.includes(args[0])) interrupt.listen();
  const { runProgram } = await import('./program.js');
  await runProgram(args);
}
