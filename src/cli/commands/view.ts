/** `fle-check view <file>`: a trace as a page to step through. */
import { basename } from 'node:path';
import { Command } from 'commander';
import { type ClaimsFileOption, openClaims } from '../../claims-file/opened.js';
import { caseAskedFor, type FilesOfTrace } from '../../own-model/trace-case.js';
import { EXIT, type ExitCode } from '../../process/exit.js';
import { PAGES, writePage } from '../../process/files.js';
import { isModelFile } from '../../process/model-file.js';
import { BadUsage, UnknownWord } from '../../process/usage.js';
import { EXPLORATION, RESULT, VERSION } from '../../report/formats.js';
import { pageOf } from '../../report/page.js';
import type { TracePage } from '../../report/page-data.js';
import { staticPageOf, tracePageOf } from '../../report/trace-page.js';
import { confirm } from '../../rules-file/index.js';
import { shown } from '../../story/shown-text.js';
import { parseTrace, readText, TraceMalformed, TraceOfOtherVersion, TraceRefused } from '../../trace/read.js';
import type { Trace } from '../../trace/trace.js';
import { addClaimsFileOption } from '../options.js';

const EXAMPLES = `
The page is one file that asks a network for nothing: open it in a browser, keep it, send it.

Examples:
  fle-check view fle-check-traces/fast-leader-election.minority-quorum.noMinorityLeader.json
  fle-check check --json result.json, then fle-check view result.json --model zab-discovery
  fle-check view trace.json --out incident.html
  fle-check view trace.json --model ./mine.js#make

Exit codes: 0 the page is written, 2 the file cannot be used.`;

interface ViewOptions extends ClaimsFileOption {
  readonly out?: string;
  readonly model?: string;
  readonly rules?: string;
}

export const viewCommand = (): Command =>
  addClaimsFileOption(new Command('view'))
    .summary('write a trace as a page to step through')
    .description(
      'Writes a trace, or the violation in a result, as one HTML page to step through and go on from.',
    )
    .argument('<file>', 'a trace, or a result of check --json or explore --json')
    .option('--out <page>', `write the page there; by default ${PAGES}/<file>.html`)
    .option(
      '--model <name>',
      'the model whose violation to show, if the result has several; or your own, as ./mine.js#make',
    )
    .option(
      '--rules <file>',
      'the file of rules under which the trace was made; a trace cannot choose a file to run',
    )
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, options: ViewOptions) => {
      process.exitCode = await view(path, options);
    });

async function view(path: string, options: ViewOptions): Promise<ExitCode> {
  const { out, model, rules } = options;
  await openClaims(options);
  const own = model !== undefined && isModelFile(model) ? model : undefined;
  const trace = traceIn(path, own === undefined ? model : undefined);
  const page = await pageOfTrace(trace, path, { rules, model: own });
  const html = pageOf(`${trace.claim} in ${trace.model}`, page);
  const name = `${basename(path).replace(/\.json$/, '')}.html`;
  const written = writePage(out, name, html);
  if (page.unexplorable !== null) process.stderr.write(`fle-check: ${shown(page.unexplorable)}\n`);
  process.stdout.write(`Wrote ${written} (${Math.ceil(html.length / 1000)} kB). Open it in a browser.\n`);
  return EXIT.holds;
}

/** The trace in a file, or that of the violation in a result. Throws `BadUsage` of one line. */
export function traceIn(path: string, model: string | undefined): Trace {
  try {
    const text = readText(path);
    const results = resultsIn(text, path);
    if (results === null) return parseTrace(text, path);
    return parseTrace(JSON.stringify(chosen(results, path, model)), path);
  } catch (error) {
    throw error instanceof TraceRefused ? new BadUsage(error.message, { cause: error }) : error;
  }
}

/** What of a result matters here; the trace in it is held to its schema afterwards. */
interface ResultWithTrace {
  readonly format: string;
  readonly model: string;
  readonly verdict: string;
  readonly violation: { readonly trace: unknown } | null;
}

/** The results of `check --json` or `explore --json`; null if the text is no array. Throws `TraceRefused`. */
function resultsIn(text: string, path: string): readonly ResultWithTrace[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(json)) return null;
  const all: readonly unknown[] = json;
  const other = all.find((value) => !isResult(value));
  if (all.length > 0 && other === undefined) return all as readonly ResultWithTrace[];
  throw new TraceOfOtherVersion(
    `${path} is no result of check --json or explore --json in version ${VERSION}: ${otherInWords(other)}`,
  );
}

function isResult(value: unknown): value is ResultWithTrace {
  if (typeof value !== 'object' || value === null) return false;
  const { format, version, model, verdict, violation } = value as Record<string, unknown>;
  const isKnown = [RESULT, EXPLORATION].some((one) => one.format === format && one.version === version);
  const [isJudged, mayViolate] = [typeof verdict === 'string', typeof violation === 'object'];
  return isKnown && typeof model === 'string' && isJudged && mayViolate;
}

const LONGEST_SHOWN = 40;

/** An element that is no result, in a few words. */
function otherInWords(value: unknown): string {
  if (value === undefined) return 'its array is empty';
  const { format, version } = (value ?? {}) as Record<string, unknown>;
  const shown = (part: unknown) => String(JSON.stringify(part)).slice(0, LONGEST_SHOWN);
  return `an element has format ${shown(format)} and version ${shown(version)}`;
}

function chosen(results: readonly ResultWithTrace[], path: string, model: string | undefined): unknown {
  const violated = results.filter(({ violation }) => violation !== null);
  const names = violated.map((result) => result.model);
  if (violated.length === 0) {
    const verdicts = results.map((result) => `${result.model} ${result.verdict}`).join(', ');
    throw new TraceMalformed(`${path} has no violation to show: ${verdicts}`);
  }
  if (model !== undefined && !names.includes(model)) {
    throw new UnknownWord('model with a violation', model, names, `${path} has ${names.join(', ')}`);
  }
  if (model === undefined && violated.length > 1) {
    throw new BadUsage(
      `${path} has ${violated.length} violations; choose one with --model: ${names.join(', ')}`,
    );
  }
  const one = violated.find((result) => model === undefined || result.model === model);
  return one?.violation?.trace;
}

/** The page of a trace. Without its model or rules the page shows the trace, and cannot go on from it. */
async function pageOfTrace(trace: Trace, path: string, files: FilesOfTrace): Promise<TracePage> {
  try {
    const subject = await caseAskedFor(trace, path, files);
    const page = tracePageOf(subject, trace, path);
    await confirm(subject.ruleSet);
    return page;
  } catch (error) {
    const isNamed = files.rules !== undefined || files.model !== undefined;
    if (!(error instanceof BadUsage) || isNamed) throw error;
    return staticPageOf(trace, path, `${error.message}.`);
  }
}
