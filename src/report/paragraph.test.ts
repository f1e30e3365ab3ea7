import { expect, test } from 'vitest';
import { columnsOf, paragraph, tableColumnsOf, unbroken } from './paragraph.js';

test.each([
  ['a terminal', { columns: 90 }, {}, 90, 90],
  ['a narrow terminal', { columns: 40 }, {}, 80, 80],
  ['a wide terminal', { columns: 200 }, {}, 100, 100],
  ['a terminal, whatever COLUMNS says', { columns: 90 }, { COLUMNS: '60' }, 90, 90],
  ['a pipe', {}, {}, 80, 100],
  ['a pipe with COLUMNS', {}, { COLUMNS: '60' }, 60, 60],
  ['a pipe with many COLUMNS', {}, { COLUMNS: '120' }, 120, 120],
  ['a pipe with too few COLUMNS', {}, { COLUMNS: '39' }, 80, 100],
  ['a pipe with COLUMNS that are no number', {}, { COLUMNS: '60.5' }, 80, 100],
])('the columns of %s', (_what, output, env, columns, tableColumns) => {
  expect([columnsOf(output, env), tableColumnsOf(output, env)]).toEqual([columns, tableColumns]);
});

test('a paragraph breaks between words, and not where it may not', () => {
  expect(paragraph(`  one two ${unbroken('three four')} five`, 12, '    ')).toEqual([
    '  one two',
    '    three four',
    '    five',
  ]);
});
