/** Options about a model in a file of the user, for the commands that take one. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { BOUND_NAMES } from '../../models/index.js';
import { flagOf } from '../cases/choices.js';
import { BadUsage } from '../process/usage.js';

/** What `addArgumentsOption` adds. */
export interface ArgumentsOption {
  /** The arguments of the function that makes the model. */
  readonly args?: readonly unknown[];
}

/** Adds what the function of a model file is called with. */
export const addArgumentsOption = (command: Command): Command =>
  command.addOption(
    new Option(
      '--args <json>',
      'what the function of ./mine.js#make is called with: 5, or [5, true] for two arguments',
    ).argParser(parseArguments),
  );

/** Adds which model a trace is of, where a user wrote it. */
export const addModelFileOption = (command: Command): Command =>
  command.option('--model <file>', 'the model that the trace is of, as ./mine.js#make, if you wrote it');

/** A value of JSON, or a list of them. */
function parseArguments(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It takes JSON: 5, or \'[5, "x"]\'.');
  }
  return Array.isArray(value) ? value : [value];
}

/** Throws `BadUsage` if arguments are given for a model that ships. */
export function refuseArguments({ args }: ArgumentsOption): void {
  if (args === undefined) return;
  throw new BadUsage('--args is for a model in a file, as in ./mine.js#make; models that ship take bounds');
}

/** The options that are about models that ship, by name, with their flags. */
const OF_SHIPPED: ReadonlyMap<string, string> = new Map([
  ...BOUND_NAMES.map((name) => [name, flagOf(name)] as const),
  ['bounds', '--bounds'],
  ['rules', '--rules'],
  ['claimsFile', '--claims-file'],
]);

/** Throws `BadUsage` if one of the options given means nothing to a model in a file. */
export function refuseOptionsOfShipped(model: string, given: readonly string[]): void {
  const flag = given.map((name) => OF_SHIPPED.get(name)).find((one) => one !== undefined);
  if (flag === undefined) return;
  const instead =
    BOUND_NAMES.map(flagOf).includes(flag) || flag === '--bounds' ? '; its bounds are --args' : '';
  throw new BadUsage(`${model} is a model of your own, and does not take ${flag}${instead}`);
}
