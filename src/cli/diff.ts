/** `fle-check diff`: the shortest schedule after which two rule sets elect differently. */
import { Command } from 'commander';
import { type Case, caseOf } from '../../properties/index.js';
import { BreadthFirst } from '../engine/breadth-first.js';
import type { Outcome, Schedule } from '../engine/outcome.js';
import { colorsFor, counted, figure } from '../report/terminal.js';
import { EXIT, type ExitCode } from '../report/verdict.js';
import { accountsOf } from '../rules-file/accounting.js';
import { confirm } from '../rules-file/index.js';
import { decodeStep, Machine, type Model, type Plain, type StructType } from '../spec/index.js';
import { layOutTable } from '../trace/columns.js';
import { concernedBy } from './concerned.js';
import { inSlices } from './in-slices.js';
import { INTERRUPTED, interrupt } from './interrupt.js';
import {
  addBoundOptions,
  addLimitOptions,
  type BoundOptions,
  boundsFor,
  chooseRungs,
  givenBounds,
  type LimitOptions,
  ruleSetFor,
} from './options.js';
import { followedIn, productOf } from './product.js';
import { refuseTooManyInitials } from './search.js';
import { StatusLine } from './status-line.js';
import { BadUsage } from './usage.js';

const EXAMPLES = `
Both are given the same schedules, of which each takes the steps that it can; every schedule within the bounds
is tried. A rule set is one that ships, or a file of rules.

Examples:
  fle-check diff correct minority-quorum
  fle-check diff correct ./my-rules.ts fast-leader-election --rounds 2 --abandons 1

Exit codes: 0 they elect alike, 1 they differ, 2 bad usage or input, 3 inconclusive, 4 internal error.`;

type DiffOptions = BoundOptions & LimitOptions;

/** Why a model is not compared, though servers are elected in it. */
const UNFOLLOWED: { readonly [model: string]: string } = {
  'fle-faithful': 'a server of fle-faithful has two votes, the one it has decided on and the one it tells',
};

export function diffCommand(): Command {
  const command = new Command('diff')
    .summary('compare two rule sets')
    .description(
      'Finds the shortest schedule after which two rule sets elect differently, or that there is none.',
    )
    .argument('<rules>', 'a rule set')
    .argument('<other>', 'the rule set it is compared with')
    .argument('[model]', 'the model', 'fast-leader-election')
    .addHelpText('after', EXAMPLES);
  addBoundOptions(command, 'tiny');
  addLimitOptions(command);
  return command.action(async (a: string, b: string, model: string, options: DiffOptions) => {
    process.exitCode = await diff([a, b], model, options);
  });
}

