/**
 * `npm run mutation`: changes the rules and the claims, a little and one at a time, and fails if the tests do
 * not notice. Half an hour; for the nightly run.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Command, InvalidArgumentError } from 'commander';
import { closest } from 'fastest-levenshtein';
import { tableText } from '../print.js';
import { EXPLAINED } from './explained.js';
import { explainedRows, judge, type Report, scoreRows } from './report.js';

interface Options {
  readonly mutate?: string;
  readonly judgeOnly?: true;
  readonly markdown?: true;
}

const CONFIG = 'bench/mutation/stryker.json';
const STRYKER = 'bench/mutation/node_modules/@stryker-mutator/core/bin/stryker.js';
const REPORT = 'reports/mutation.json';

/** Runs Stryker; an old report must not be taken for that of a run that failed. */
function mutate({ mutate: files }: Options): boolean {
  rmSync(REPORT, { force: true });
  const only = files === undefined ? [] : ['--mutate', files];
  return spawnSync(process.execPath, [STRYKER, 'run', CONFIG, ...only], { stdio: 'inherit' }).status === 0;
}

function reportOf(): Report | null {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
  } catch {
    return null;
  }
}

function run(options: Options): number {
  const begun = performance.now();
  if (options.judgeOnly === undefined && !mutate(options)) {
    console.error('Stryker has failed: see above; the tests must pass before anything is mutated');
    return 4;
  }
  const report = reportOf();
  if (report === null) {
    console.error(`${REPORT} cannot be read: run npm run mutation, without --judge-only`);
    return 2;
  }
  const { scores, survivors, unexplained, failures } = judge(report, EXPLAINED);
  const format = options.markdown ? 'markdown' : 'plain';
  console.log(tableText(scoreRows(scores), format));
  if (options.markdown) console.log(`\n${tableText(explainedRows(EXPLAINED), format)}`);
  const explained = survivors.length - unexplained.length;
  console.log(`\n${survivors.length} survive, ${explained} of them explained in docs/mutation.md`);
  for (const failure of failures) console.log(`  ${failure}`);
  if (options.judgeOnly === undefined) {
    console.log(`${((performance.now() - begun) / 60_000).toFixed(1)} minutes`);
  }
  return failures.length === 0 ? 0 : 1;
}

/** Files with commas between them, each of those that the configuration names. */
function parseFiles(text: string): string {
  const { mutate: known } = JSON.parse(readFileSync(CONFIG, 'utf8')) as { mutate: readonly string[] };
  const strange = text.split(',').find((file) => !known.includes(file));
  if (strange === undefined) return text;
  throw new InvalidArgumentError(
    `${strange} is not mutated; the nearest that is: ${closest(strange, known)}`,
  );
}

const command = new Command('npm run mutation --')
  .description('mutates the rules and the claims, and fails by a mutant that no test notices')
  .option('--mutate <files>', 'these files only, with commas between them', parseFiles)
  .option('--judge-only', 'judge the report of the last run once more')
  .option('--markdown', 'print the tables of docs/mutation.md')
  .addHelpText('after', '\nExample:\n  npm run mutation -- --mutate models/rules.ts')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .action((options: Options) => {
    process.exitCode = run(options);
  });

command.parse();
