/** `fle-check mutants [rule sets]`: puts rule sets on trial and prints which claims notice them. */
import { Command } from 'commander';
import { families, type RuleSet, ruleSets } from '../../../models/index.js';
import { chooseRuleSet } from '../../cases/choices.js';
import { EXIT, type ExitCode, gravest } from '../../process/exit.js';
import { checkWritable, writeJson } from '../../process/files.js';
import { INTERRUPTED, interrupt } from '../../process/interrupt.js';
import { printLines } from '../../process/print.js';
import { StatusLine } from '../../process/status-line.js';
import { BadUsage } from '../../process/usage.js';
import { matrixLines, matrixSummary } from '../../report/matrix.js';
import { tableColumnsOf } from '../../report/paragraph.js';
import type { Row } from '../../report/schemas.js';
import { colorsFor } from '../../report/terminal.js';
import { RANDOM_RUNS, SEED, tryAtRandom, withRandom } from '../../trials/random-trials.js';
import { type Trial, trialsOf, tryOut } from '../../trials/trials.js';
import { addReportOption, type ReportOption, reportFor } from '../options.js';

const EXAMPLES = `
Each rule set is tried in each model in which it makes a difference, at the
bounds that it declares, until every claim that can fail has failed. A row lists
those claims with the steps of their shortest traces; * marks the expected claim.
Behind it are the steps that random exploration needs (${RANDOM_RUNS} runs, seed ${SEED}; bounds
that are not declared are drawn) after shrinking and a search for a shortest
trace. Breadth-first search at the same bounds must need as many. The last column
has the seconds of both. If a rule set survives, its row says why, and how often
its rules answered otherwise than ZooKeeper's.

Examples:
  fle-check mutants
  fle-check mutants --no-random
  fle-check mutants ZOOKEEPER-1419 ZOOKEEPER-1291
  fle-check mutants minority-quorum --no-random --report out

Exit codes: 0 all as declared, 1 one is not caught as declared, 2 bad usage,
3 interrupted: the rows so far are printed and written, 4 internal error.`;

interface MutantsOptions extends ReportOption {
  readonly random: boolean;
  readonly json?: string;
}

export const mutantsCommand = (): Command =>
  addReportOption(new Command('mutants'))
    .summary('check that the claims catch the wrong rule sets')
    .description('Checks that the declared claim catches each wrong rule set, and prints a table of them.')
    .argument('[rule sets...]', 'the rule sets to try; without it, all of them')
    .option('--no-random', 'leave out random exploration')
    .option('--json <file>', 'write the matrix as JSON; - writes it, and nothing else, to standard output')
    .addHelpText('after', EXAMPLES)
    .action(async (names: readonly string[], options: MutantsOptions) => {
      process.exitCode = await mutants(names, options);
    });

function chooseMutant(name: string): RuleSet {
  const ruleSet = chooseRuleSet(name);
  if (trialsOf(ruleSet).length === 0) throw new BadUsage(`${name} is no mutant: every claim holds under it`);
  return ruleSet;
}

async function mutants(names: readonly string[], options: MutantsOptions): Promise<ExitCode> {
  const { json, random } = options;
  const chosen: readonly RuleSet[] = names.length === 0 ? ruleSets : names.map(chooseMutant);
  if (json !== undefined) checkWritable(json);
  const report = await reportFor(options, 'mutants');
  const all = chosen.flatMap(trialsOf);
  const trials = families.flatMap((family) => all.filter((trial) => trial.family === family));
  interrupt.begin();
  const rows = await tryAll(trials, random);
  const colors = colorsFor(process.stdout, process.env);
  printLines([...matrixLines(rows, tableColumnsOf(process.stdout), colors), matrixSummary(rows)], json);
  if (json !== undefined) writeJson(json, rows);
  const written = report?.write({ trials: trials.length, rows });
  if (written !== undefined) printLines(['', `Report:  ${written}`], json);
  const whole = rows.length === trials.length;
  if (!whole)
    process.stderr.write(`fle-check: ${INTERRUPTED} after ${rows.length} of ${trials.length} trials\n`);
  const unexplained = rows.some(({ verdict }) => verdict === 'unexplained');
  return gravest([unexplained ? EXIT.violated : EXIT.holds, whole ? EXIT.holds : EXIT.inconclusive]);
}

/** The rows of the trials, up to an interrupt. */
async function tryAll(trials: readonly Trial[], random: boolean): Promise<readonly Row[]> {
  const status = new StatusLine(process.stderr);
  const rows: Row[] = [];
  for (const trial of trials) {
    status.show(
      () => `${rows.length + 1} of ${trials.length}: ${trial.ruleSet.name} in ${trial.family.name}`,
    );
    const row = await tryOut(trial, interrupt);
    // A trial that was interrupted says nothing.
    if (interrupt.requested) break;
    const whole = random ? withRandom(row, await tryAtRandom(trial, RANDOM_RUNS, interrupt)) : row;
    if (interrupt.requested) break;
    rows.push(whole);
  }
  status.clear();
  return rows;
}
