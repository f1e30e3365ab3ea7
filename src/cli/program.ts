/** The subcommands of `fle-check`, and how their errors are reported. */
import { Command, CommanderError } from 'commander';
import { findFamily } from '../../models/index.js';
import { UnsoundReduction } from '../../models/model/reductions.js';
import { userFaultOf } from '../claims-file/user-fault.js';
import { inlineMore } from '../engine/inlining.js';
import { fitInto, NoAddressSpace } from '../engine/reservation.js';
import { ModelFailed, type Plain, TooLarge } from '../language/index.js';
import { addressSpace } from '../process/address-space.js';
import { EXIT, type ExitCode } from '../process/exit.js';
import { interrupt } from '../process/interrupt.js';
import { tellEnd } from '../process/supervisor.js';
import { BadUsage, reasonOf, tellDefect } from '../process/usage.js';
import { VERSION } from '../process/version.js';
import { closeRules, RuleFailed, RuleFailedEarlier } from '../rules-file/index.js';

/** The subcommands in the order of `--help`. A call of one of them loads no other. */
const COMMANDS: { readonly [name: string]: () => Promise<Command> } = {
  check: async () => (await import('./commands/check.js')).checkCommand(),
  explore: async () => (await import('./commands/explore.js')).exploreCommand(),
  replay: async () => (await import('./commands/replay.js')).replayCommand(),
  view: async () => (await import('./commands/view.js')).viewCommand(),
  tutorial: async () => (await import('./commands/tutorial.js')).tutorialCommand(),
  promote: async () => (await import('./commands/promote.js')).promoteCommand(),
  leaders: async () => (await import('./commands/leaders.js')).leadersCommand(),
  mutants: async () => (await import('./commands/mutants.js')).mutantsCommand(),
  diff: async () => (await import('./commands/diff.js')).diffCommand(),
  conform: async () => (await import('./commands/conform.js')).conformCommand(),
  models: async () => (await import('./commands/models.js')).modelsCommand(),
};

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

/** Runs the command of these arguments; its exit code becomes that of the process. */
export async function runProgram(args: readonly string[]): Promise<void> {
  inlineMore();
  fitInto(addressSpace());
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
  tellEnd();
}

/** Tells an error in one line on standard error; returns the exit code. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.holds;
  if (error instanceof CommanderError) return tell(ofCommander(error), EXIT.badUsage);
  const fault = userFaultOf(error);
  if (fault !== null) return tell(whereOf(fault, error), EXIT.badUsage);
  if (error instanceof BadUsage || error instanceof TooLarge || error instanceof UnsoundReduction) {
    return tell(error.message, EXIT.badUsage);
  }
  if (error instanceof NoAddressSpace) return tell(error.message, EXIT.inconclusive);
  return tell(tellDefect(error), EXIT.internal);
}

/** A fault in the user's code. For a rule it has the step and the state in which it was called, if known. */
const whereOf = (fault: Error, error: unknown): string =>
  fault instanceof RuleFailed && !(fault instanceof RuleFailedEarlier) && error instanceof ModelFailed
    ? `${fault.message}\n  in ${error.step}, where\n  ${inWords(error)}`
    : fault.message;

/** `s1 off; s2 LOOKING c1 → s2`: the state in which a model failed; both states of two compared models. */
function inWords({ model, state }: Pick<ModelFailed, 'model' | 'state'>): string {
  const { server, a, b } = state as { readonly [field in 'server' | 'a' | 'b']?: Plain };
  if (a !== undefined && b !== undefined) {
    return `a: ${inWords({ model, state: a })}\n  b: ${inWords({ model, state: b })}`;
  }
  const { describeServer } = findFamily(model) ?? {};
  if (describeServer === undefined || !Array.isArray(server)) return JSON.stringify(state);
  return server.map((_, i) => `s${i + 1} ${describeServer(state as Plain, i)}`).join('; ');
}

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
    // A terminal that was closed cannot be written to, and has sent SIGHUP.
    if (error.code === 'EPIPE' || (error.code === 'EIO' && interrupt.requested)) return;
    process.exit(tell(`cannot write to standard output: ${reasonOf(error)}`, EXIT.badUsage));
  });
  process.stderr.on('error', () => {});
}