async function diff(
  names: readonly [string, string],
  model: string,
  options: DiffOptions,
): Promise<ExitCode> {
  const cases = await casesOf(names, model, options);
  const followed = followedIn(model)!;
  interrupt.begin();
  const product = productOf(...cases, followed);
  const limits = {
    memory: options.memoryMax,
    ...(options.statesMax === undefined ? {} : { states: options.statesMax }),
  };
  const search = new BreadthFirst(product.model, product.expectations, limits);
  const outcome = await drive(search, options.time);
  await confirm(...cases.map(({ ruleSet }) => ruleSet));
  const uncalled = cases
    .map(({ rung, bounds, ruleSet, calls }) => accountsOf(rung, bounds, ruleSet, calls).uncalled)
    .find((because) => because !== null);
  const said =
    outcome.verdict === 'holds' && uncalled !== undefined ? inconclusive(outcome, uncalled) : outcome;
  const lines = [
    `${names.join(' and ')} in ${model}, ${cases[0].rung.describe(cases[0].bounds)}:`,
    '',
    ...verdict(said, names, product.model, followed),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  if (outcome.violation !== null) return EXIT.violated;
  return said.verdict === 'holds' ? EXIT.holds : EXIT.inconclusive;
}

const inconclusive = (outcome: Outcome, reason: string): Outcome => ({
  ...outcome,
  verdict: 'inconclusive',
  reason,
});

/**
 * One model at one bounds under two rule sets: if either makes the bounds others, both get those. Throws
 * `BadUsage` for a model in which nobody is elected, or that uses none of the rules.
 */
async function casesOf(
  names: readonly [string, string],
  model: string,
  options: DiffOptions,
): Promise<readonly [Case, Case]> {
  const given = givenBounds(options);
  const [rung] = chooseRungs(model, given);
  if (followedIn(model) === null) {
    const because = UNFOLLOWED[model] ?? `nobody is elected in ${model}`;
    throw new BadUsage(`${because}; compare two rule sets in another model`);
  }
  const asked = boundsFor(rung, options.bounds, given);
  const [a, b] = [await ruleSetFor(names[0]), await ruleSetFor(names[1])];
  for (const ruleSet of [a, b]) concernedBy(ruleSet, [rung], options);
  const bounds = caseOf(rung, caseOf(rung, asked, a).bounds, b).bounds;
  const cases = [caseOf(rung, bounds, a), caseOf(rung, bounds, b)] as const;
  cases.forEach(refuseTooManyInitials);
  return cases;
}

/** Searches to the end, the time limit or an interrupt, with progress on a terminal. */
async function drive(
  search: BreadthFirst<StructType> | BreadthFirst<never>,
  time: number | undefined,
): Promise<Outcome> {
  const status = new StatusLine(process.stderr);
  const from = performance.now();
  await inSlices(search, () => {
    const { distinct, queued, level } = search.progress();
    status.show(
      () => `${figure(distinct)} pairs of states, ${figure(queued)} queued, ${counted(level, 'step')}`,
    );
    if (interrupt.requested) search.stop(INTERRUPTED);
    if (time !== undefined && performance.now() - from > time)
      search.stop(`the time limit of ${time / 1000} s was reached`);
  });
  status.clear();
  return search.outcome();
}

function verdict(
  { violation, verdict, reason, distinct }: Outcome,
  names: readonly [string, string],
  model: Model<StructType> | Model<never>,
  followed: string,
): readonly string[] {
  const pairs = `${figure(distinct)} pairs of states`;
  if (violation === null && verdict === 'holds')
    return [`They elect alike, completely, within these bounds (${pairs}).`];
  if (violation === null) return [`Inconclusive: ${reason} (${pairs}).`];
  const { schedule } = violation;
  return [
    ...differenceTable(model as Model<StructType>, schedule, names, followed),
    '',
    `They elect differently after ${counted(schedule.steps.length, 'step')}, and not before (breadth-first).`,
  ];
}

/** The schedule, and what each server has been elected to: twice, where the two differ. */
function differenceTable(
  model: Model<StructType>,
  { initial, steps }: Schedule,
  names: readonly [string, string],
  followed: string,
): readonly string[] {
  const colors = colorsFor(process.stdout, process.env);
  const machine = new Machine(model);
  machine.start(initial);
  const servers = (rolesIn(machine.plain(), 'a', followed) as readonly string[]).length;
  const rows = [['#', 'step', ...Array.from({ length: servers }, (_, i) => `s${i + 1}`)]];
  for (const [k, code] of steps.entries()) {
    const { action, args } = decodeStep(model.actions, code);
    const words = action.says?.(machine.pre, ...args) ?? action.name;
    machine.apply(code);
    machine.advance();
    const [a, b] = [rolesIn(machine.plain(), 'a', followed), rolesIn(machine.plain(), 'b', followed)];
    rows.push([String(k + 1), words, ...a.map((role, i) => (role === b[i] ? role : `${role} / ${b[i]}`))]);
  }
  return [
    colors.bold(`  under ${names[0]} / under ${names[1]}, where they differ`),
    ...layOutTable(rows, 100),
  ];
}

type Fields = { readonly [field: string]: Plain };

/** `LOOKING`, `FOLLOWING s2`. */
function rolesIn(state: Plain, side: 'a' | 'b', followed: string): readonly string[] {
  const { server } = (state as { readonly [side: string]: { readonly server: readonly Fields[] } })[side];
  return server.map((one) =>
    one.state === 'FOLLOWING' || one.state === 'OBSERVING'
      ? `${one.state} ${one[followed]}`
      : String(one.state),
  );
}
