/** The README and docs/two-leaders.md show what the corpus pins: their figures cannot go stale. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Bounds, findRuleSet, findRung, ruleSets, rungs } from '../models/index.js';
import { parseTrace } from '../src/trace/read.js';
import { sentencesOf } from '../src/trace/sentences.js';
import { traceTable } from '../src/trace/text.js';
import { caseOf } from './index.js';

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

const figure = (value: number) => value.toLocaleString('en-US');

for (const rung of rungs) {
  test(`the README's line on ${rung.name} is the pinned run at the ci bounds`, () => {
    const pinned: Pinned = JSON.parse(read(`corpus/exhaustive/${rung.name}.ci.json`));
    const found = Object.keys(pinned.witnesses).length;
    const cells = [
      rung.name,
      pinned.bounds,
      'correct',
      figure(pinned.distinct),
      figure(pinned.generated),
      String(pinned.depth),
      String(pinned.claims.length),
      `${found} / ${found}`,
      'holds',
    ];
    const lines = readme.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines.find(([name]) => name === rung.name)?.slice(0, cells.length)).toEqual(cells);
    expect(rung.describe(rung.presets.ci)).toBe(pinned.bounds);
  });
}

test("the README's table of mutants is the corpus", () => {
  for (const { name, breaks } of ruleSets.filter((ruleSet) => ruleSet !== findRuleSet('correct'))) {
    const [[model, { claim }]] = Object.entries(breaks).reverse();
    const trace = JSON.parse(read(`corpus/mutants/${model}.${name}.${claim}.json`));
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    expect(
      row
        ?.split('|')
        .slice(-3, -1)
        .map((cell) => cell.trim()),
    ).toEqual([claim, String(trace.steps.length)]);
  }
});

test('docs/two-leaders.md shows the trace of the corpus, step by step', () => {
  const trace = parseTrace(read('corpus/witnesses/fast-leader-election.twoLeadersAtOneClock.json'), 'corpus');
  const fle = findRung('fast-leader-election')!;
  const { model } = caseOf(fle, trace.bounds as unknown as Bounds, findRuleSet('correct')!);
  const table = traceTable(trace, { describeServer: fle.describeServer, steps: sentencesOf(model, trace) });
  const told = read('../docs/two-leaders.md').split('\n');
  for (const line of table) expect(told).toContain(line);
});
