/**
 * Style as a test: what STYLE.md and ARCHITECTURE.md demand and a machine can see. Each rule is shown to
 * bite.
 */
import { join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circlesIn, folderOf, importGraph, importsOf } from './testing/import-graph.js';
import { MAY_IMPORT } from './testing/import-table.js';
import { type File, filesBelow, isCode, isTest, linesOf } from './testing/project.js';

/** The offences among the files, each in one line. */
type Rule = (files: readonly File[]) => readonly string[];

/** Code that only tests may import. */
const isTestSupport = (path: string) =>
  /^src\/testing\/|^properties\/(breaks|independent|pinned|refinement|sentences)\//.test(path);
/** This file is full of bad samples. */
const isSample = ({ path }: File) => path === 'src/tidy.test.ts';

const importDirections: Rule = (files) =>
  files
    .filter((file) => isCode(file) && !isTest(file))
    .flatMap((file) => {
      const may = MAY_IMPORT.find(([from]) => file.path.startsWith(from))?.[1] ?? [];
      const wrong = importsOf(file).filter((to) => {
        if (isTestSupport(to) && !isTestSupport(file.path)) return true;
        if (to.startsWith('src/cli/') && !/^src\/(cli|testing)\//.test(file.path)) return true;
        return folderOf(to) !== folderOf(file.path) && !may.some((prefix) => to.startsWith(prefix));
      });
      return wrong.map((to) => `${file.path} imports ${to}`);
    });

/** The table has each folder. */
const everyFolderInTable: Rule = (files) =>
  files
    .filter((file) => isCode(file) && !isTest(file) && file.path.includes('/'))
    .filter(({ path }) => !MAY_IMPORT.some(([from]) => path.startsWith(from)))
    .map(({ path }) => `${path} is in no folder of the table of imports`);

const noCirclesOfFiles: Rule = (files) =>
  circlesIn(importGraph(files, (path) => path)).map((circle) => `${circle.join(', ')} import each other`);

const noCirclesOfFolders: Rule = (files) => {
  const graph = importGraph(files, folderOf);
  for (const [from, to] of graph) to.delete(from);
  return circlesIn(graph).map((circle) => `${circle.join(', ')} import each other`);
};

const HOT = /^(src\/language|src\/engine|src\/random\/walk|models|properties)/;

const noPatternsInHotCode: Rule = (files) =>
  files
    .filter((file) => HOT.test(file.path) && !isTest(file) && /from 'ts-pattern'/.test(file.text))
    .map(({ path }) => `${path} imports ts-pattern, which is too slow there`);

/** A rule about single lines of code. */
const eachLine =
  (of: (file: File) => boolean, offends: (line: string) => boolean, what: string): Rule =>
  (files) =>
    files
      .filter(of)
      .flatMap((file) =>
        linesOf(file).flatMap((line, i) => (offends(line) ? [`${file.path}:${i + 1} ${what}`] : [])),
      );

/** A line as it counts: outside comments a string does not, for neither formatter nor author can break it. */
const breakable = (line: string) => (/^\s*(\/?\*|\/\/)/.test(line) ? line : line.replace(/(['"`]).*\1/, ''));
const shortLines = eachLine(
  isCode,
  (line) => [...breakable(line)].length > 110,
  'is longer than 110 columns',
);
/** A person waits for this code, so it may look at the clock. */
const TAKES_TIME = /^(src\/(cli|process|search|trials)|bench)\//;
const noClockOrChance = eachLine(
  (file) => isCode(file) && !isTest(file) && !TAKES_TIME.test(file.path),
  (line) => /Math\.random|Date\.now|new Date\(\)|performance\.now/.test(line),
  'depends on the clock or on chance',
);
const noLeftovers = eachLine(
  (file) => isCode(file) && !isSample(file),
  (line) => /\b(TODO|FIXME|XXX|HACK)\b/.test(line),
  'is marked as unfinished',
);
const noSkippedTests = eachLine(
  (file) => isTest(file) && !isSample(file),
  (line) => /\.(only|skip|todo)\(/.test(line),
  'leaves tests out',
);
const noCommentedCode = eachLine(
  (file) => isCode(file) && !isSample(file),
  (line) => /^\s*\/\/.*([;{}]|=>)$/.test(line),
  'looks like code in a comment',
);
const noMachinePaths = eachLine(
  (file) => !isSample(file),
  (line) =>
    /(^|[\s"'`(=:])\/(home|root|Users|work|tmp|mnt)\/|registry\.npm|localhost:\d|"resolved":/.test(line),
  'names a place on a machine, or a registry',
);

const smallFiles: Rule = (files) =>
  files
    .filter((file) => isCode(file) && linesOf(file).length > 500)
    .map((file) => `${file.path} has ${linesOf(file).length} lines`);

const noEmptyFiles: Rule = (files) =>
  files.filter(({ text }) => text.trim() === '').map(({ path }) => `${path} is empty`);

const namedForWhatTheyDo: Rule = (files) =>
  files.filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc)\.\w+$/.test(path)).map(({ path }) => path);

const OPENS = [
  /\bfunction\b.*\{$/,
  /=> \{$/,
  /^\s*\): .*\{$/,
  /^\s*(?!if\b|for\b|while\b|switch\b|catch\b)(\w+ )*#?\w+(<.*>)?\(.*\)(: .*)? \{$/,
];

/** The description of a model is data, however long. */
const MODEL = /defineModel\(\{$/;

interface Open {
  readonly indent: string;
  readonly start: number;
  readonly isModel: boolean;
  /** Lines that belong to no function or model inside it. */
  lines: number;
  /** A model is described inside it. */
  hasModel: boolean;
}

/** The lines of a function itself; and with all that it encloses, which a reader has to hold at once. */
const [MOST_OWN, MOST_ENCLOSED] = [70, 220];

/** Functions that are too long. Indentation is the formatter’s. */
const smallFunctions: Rule = (files) =>
  files
    .filter((file) => isCode(file) && !isTest(file))
    .flatMap((file) => {
      const [open, long] = [[] as Open[], [] as string[]];
      for (const [i, line] of linesOf(file).entries()) {
        const indent = /^\s*/.exec(line)?.[0] ?? '';
        const isModel = MODEL.test(line);
        if (isModel || OPENS.some((pattern) => pattern.test(line))) {
          for (const outer of open) outer.hasModel ||= isModel;
          open.push({ indent, start: i + 1, lines: 0, isModel, hasModel: isModel });
        }
        const top = open.at(-1);
        if (top === undefined) continue;
        top.lines++;
        if (indent !== top.indent || !line.startsWith(`${indent}}`) || line.endsWith('=> {')) continue;
        open.pop();
        const enclosed = i + 2 - top.start;
        if (top.lines > MOST_OWN && !top.isModel)
          long.push(`${file.path}:${top.start} is a function of ${top.lines} lines`);
        else if (enclosed > MOST_ENCLOSED && !top.hasModel)
          long.push(`${file.path}:${top.start} is a function of ${enclosed} lines with what it encloses`);
      }
      return long;
    });

const textOf = (files: readonly File[], name: string): string =>
  files.find(({ path }) => path === name)?.text ?? '';

/** Code that nothing imports, and that no script of package.json, page, set-up, test or case table runs. */
const noDeadFiles: Rule = (files) => {
  const run = textOf(files, 'package.json');
  const setUp = textOf(files, 'vitest.config.ts');
  const page = textOf(files, 'src/page/index.html');
  const cases = textOf(files, 'properties/public-reports/README.md');
  const used = new Set(files.filter(isCode).flatMap(importsOf));
  const isRun = (path: string) =>
    run.includes(`dist/${path.replace(/\.ts$/, '.js')}`) ||
    run.includes(` ${path}`) ||
    page.includes(`"${path.replace('src/page/', './')}"`) ||
    cases.includes(`\`${path.replace('properties/public-reports/', '')}\``);
  return files
    .filter((file) => isCode(file) && !isTest(file) && !/^(vitest\.config\.ts|bench\/)/.test(file.path))
    .filter(({ path }) => !used.has(path.replace(/x$/, '')) && !isRun(path) && !setUp.includes(`'${path}'`))
    .map(({ path }) => `${path} is imported by nothing`);
};

const exactVersions: Rule = (files) =>
  files
    .filter(({ path }) => path.endsWith('package.json'))
    .flatMap(({ text }) => {
      const { dependencies, devDependencies } = JSON.parse(text);
      const versions = Object.entries<string>({ ...dependencies, ...devDependencies });
      return versions.flatMap(([name, at]) =>
        /^\d+\.\d+\.\d+$/.test(at) ? [] : [`${name} is not pinned: ${at}`],
      );
    });

const project = filesBelow(normalize(join(import.meta.dirname, '..')));
const file = (path: string, text: string): File => ({ path, text });
const lines = (count: number) => '  step();\n'.repeat(count);

/** Each rule with samples that it must refuse, each by itself; the real project must pass. */
const RULES: readonly (readonly [says: string, rule: Rule, bad: readonly (File | readonly File[])[]])[] = [
  [
    'imports go in the directions of ARCHITECTURE.md',
    importDirections,
    [
      file('src/language/a.ts', "import { check } from '../engine/breadth-first.js';"),
      file('src/engine/a.ts', "import { peer } from '../../models/peer.js';"),
      file('src/engine/a.ts', "const m = await import('../../models/peer.js');"),
      file('src/trace/a.ts', "export * from '../engine/breadth-first.js';"),
      file('src/report/a.ts', "import '../engine/seen-set.js';"),
      file('src/random/a.ts', "import { a } from '../cli/main.js';"),
      file('models/a.ts', "import { check } from '../src/engine/breadth-first.js';"),
      file('models/a.ts', "import { claims } from '../properties/index.js';"),
      file('properties/a.ts', "import { check } from '../src/engine/breadth-first.js';"),
      file('bench/a.ts', "import { main } from '../src/cli/main.js';"),
      file('src/rules-file/a.ts', "import { parseSeed } from '../cli/parsers.js';"),
      file('src/cli/a.ts', "import { schema } from '../testing/schemas.js';"),
      file('docs/examples/a.ts', "import { struct } from '../../src/language/index.js';"),
    ],
  ],
  [
    'the table of imports has every folder',
    everyFolderInTable,
    [file('src/rooms/a.ts', 'x'), file('tools/a.ts', 'x')],
  ],
  [
    'no files import each other in a circle',
    noCirclesOfFiles,
    [
      [
        file('src/language/a.ts', "import { b } from './b.js';"),
        file('src/language/b.ts', "import type { A } from './a.js';"),
      ],
      [
        file('models/a.ts', "import { b } from './b.js';"),
        file('models/b.ts', "export * from './sets/c.js';"),
        file('models/sets/c.ts', "const a = await import('../a.js');"),
      ],
      file('bench/a.ts', "import './a.js';"),
    ],
  ],
  [
    'no folders import each other in a circle',
    noCirclesOfFolders,
    [
      [
        file('src/story/a.ts', "import type { Part } from '../report/parts.js';"),
        file('src/report/b.ts', "import { c } from '../story/c.js';"),
      ],
      [
        file('src/language/a.ts', "import { a } from '../trace/a.js';"),
        file('src/trace/b.ts', "import { a } from '../../models/votes/a.js';"),
        file('models/votes/b.ts', "import { b } from '../../src/language/b.js';"),
      ],
    ],
  ],
  [
    'ts-pattern stays out of code that runs for every state',
    noPatternsInHotCode,
    ['src/language/a.ts', 'src/engine/a.ts', 'src/random/walk.ts', 'models/a.ts', 'properties/a.ts'].map(
      (path) => file(path, "import { match } from 'ts-pattern';"),
    ),
  ],
  [
    'lines have at most 110 columns, strings aside',
    shortLines,
    [file('a.ts', 'x'.repeat(111)), file('a.ts', `  // '${'x'.repeat(105)}'`)],
  ],
  ['files have at most 500 lines', smallFiles, [file('a.ts', lines(501))]],
  [
    'functions have at most 70 lines of their own, and 220 with those inside, models aside',
    smallFunctions,
    [
      file('a.ts', `function long(): void {\n${lines(70)}}`),
      file('a.ts', `export const long = (a: number) => {\n${lines(70)}};`),
      file('a.ts', `class A {\n  #long<T>(a: T): void {\n${lines(70)}  }\n}`),
      file('a.ts', `function long(\n  a: number,\n): void {\n${lines(70)}}`),
      file('a.ts', `function f(): void {\n${`  function g(): void {\n  ${lines(60)}  }\n`.repeat(4)}}`),
    ],
  ],
  [
    'nothing but what drives a run, benchmarks and tests depends on the clock or on chance',
    noClockOrChance,
    ['Math.random()', 'Date.now()', 'performance.now()', 'new Date()'].map((text) =>
      file('src/random/a.ts', text),
    ),
  ],
  ['nothing is marked as unfinished', noLeftovers, [file('a.ts', '// TODO later'), file('a.ts', '// FIXME')]],
  [
    'no test is left out',
    noSkippedTests,
    [file('a.test.ts', 'test.only('), file('a.test.ts', 'describe.skip(')],
  ],
  [
    'no code stands in comments',
    noCommentedCode,
    [file('a.ts', '  // step();'), file('a.ts', '// if (a) {')],
  ],
  [
    'nothing names a place on a machine, or a registry',
    noMachinePaths,
    [
      file('a.md', 'see /home/me/x'),
      file('package-lock.json', '  "resolved": "x"'),
      file('.npmrc', 'registry.npmjs'),
    ],
  ],
  ['no file is empty', noEmptyFiles, [file('docs/a.md', '\n')]],
  [
    'files are named for what they do',
    namedForWhatTheyDo,
    [file('src/utils.ts', 'x'), file('models/helper.ts', 'x')],
  ],
  ['no file is dead', noDeadFiles, [file('src/language/unused.ts', 'export const a = 1;')]],
  [
    'dependencies are pinned exactly',
    exactVersions,
    [file('package.json', '{"dependencies":{"zod":"^4.0.0"}}')],
  ],
];

describe('tidiness', () => {
  for (const [says, rule, bad] of RULES) {
    test(says, () => expect(rule(project)).toEqual([]));

    test(`would be seen otherwise: ${says}`, () => {
      for (const sample of bad) {
        const files = [sample].flat();
        expect(rule(files), files[0].text.slice(0, 80)).toHaveLength(1);
      }
    });
  }

  test('the table of imports allows nothing that is not needed', () => {
    const code = project.filter((one) => isCode(one) && !isTest(one));
    const needed = MAY_IMPORT.map(([from]) =>
      code
        .filter(({ path }) => MAY_IMPORT.find(([prefix]) => path.startsWith(prefix))?.[0] === from)
        .flatMap(importsOf),
    );
    const idle = MAY_IMPORT.flatMap(([from, to], i) =>
      to.filter((prefix) => !needed[i].some((path) => path.startsWith(prefix))).map((to) => `${from} ${to}`),
    );
    expect(idle).toEqual([]);
  });

  test('is asked of the whole project', () => {
    const paths = project.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['package-lock.json', 'src/index.ts', 'bench/peers/model.ts']),
    );
  });
});
