#!/usr/bin/env node
/** The command `fle-check`: its subcommands, and what becomes of their errors. */
import { Command, CommanderError } from 'commander';
import { UnsoundReduction } from '../../models/credentials.js';
import { inlineMore } from '../engine/inlining.js';
import { EXIT, type ExitCode } from '../report/verdict.js';
import { closeRules, type RuleFailed, ruleFaultOf } from '../rules-file/index.js';
import { ModelFailed, TooLarge } from '../spec/index.js';
import { BadUsage, reasonOf, tellDefect } from './usage.js';
import { VERSION } from './version.js';

/** Commands that run for long end with their figures so far; the others have none, and end by the signal. */
const LONG: readonly string[] = ['check', 'explore', 'leaders', 'mutants', 'diff', 'conform'];

async function program(called: string): Promise<Command> {
  const root = new Command('fle-check')
    .description("Model checking and property-based tests of ZooKeeper's leader election.")
    .version(VERSION, '-V, --version', 'print the version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText('after', '\nExample:\n  fle-check check tutorial');
  const names = Object.hasOwn(COMMANDS, called) ? [called] : Object.keys(COMMANDS);
  for (const name of names) {
    const command = await COMMANDS[name]();
    root.addCommand(command.copyInheritedSettings(root));
  }
  return root;
}

async function main(args: readonly string[]): Promise<void> {
  inlineMore();
  surviveClosedOutput();
  try {
    const root = await program(args[0] ?? '');
    if (args.length === 0) return root.outputHelp();
    await root.parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = report(error);
  } finally {
    await closeRules();
  }
}

/** Tells an error in one line on standard error; returns the exit code. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.holds;
  if (error instanceof CommanderError) return tell(ofCommander(error), EXIT.badUsage);
  const fault = ruleFaultOf(error);
  if (fault !== null) return tell(whereOf(fault, error), EXIT.badUsage);
  if (error instanceof BadUsage || error instanceof TooLarge || error instanceof UnsoundReduction) {
    return tell(error.message, EXIT.badUsage);
  }
  return tell(tellDefect(error), EXIT.internal);
}

/** The fault of a rule from a file, with the step and the state in which it was called, if they are known. */
const whereOf = (fault: RuleFailed, error: unknown): string =>
  error instanceof ModelFailed
    ? `${fault.message}; in ${error.step}, in the state ${JSON.stringify(error.state)}`
    : fault.message;

function tell(message: string, code: ExitCode): ExitCode {
  process.stderr.write(`fle-check: ${message}\n`);
  return code;
}

/** `error: unknown option '--foo'\n(Did you mean --bar?)` as one line. */
const ofCommander = ({ message }: CommanderError): string =>
  message
    .replace(/^error: /, '')
    .replace(/\n\((Did you mean .*)\)$/, '. $1')
    .replaceAll('\n', ' ');

/** A reader that has seen enough (`| head`) is no error; a full disk behind standard output is one. */
function surviveClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exit(tell(`cannot write to standard output: ${reasonOf(error)}`, EXIT.badUsage));
  });
  process.stderr.on('error', () => {});
}

await main(process.argv.slice(2));
