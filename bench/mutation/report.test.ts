/** A report of a mutation run is believed only if tests were run, and every survivor is explained. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { tableText } from '../print.js';
import { EXPLAINED } from './explained.js';
import { type Explained, explainedRows, judge, type Mutant, type Report, scoreRows } from './report.js';

const SOURCE = `export const a = (n: number) => n > 0;
const claim = always({
  name: 'small',
  holds: (n) =>
    n <
    3,
});
`;

const mutant = (status: string, more: Partial<Mutant> = {}): Mutant => ({
  mutatorName: 'EqualityOperator',
  replacement: 'n >= 0',
  status,
  testsCompleted: 1,
  location: { start: { line: 1, column: 33 }, end: { line: 1, column: 38 } },
  ...more,
});
const reportOf = (...mutants: readonly Mutant[]): Report => ({
  files: { 'a.ts': { source: SOURCE, mutants } },
});
const because: Explained = {
  file: 'a.ts',
  where: 'a',
  code: 'n > 0',
  becomes: 'n >= 0',
  because: 'n is never 0',
};
const failuresOf = (report: Report, ...explained: readonly Explained[]) => judge(report, explained).failures;

describe('a report', () => {
  test('passes if every mutant is killed, or runs into the limit of time', () => {
    const noTests = { testsCompleted: undefined } as unknown as Partial<Mutant>;
    expect(
      failuresOf(reportOf(mutant('Killed'), mutant('Timeout', noTests), mutant('Ignored', noTests))),
    ).toEqual([]);
  });

  test('fails if no test was completed, whatever became of the mutant', () => {
    for (const status of ['Killed', 'Survived']) {
      const report = reportOf(mutant('Killed'), mutant(status, { testsCompleted: 0 }));
      expect(failuresOf(report, ...(status === 'Survived' ? [because] : []))).toEqual([
        'a.ts: no test was completed of 1 mutants (testsCompleted: 0), at line 1',
      ]);
    }
    const { testsCompleted, ...silent } = mutant('Killed');
    expect(testsCompleted).toBe(1);
    expect(failuresOf(reportOf(silent))).toEqual([expect.stringContaining('no test was completed')]);
  });

  test('fails if nothing was mutated, or nothing judged', () => {
    expect(failuresOf({ files: {} })).toEqual(['the report has no files: nothing was mutated']);
    expect(failuresOf(reportOf())).toEqual(['a.ts has no mutants: it was not mutated']);
    expect(failuresOf(reportOf(mutant('Timeout')))).toEqual([
      'a.ts: no mutant was killed and none survived, so no test has judged one',
    ]);
  });

  test('fails if a mutant could not be run, or was not', () => {
    for (const status of ['RuntimeError', 'CompileError', 'Pending']) {
      expect(failuresOf(reportOf(mutant('Killed'), mutant(status)))).toEqual([
        `a.ts:1 is of status ${status}`,
      ]);
    }
  });

  test('fails by a survivor that nothing explains, covered or not', () => {
    for (const status of ['Survived', 'NoCoverage']) {
      expect(failuresOf(reportOf(mutant('Killed'), mutant(status)))).toEqual([
        'survives unexplained, line 1: a.ts, a: n > 0 → n >= 0',
      ]);
      expect(failuresOf(reportOf(mutant('Killed'), mutant(status)), because)).toEqual([]);
    }
  });

  test('takes an explanation for as many survivors as it says, by text, place and replacement', () => {
    const twice = reportOf(mutant('Killed'), mutant('Survived'), mutant('Survived'));
    expect(failuresOf(twice, because)).toHaveLength(2);
    expect(failuresOf(twice, { ...because, times: 2 })).toEqual([]);
    for (const other of [{ file: 'b.ts' }, { where: 'b' }, { code: 'n > 1' }, { becomes: 'true' }]) {
      expect(failuresOf(reportOf(mutant('Survived')), { ...because, ...other })[0]).toContain('unexplained');
    }
  });

  test('fails by an explanation of what does not survive, in the files of the report alone', () => {
    const stale = 'explained, and does not survive: a.ts, a: n > 0 → n >= 0';
    expect(failuresOf(reportOf(mutant('Killed')), because)).toEqual([stale]);
    expect(failuresOf(reportOf(mutant('Killed')), { ...because, file: 'b.ts' })).toEqual([]);
    expect(failuresOf(reportOf(mutant('Survived')), because, because)).toEqual([
      'explained twice: a.ts, a: n > 0 → n >= 0',
    ]);
  });

  test('names the claim in which a survivor stands, and its text on one line', () => {
    const location = { start: { line: 5, column: 5 }, end: { line: 6, column: 6 } };
    const { survivors } = judge(reportOf(mutant('Survived', { location, replacement: 'n\n  <= 3' })), []);
    expect(survivors).toEqual([{ file: 'a.ts', where: 'small', code: 'n < 3', becomes: 'n <= 3', line: 5 }]);
  });

  test('is summed up by file, prose left aside', () => {
    const { scores } = judge(
      reportOf(
        mutant('Killed'),
        mutant('Killed'),
        mutant('Timeout'),
        mutant('NoCoverage'),
        mutant('Ignored'),
      ),
      [],
    );
    expect(scoreRows(scores).slice(1)).toEqual([
      ['a.ts', '4', '2', '1', '1', '75.0 %'],
      ['all', '4', '2', '1', '1', '75.0 %'],
    ]);
  });
});

test('docs/mutation.md lists the explained survivors, all and no others', () => {
  const docs = readFileSync(new URL('../../docs/mutation.md', import.meta.url), 'utf8');
  expect(docs).toContain(`\n\n${tableText(explainedRows(EXPLAINED), 'markdown')}\n`);
});
