/** `fle-check promote <failure>`: a stored failure becomes a regression, which a test runs from then on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { traceOf } from '../../cases/recording.js';
import { readOrRefuse, ruleSetOfTrace } from '../../cases/trace-case.js';
import { FAILURES, failureCalled, failureName, isKept, readFailure } from '../../failures/failures.js';
import { mayHold, replayFailure } from '../../failures/replays.js';
import { EXIT, type ExitCode } from '../../process/exit.js';
import { writeInto } from '../../process/files.js';
import { BadUsage } from '../../process/usage.js';
import { counted } from '../../report/terminal.js';
import { confirm, isRulesFile } from '../../rules-file/index.js';
import { type Trace, toReadableJson } from '../../trace/trace.js';

const REGRESSIONS = 'properties/corpus/regressions';

const HELP = `
The failure is replayed first. If it still fails, it is kept with today's states. If it no
longer fails, under the correct rules or those of a file, it is kept with the states in which
it failed. A stale failure is refused, and so is one under a wrong rule set that ships, if it
no longer fails.

In a repository of your own, collect failures with --into <dir>, and replay them with
fle-check explore --failures <dir>.

Examples:
  fle-check promote .fle-check/failures/<file> --why "Two servers led, by half of the votes."
  fle-check promote <name of the file> --into test/regressions

Exit codes: 0 promoted, now or before, 2 bad usage or input, 4 internal error.`;

interface PromoteOptions {
  readonly failures: string;
  readonly into: string;
  readonly why?: string;
  readonly rules?: string;
}

export const promoteCommand = (): Command =>
  new Command('promote')
    .summary('keep a failure of explore as a regression')
    .description(
      'Replays a failure that explore has kept, and writes it as a file that a test runs from then on.',
    )
    .argument('<failure>', 'the file, or its name in the directory of --failures')
    .option('--why <sentence>', 'why you keep it: the first line of the file')
    .option('--into <dir>', 'the directory of regressions', REGRESSIONS)
    .option('--failures <dir>', 'the directory of failures', FAILURES)
    .option('--rules <file>', 'the file of rules of the failure, which is run only if you name it')
    .addHelpText('after', HELP)
    .action(async (failure: string, options: PromoteOptions) => {
      process.exitCode = await promote(failureCalled(failure, options.failures), options);
    });

async function promote(path: string, { into, why, rules }: PromoteOptions): Promise<ExitCode> {
  refuseUnreadable(why);
  const stored = readOrRefuse(path);
  if (rules !== undefined && !isRulesFile(stored.rules)) {
    throw new BadUsage(`${path} failed under ${stored.rules}, a rule set that ships: leave --rules out`);
  }
  const trace = await ofToday(path, stored, rules);
  const kept: Trace = { '#': why ?? stored['#'] ?? foundBy(trace), ...withoutWhy(trace) };
  const regression = join(into, failureName(kept));
  const isNew = !isThere(regression, kept, why);
  if (isNew) writeInto(into, failureName(kept), toReadableJson(kept));
  const test = into === REGRESSIONS ? ['Run it: npx vitest run properties/pinned/regressions.test.ts'] : [];
  const lines = [`${isNew ? 'Promoted' : 'There already'}: ${regression}`, ...test];
  process.stdout.write(`${lines.join('\n')}\n`);
  return EXIT.holds;
}

/** The failure as the model shows it now. Throws `BadUsage` if it is no failure that a test could run. */
async function ofToday(path: string, stored: Trace, rules: string | undefined): Promise<Trace> {
  const ruleSet = await ruleSetOfTrace(stored, path, rules);
  const { outcome, because, still } = replayFailure(path, stored, ruleSet);
  await confirm(ruleSet);
  if (outcome === 'stale') throw new BadUsage(`${because}: the failure is stale, and no test could run it`);
  if (still === null) {
    if (mayHold(stored.rules)) return stored;
    throw new BadUsage(
      `${path} no longer fails: a regression of ${stored.rules}, a rule set that ships, must fail under it`,
    );
  }
  const today = { ...traceOf(still.subject, still.claim, still.schedule), rules: stored.rules };
  return isKept(path, today) ? stored : today;
}

const foundBy = ({ claim, rules, steps }: Trace): string =>
  `Found by fle-check explore: under \`${rules}\`, ${claim} fails after ${counted(steps.length, 'step')}.`;

function withoutWhy({ '#': _why, ...trace }: Trace): Trace {
  return trace;
}

/**
 * The reason is one line of the file. With control characters the file could neither be read again nor shown.
 */
function refuseUnreadable(why: string | undefined): void {
  if (why === undefined) return;
  if (why.trim() === '') throw new BadUsage('--why takes a sentence, and got none');
  if (/\p{Cc}/u.test(why)) throw new BadUsage('--why takes one line of text, without control characters');
}

/** Whether the regression is there. Throws `BadUsage` if a file of its name says something else. */
function isThere(regression: string, kept: Trace, why: string | undefined): boolean {
  if (!existsSync(regression)) return false;
  const there = readFailure(regression).trace;
  if (isDeepStrictEqual(there, kept)) return true;
  if (why === undefined && isKept(regression, kept)) return true;
  throw new BadUsage(`${regression} is there already, and says something else: remove it first, or edit it`);
}
