/**
 * A run that a person builds: a schedule of a model, the steps that may come next, and its trace. Every
 * branch is a new value, so to go back is to use an older one.
 */
import type { Case } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import {
  decodeStep,
  encodeStep,
  Machine,
  type Model,
  printStep,
  type StructType,
} from '../language/index.js';
import { stateShows, stepShows } from '../trace/replay.js';
import { BRANCH, type Heading, recordTrace, type Trace } from '../trace/trace.js';

/** A step that is enabled. */
export interface Choice {
  readonly code: number;
  /** The action. */
  readonly action: string;
  /** In the words of the model. */
  readonly words: string;
  /** `Start(s1)`. */
  readonly name: string;
  /** The first server among its arguments, from 0; null without one. */
  readonly server: number | null;
}

/** A claim violated, or a witness reached, by the last step of a schedule. */
export interface Shown {
  readonly name: string;
  readonly kind: 'claim' | 'witness';
  readonly says: string;
  readonly source: string;
}

/** The schedule of a trace; null if the model as it is now has no such steps, or does not admit them. */
export function scheduleOf({ model }: Case, { initial, steps }: Trace): Schedule | null {
  const machine = new Machine(model);
  const start = encodeStep([model.initial], model.initial.name, initial.args);
  if (start === null || !machine.start(start)) return null;
  const codes: number[] = [];
  for (const { action, args } of steps) {
    const code = encodeStep(model.actions, action, args);
    if (code === null || !machine.admits(code)) return null;
    machine.apply(code);
    machine.advance();
    codes.push(code);
  }
  return { initial: start, steps: codes };
}

/** Making one generates code. */
const machines = new WeakMap<Model, Machine<StructType>>();

/** The machine of a model, in the state after a schedule. */
function machineAfter({ model }: Case, { initial, steps }: Schedule): Machine<StructType> {
  const machine = machines.get(model) ?? new Machine(model);
  machines.set(model, machine);
  machine.start(initial);
  for (const code of steps) {
    machine.apply(code);
    machine.advance();
  }
  return machine;
}

/** All steps that may come after a schedule, in the order of the model's actions. */
export function choicesAfter(subject: Case, schedule: Schedule): readonly Choice[] {
  const machine = machineAfter(subject, schedule);
  const codes = new Uint16Array(subject.model.instances);
  return [...codes.subarray(0, machine.enabled(codes))].map((code) => {
    const { action, args } = decodeStep(subject.model.actions, code);
    const name = printStep(action, args);
    const sid = /\(s(\d+)/.exec(name);
    return {
      code,
      action: action.name,
      words: action.says?.(machine.pre, ...args) ?? name,
      name,
      server: sid === null ? null : Number(sid[1]) - 1,
    };
  });
}

/** What a schedule shows by its last step: violated claims before witnesses, each as declared. */
export function shownBy(subject: Case, schedule: Schedule): readonly Shown[] {
  const { claims, witnesses } = subject.expectations;
  const last = schedule.steps.at(-1);
  const machine = machineAfter(subject, { ...schedule, steps: schedule.steps.slice(0, -1) });
  const step = last === undefined ? null : decodeStep(subject.model.actions, last);
  if (last !== undefined) machine.apply(last);
  const printed = step === null ? undefined : stepOf(step);
  const asked = [
    ...claims.map((claim) => ({ name: claim.name, claim, witness: undefined, kind: 'claim' as const })),
    ...witnesses.map((witness) => ({
      name: witness.name,
      claim: undefined,
      witness,
      kind: 'witness' as const,
    })),
  ].filter(({ claim }) => claim?.kind !== 'scenario');
  const byStep = asked.filter((one) => stepShows(machine, one, printed));
  if (last !== undefined) machine.advance();
  return asked
    .filter((one) => byStep.includes(one) || stateShows(machine, one, schedule.steps.length))
    .map(({ name, kind, claim, witness }) => ({
      name,
      kind,
      says: (claim ?? witness)?.says ?? '',
      source: (claim ?? witness)?.source ?? '',
    }));
}

const stepOf = ({ action, args }: ReturnType<typeof decodeStep>) => ({
  action: action.name,
  args: args.map((value, i) => action.over[i].print(value)),
  state: null,
});

/** The trace of a schedule; it claims to show `shown`, or nothing. */
export function traceOfSchedule(subject: Case, schedule: Schedule, shown: Shown | null, tool: string): Trace {
  const { name, says, source } = shown ?? BRANCH;
  const heading: Heading = {
    tool,
    bounds: { ...subject.stated },
    rules: subject.ruleSet.name,
    claim: name,
    says,
    source,
  };
  return recordTrace(subject.model, schedule, heading);
}

/** The targets of a search: claims to violate, witnesses to reach. */
export interface Target {
  readonly kind: 'claim' | 'witness';
  readonly name: string;
}

/** All targets of a case: those that concern single states and steps. */
export const targetsOf = ({
  expectations: { claims, witnesses },
}: Case): readonly (Target & { says: string })[] => [
  ...witnesses.map(({ name, says }) => ({ kind: 'witness' as const, name, says })),
  ...claims.flatMap(({ name, says, kind }) =>
    kind === 'scenario' ? [] : [{ kind: 'claim' as const, name, says }],
  ),
];
