/** `fle-check mutants [rule sets]`: puts rule sets on trial and prints which claims notice them. */
import { Command } from 'commander';
import { type RuleSet, ruleSets, rungs } from '../../models/index.js';
import { matrixLines, matrixSummary } from '../report/matrix.js';
import type { Row } from '../report/schemas.js';
import { colorsFor } from '../report/terminal.js';
import { EXIT, type ExitCode } from '../report/verdict.js';
import { checkWritable, writeJson } from './files.js';
import { chooseRuleSet } from './options.js';
import { RANDOM_RUNS, SEED, tryAtRandom, withRandom } from './random-trials.js';
import { StatusLine } from './status-line.js';
import { trialsOf, tryOut } from './trials.js';
import { BadUsage } from './usage.js';

const EXAMPLES = `
Each rule set is tried in each model that shows it, at the bounds that it declares, until every claim
that fails has failed. A line lists those claims with the steps of their shortest traces; * marks the
expected one. Behind it are the steps with which random exploration ends (${RANDOM_RUNS} runs,
seed ${SEED}; bounds not declared are drawn), shrunk and searched for the shortest: breadth-first search
at the bounds that are left must find as many. The last column has the seconds of both.

Examples:
  fle-check mutants
  fle-check mutants --no-random
  fle-check mutants ZOOKEEPER-1419 ZOOKEEPER-1291

Exit codes: 0 all as declared, 1 one survives or fails otherwise, 2 bad usage, 4 internal error.`;

interface MutantsOptions {
  readonly random: boolean;
  readonly json?: string;
}

export const mutantsCommand = (): Command =>
  new Command('mutants')
    .summary('put the rule sets on trial')
    .description('Checks that each rule set is caught by the claim it names, and prints the kill matrix.')
    .argument('[rule sets...]', 'those to try; all of them without it')
    .option('--no-random', 'leave out the exploration at random')
    .option('--json <file>', 'write the matrix as JSON; - writes it, and nothing else, to standard output')
    .addHelpText('after', EXAMPLES)
    .action((names: readonly string[], options: MutantsOptions) => {
      process.exitCode = mutants(names, options);
    });

function chooseMutant(name: string): RuleSet {
  const ruleSet = chooseRuleSet(name);
  if (trialsOf(ruleSet).length === 0) throw new BadUsage(`${name} is no mutant: every claim holds of it`);
  return ruleSet;
}

function mutants(names: readonly string[], { json, random }: MutantsOptions): ExitCode {
  const chosen: readonly RuleSet[] = names.length === 0 ? ruleSets : names.map(chooseMutant);
  if (json !== undefined) checkWritable(json);
  const all = chosen.flatMap(trialsOf);
  const trials = rungs.flatMap((rung) => all.filter((trial) => trial.rung === rung));
  const status = new StatusLine(process.stderr);
  const rows: Row[] = [];
  for (const trial of trials) {
    status.show(() => `${rows.length + 1} of ${trials.length}: ${trial.ruleSet.name} in ${trial.rung.name}`);
    const row = tryOut(trial);
    rows.push(random ? withRandom(row, tryAtRandom(trial)) : row);
  }
  status.clear();
  if (json !== '-') {
    const colors = colorsFor(process.stdout, process.env);
    process.stdout.write(`${[...matrixLines(rows, colors), matrixSummary(rows)].join('\n')}\n`);
  }
  if (json !== undefined) writeJson(json, rows);
  return rows.some(({ verdict }) => verdict === 'unexplained') ? EXIT.violated : EXIT.holds;
}
