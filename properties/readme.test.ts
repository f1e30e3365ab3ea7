/** The README, docs/two-leaders.md and docs/zab.md show what the corpus pins: figures cannot go stale. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Bounds, families, findFamily, findRuleSet, type RuleSet, ruleSets } from '../models/index.js';
import { tableHeading, tableRow } from '../src/report/check-table.js';
import type { Result } from '../src/report/schemas.js';
import { colorsFor } from '../src/report/terminal.js';
import { parseTrace } from '../src/trace/read.js';
import { sentencesOf } from '../src/trace/sentences.js';
import { traceTable } from '../src/trace/text.js';
import { caseOf } from './index.js';
import { traceOf } from './pinned/pinned.js';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const readme = read('../README.md');

interface Pinned {
  readonly bounds: string;
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  readonly claims: readonly string[];
  readonly witnesses: { readonly [name: string]: number };
}

/** The time is aligned to the right. */
const squeezed = (line: string) => line.replace(/ +s$/, ' s');

const figure = (value: number) => value.toLocaleString('en-US');

const layout = { models: families.map(({ name }) => name), columns: 80, colors: colorsFor({}) };
/** A line of the table without its time, which no test pins. */
const untimed = (line: string) => line.replace(/[\d.]+ s$/, 's');
const shown = readme.split('\n').map(untimed);

test("the README's table has the heading that check prints", () => {
  expect(shown).toContain(tableHeading(layout));
});

for (const family of families) {
  test(`the README's lines on ${family.name} are the pinned run at the ci bounds`, () => {
    const pinned: Pinned = JSON.parse(read(`corpus/exhaustive/${family.name}.ci.json`));
    const measured = { ...pinned, model: family.name, verdict: 'holds', seconds: 0 };
    const checked = { result: measured as unknown as Result, boundsInWords: pinned.bounds, run: true };
    const lines = tableRow(checked, layout).map(untimed);
    const at = shown.findIndex((line) => line.startsWith(`${family.name} `));
    expect(shown.slice(at, at + lines.length).map(squeezed)).toEqual(lines.map(squeezed));
    expect(family.describe(family.presets.ci)).toBe(pinned.bounds);
  });
}

/** The cells of each row of a table that begins with the name of a rule set. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));

/** The claim that catches a rule set in the model that it names last, and the steps of its trace. */
function caughtBy({ name, breaks }: RuleSet): readonly [claim: string, steps: string] {
  const [model, { claim }] = Object.entries(breaks).at(-1)!;
  const trace = JSON.parse(read(`corpus/${traceOf(model, name, claim)}`));
  return [claim, String(trace.steps.length)];
}

test("the README's table of mutants is the corpus", () => {
  const rows = rowsOf(readme).filter(([name]) => findRuleSet(name.replaceAll('`', '')) !== undefined);
  expect(rows.length).toBeGreaterThanOrEqual(10);
  for (const [name, , ...told] of rows)
    expect(told).toEqual(caughtBy(findRuleSet(name.replaceAll('`', ''))!));
});

test('docs/history.md has every rule set, with what it changes and the figures of the corpus', () => {
  const rows = rowsOf(read('../docs/history.md'));
  const known = ruleSets.filter(({ name }) => name !== 'correct');
  const expected = known.flatMap((ruleSet) => {
    const { name, alsoCalled = [], says, breaks, survives = {} } = ruleSet;
    const numbers = alsoCalled.map((other) => `, ${other.replace(/^zookeeper-/i, '')}`).join('');
    const head = [`\`${name}\`${numbers}`, says];
    if (Object.keys(breaks).length > 0) return [[...head, ...caughtBy(ruleSet)]];
    return Object.entries(survives).map(([model, { because }]) => [...head, `\`${model}\``, because]);
  });
  expect([...rows].sort()).toEqual([...expected].sort());
});

const SHOWN: readonly (readonly [page: string, trace: string])[] = [
  ['two-leaders.md', 'witnesses/fast-leader-election.twoLeadersAtOneClock.json'],
  [
    'findings/1-an-ack-outlives-what-it-acknowledged.md',
    'mutants/zab-synchronization.acks-outlive-truncation.leaderCompleteness.json',
  ],
  [
    'findings/2-a-vote-behind-its-own-log.md',
    'mutants/zab-synchronization.acks-before-uptodate.leaderCompleteness.json',
  ],
];
test.each(SHOWN)('docs/%s shows the trace of the corpus, step by step', (page, path) => {
  const trace = parseTrace(read(`corpus/${path}`), 'corpus');
  const family = findFamily(trace.model)!;
  const { model } = caseOf(family, trace.bounds as unknown as Bounds, findRuleSet(trace.rules)!);
  const steps = sentencesOf(model, trace);
  const table = traceTable(trace, { describeServer: family.describeServer, steps });
  const told = read(`../docs/${page}`).split('\n');
  for (const line of table) expect(told).toContain(line);
});

test('docs/zab.md gives the figures of the corpus, for each run that it pins', () => {
  const rows = read('../docs/zab.md')
    .split('\n')
    .filter((line) => line.startsWith('| `zab-'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const files: readonly (readonly [command: string, file: string])[] = [
    ['zab-discovery', 'zab-discovery.ci'],
    ['zab-discovery --bounds nightly', 'zab-discovery.nightly'],
    ['zab-discovery --servers 4', 'zab-discovery.four-servers'],
    ['zab-discovery --observers 1', 'zab-discovery.observer'],
    ['zab-discovery --bounds tiny --election fle', 'zab-discovery.elected'],
    ['zab-discovery --bounds tiny --election fle --rounds 2 --crashes 1', 'zab-discovery.elected-crash'],
    [
      'zab-discovery --bounds tiny --election fle --rounds 3 --abandons 1 --memory-max 5g',
      'zab-discovery.elected-rounds',
    ],
    ['zab-synchronization', 'zab-synchronization.ci'],
    ['zab-synchronization --bounds nightly', 'zab-synchronization.nightly'],
    ['zab-synchronization --servers 4 --crashes 1', 'zab-synchronization.four-servers'],
    [
      'zab-synchronization --servers 5 --epochs 2 --txns 1 --crashes 0 --abandons 2',
      'zab-synchronization.five-servers',
    ],
  ];
  for (const [command, file] of files) {
    const { verdict, distinct, generated, depth } = JSON.parse(read(`corpus/exhaustive/${file}.json`));
    expect(verdict).toBe('holds');
    const row = rows.find(([, run]) => run.startsWith(`\`${command}\``));
    const told = row?.slice(2, 5);
    expect({ command, told }).toEqual({
      command,
      told: [distinct, generated, depth].map(figure),
    });
  }
});
