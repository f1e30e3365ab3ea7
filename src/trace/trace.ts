/**
 * A trace: a run as a file that a person can read and a model can repeat. A step has its name and printed
 * arguments, never its code, and the whole state after it, so that a changed model is noticed.
 */
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import {
  decodeStep,
  type Expectations,
  Machine,
  type Model,
  SpecError,
  type StructType,
} from '../language/index.js';
import { FORMAT, VERSION } from './format.js';
import type { Trace } from './schema.js';

export type { Trace, TraceStep } from './schema.js';

/** Stands in place of a claim in a trace that somebody built step by step, and that shows none. */
export const BRANCH = {
  name: 'branch',
  says: 'A run that somebody chose, step by step: it shows no claim and no witness.',
  source: 'the explorer of a page',
} as const;

/** The sentence and the source of a claim or a witness, or of the demand that each state has a step. */
export function wordsOf<R>(
  { claims, witnesses }: Expectations<R>,
  name: string,
): { readonly says: string; readonly source: string } {
  if (name === DEADLOCK) return { says: 'A state that is not terminal has a step.', source: 'every model' };
  const part = [...claims, ...witnesses].find((one) => one.name === name);
  return { says: part?.says ?? name, source: part?.source ?? '' };
}

/** The fields of a trace besides its steps. */
export type Heading = Omit<Trace, '#' | 'format' | 'version' | 'model' | 'source' | 'initial' | 'steps'> & {
  /** Where the claim comes from; a trace without it has an empty text. */
  readonly source?: string | undefined;
};

/** A schedule that the model does not take: it has a step that is not enabled. */
export class ScheduleRefused extends SpecError {
  constructor(model: string, step: string, position: number, state: unknown) {
    super(
      `${model} does not take this schedule: ${step}, its step ${position}, is not enabled. Usually it is of ` +
        `another model, other bounds or other rules.\n  in the state ${JSON.stringify(state)}`,
    );
  }
}

/**
 * Runs a schedule and writes down what happens. Throws `InvalidModel` for codes the model does not have, and
 * `ScheduleRefused` for a step that is not enabled.
 */
export function recordTrace<S extends StructType>(
  model: Model<S>,
  schedule: Schedule,
  heading: Partial<Heading> = {},
): Trace {
  const machine = new Machine(model);
  const start = printedArguments([model.initial], schedule.initial);
  if (!machine.start(schedule.initial)) {
    throw new ScheduleRefused(model.name, `${start.action}(${start.args.join(', ')})`, 0, machine.plain());
  }
  const initial = {
    args: start.args,
    state: machine.plain(),
  };
  const steps = schedule.steps.map((code, i) => {
    if (!machine.admits(code)) {
      throw new ScheduleRefused(model.name, machine.print(code), i + 1, machine.plain());
    }
    machine.apply(code);
    machine.advance();
    return { ...printedArguments(model.actions, code), state: machine.plain() };
  });
  const { tool = '', bounds = {}, rules = '', claim = '', says = '', source = '' } = heading;
  const title = { format: FORMAT, version: VERSION, tool, model: model.name, bounds, rules } as const;
  return { ...title, claim, says, source, initial, steps };
}

function printedArguments<S extends StructType>(
  actions: Model<S>['actions'],
  code: number,
): { action: string; args: string[] } {
  const { action, args } = decodeStep(actions, code);
  return { action: action.name, args: args.map((value, i) => action.over[i].print(value)) };
}

const COLUMNS = 120;

/** JSON for people: what fits into a line stays on one, so that a server's state is one line or a few. */
export const toReadableJson = (value: unknown): string => `${layOut(value, '', 0)}\n`;

function layOut(value: unknown, indent: string, taken: number): string {
  const flat = onOneLine(value);
  if (value === null || typeof value !== 'object') return flat;
  if (indent.length + taken + flat.length <= COLUMNS) return flat;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const lines = value.map((element) => deeper + layOut(element, deeper, 1));
    return `[\n${lines.join(',\n')}\n${indent}]`;
  }
  const lines = definedEntries(value).map(([name, field]) => {
    const key = `${JSON.stringify(name)}: `;
    return deeper + key + layOut(field, deeper, key.length + 1);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

function onOneLine(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  const fields = definedEntries(value).map(([name, field]) => `${JSON.stringify(name)}: ${onOneLine(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

const definedEntries = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, field]) => field !== undefined);
