/** Files of rules that do what no rule should: none decides how a command ends, or what a terminal shows. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directories, run } from '../testing/command.js';
import { isNightly } from '../testing/nightly.js';
import { run as serve } from '../testing/served.js';

const directory = directories();
const RIGHT = 'hasQuorum: (votes, servers) => votes * 2 > servers';
/** A second thread costs more than it brings where so little is searched. */
const TUTORIAL = ['check', 'tutorial', '--bounds', 'tiny', '--workers', '1', '--rules', './rules.mjs'];

/** By day those of the rows that are named by their first cell; the nightly form has all. */
const byDay = <Row extends readonly [string, ...unknown[]]>(rows: readonly Row[], ...named: string[]) =>
  rows.filter(([name]) => isNightly || named.includes(name));

/** A file of rules in a directory of its own. */
function fileOf(text: string): string {
  const cwd = directory();
  writeFileSync(join(cwd, 'rules.mjs'), text);
  return cwd;
}

/** A line of printable characters, two more for the step and the state, exit code 2, and no verdict. */
async function expectRefusal(text: string, message: string | RegExp, how = serve): Promise<void> {
  const { code, out, err } = await how(fileOf(text), TUTORIAL);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(message) });
  expect(err).toMatch(/^fle-check: [^\p{Cc}\p{Cf}]*\n(?: {2}[^\p{Cc}\p{Cf}]*\n){0,2}$/u);
  expect(out).not.toContain('holds');
}

describe('a file that does something when it is loaded is refused', () => {
  const AT_LOADING: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['ends its process', 'process.exit(0)', /ended its process \(exit code 0\) when it is loaded/],
    ['ends it later', 'Promise.resolve().then(() => process.exit(0))', /ended its process/],
    ['kills it', "process.kill(process.pid, 'SIGKILL')", /ended its process \(SIGKILL\)/],
    [
      'makes a promise that is rejected',
      "Promise.reject(new Error('later'))",
      /rejected with "later", which nothing handles, when it is loaded/,
    ],
    ['waits for ever', 'await new Promise(() => {})', /it does not finish when it is loaded/],
    ['throws a proxy', 'throw new Proxy({}, { get() { throw 1 } })', /cannot load \.\/rules\.mjs: /],
    ['throws nothing', 'throw undefined', /cannot load \.\/rules\.mjs: undefined/],
  ];
  /** By day one of each kind. */
  const daily = byDay(
    AT_LOADING,
    'ends its process',
    'makes a promise that is rejected',
    'waits for ever',
    'throws nothing',
  );

  test.each(daily)('%s', (_what, text, message) =>
    expectRefusal(`${text};\nexport default { ${RIGHT} };`, message, run),
  );
});

describe('a file that changes what JavaScript brings along is refused, and what it changes is named', () => {
  const CHANGES: readonly (readonly [what: string, text: string])[] = [
    ['Array.prototype.map', 'Array.prototype.map = () => []'],
    ['Array.prototype[Symbol(Symbol.iterator)]', 'Array.prototype[Symbol.iterator] = function* () {}'],
    ['Object.prototype.toJSON', 'Object.prototype.toJSON = () => 1; Object.prototype.verdict = "violated"'],
    ['Object.prototype.value', 'Object.prototype.value = 1'],
    ['JSON.parse', 'JSON.parse = () => ({ kind: "answers", answers: [true] })'],
    ['Promise.prototype.then', 'Promise.prototype.then = () => {}'],
    ['Math.max', 'delete Math.max; Math.most = 1'],
    ['Object.defineProperty', 'Reflect.ownKeys = () => []; Object.defineProperty = () => {}'],
    ['Map', 'globalThis.Map = class {}; throw 1'],
    [
      'the iterator of Array.next',
      'Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true })',
    ],
  ];
  /** By day a method, a function that the answers need, and one that finds the changes. */
  const daily = byDay(CHANGES, 'Array.prototype.map', 'JSON.parse', 'Object.defineProperty');

  test.each(daily)('%s', (what, text) => {
    const words = `the rules of ./rules.mjs change ${what}, which is not theirs alone`;
    const exact = new RegExp(words.replace(/[()[\].]/g, '\\$&'));
    return expectRefusal(`${text};\nexport default { ${RIGHT} };`, exact);
  });

  test('so is a rule that does so when it is called', () => {
    const text = 'export default { hasQuorum() { Array.prototype.map = () => []; return true } };';
    return expectRefusal(
      text,
      /the rule hasQuorum of .*, called with \(.*\), changes Array\.prototype\.map\n/,
    );
  });
});

describe('a file that exports no rules is refused', () => {
  const EXPORTED: readonly (readonly [exported: string, message: string])[] = [
    ['{}', 'overrides nothing'],
    ['[]', 'overrides nothing'],
    ['new Map([["hasQuorum", () => true]])', 'overrides nothing'],
    ['new Date()', 'overrides nothing'],
    ['Object.defineProperty({}, "data", { value: 1 })', 'overrides nothing'],
    ['null', 'has no default export that is an object of rules'],
    ['() => true', 'has no default export that is an object of rules'],
    ['{ get hasQuorum() { throw new Error("no") } }', 'hasQuorum cannot be read: it threw no'],
    ['new Proxy({}, { getPrototypeOf() { throw new Error("no") } })', 'cannot read the rules'],
    [
      'new (class { hasQourum() { return true } })()',
      'no rule is called `hasQourum`. Did you mean hasQuorum',
    ],
    ['{ hasQuorum: Symbol("yes") }', 'must be a function that returns a boolean, not Symbol(yes)'],
  ];
  /** By day one of each message. */
  const daily = byDay(
    EXPORTED,
    '{}',
    'null',
    '{ get hasQuorum() { throw new Error("no") } }',
    'new (class { hasQourum() { return true } })()',
    '{ hasQuorum: Symbol("yes") }',
  );

  test.each(daily)('%s', (exported, message) => {
    const words = new RegExp(message.replace(/[()[\]`.?]/g, '\\$&'));
    return expectRefusal(`export default ${exported};`, words);
  });
});

describe('a rule that does not answer is told in one line', () => {
  const BEFORE = 'the rule hasQuorum of \\./rules\\.mjs, called with \\(\\d, \\d, \\d\\), ';
  const BODIES: readonly (readonly [body: string, message: string])[] = [
    ['process.exit(0)', 'ended its process \\(exit code 0\\)\\n  in StartServer'],
    ['process.abort()', 'ended its process \\(SIGABRT\\)'],
    ['for (;;);', 'does not return\\n  in StartServer\\(s1\\), where\\n  s1 off; s2 off; s3 off'],
    ['return Promise.reject(1)', 'returned a promise, which is not a boolean'],
    ['return null', 'returned null, which is not a boolean'],
    ['return undefined', 'returned undefined, which'],
    ['return Symbol("x")', 'returned Symbol\\(x\\), which'],
    ['return 10n', 'returned 10n, a bigint, which is not'],
    ['return new Boolean(true)', 'returned a Boolean object, which is not'],
    ['return new Set([true])', 'returned a Set, which is not'],
    ['return new Map()', 'returned a Map, which is not'],
    ['return (async function* () {})()', 'returned an async generator, which is not'],
    ['return (function* () {})()', 'returned a generator, which is not'],
    ['return { is: true }', 'returned \\{"is":true\\}, which is not'],
    ['return new Array(1e6).fill(1)', 'returned a list of 1000000 values, which'],
    ['return "x".repeat(1e6)', 'returned "x{200,}…, which'],
    ['return { toJSON() { throw 1 } }', 'returned an object that cannot be looked at, which'],
    ['return { [Symbol.toPrimitive]() { throw 1 } }', 'returned \\{\\}, which'],
    ['throw new Proxy(new Error("x"), { get() { throw 1 } })', 'threw an object that cannot be looked at'],
    ['throw null', 'threw null'],
    [
      'throw new Error("one\\nfle-check: \\u001b[32mholds")',
      'threw one fle-check: \\\\u\\{1b\\}\\[32mholds at rules.mjs:2',
    ],
    ['process.exitCode = 0; process.on("exit", () => { process.exitCode = 0 }); process.exit()', 'ended its'],
  ];
  /** By day: it ends, loops, throws, and returns a promise, too much, or what cannot be looked at. */
  const daily = byDay(
    BODIES,
    'process.exit(0)',
    'for (;;);',
    'return Promise.reject(1)',
    'return { toJSON() { throw 1 } }',
    'throw new Proxy(new Error("x"), { get() { throw 1 } })',
    'return "x".repeat(1e6)',
  );

  test.each(daily)('%s', (body, message) =>
    expectRefusal(`export default { hasQuorum() {\n${body} } };`, new RegExp(BEFORE + message)),
  );
});

describe('a file that only tries to interfere has no effect', () => {
  const INTERFERES: readonly (readonly [what: string, text: string])[] = [
    ['keeps a timer', 'setInterval(() => {}, 1000)'],
    ['sets the exit code at any time', 'setInterval(() => { process.exitCode = 7 }, 1)'],
    ['listens to its end', 'process.on("exit", () => { process.exitCode = 7; for (;;); })'],
    ['listens to signals', 'process.on("SIGINT", () => process.exit(0))'],
    ['sends messages', 'process.send?.({ kind: "answers", id: 1, answers: [] })'],
    ['prints', 'console.log("holds"); process.stdout.write("violated")'],
  ];
  /** By day one of each kind. */
  const daily = byDay(INTERFERES, 'sets the exit code at any time', 'sends messages', 'prints');

  test.each(daily)('%s', async (_what, text) => {
    const { code, out } = await run(fileOf(`${text};\nexport default { ${RIGHT} };`), TUTORIAL);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('tutorial holds, completely') });
    expect(out).not.toContain('violated');
  });

  test('closes what is open', async () => {
    const body = 'for (let i = 0; i < 40; i++) try { fs.closeSync(i) } catch {}';
    const text = `import fs from 'node:fs'; export default { hasQuorum() { ${body}; return true } };`;
    await expectRefusal(text, /hasQuorum of \.\/rules\.mjs, called with/, run);
  });
});

const COUNTS: readonly (readonly [which: string, text: string])[] = [
  [
    'two of four',
    'let n = 0; export default { hasQuorum: (v, s) => (n++ & 2 ? v * 2 > s + 1 : v * 2 > s) };',
  ],
  ['the third', 'let n = 0; export default { hasQuorum: (v, s) => ++n % 3 !== 0 && v * 2 > s };'],
  ['all after a hundred', 'let n = 0; export default { hasQuorum: (v, s) => ++n > 100 || v * 2 > s };'],
];

// By day the one that is found by the last of three calls alone.
test.each(byDay(COUNTS, 'the third'))(
  'a rule that counts its calls, and answers %s otherwise, is found out',
  (_which, text) =>
    expectRefusal(
      text,
      /called with \(\d, \d, \d\), returned (true|false), and (true|false) when asked again/,
    ),
);

test('a method that is inherited is a rule', async () => {
  const method = 'hasQuorum(votes, servers) { return votes * 2 >= servers - this.less; }';
  const text = `class Mine { ${method} get less() { return 1; } }; export default new Mine();`;
  const { code, err } = await run(fileOf(text), TUTORIAL);
  expect({ code, err }).toEqual({ code: 1, err: '' });
});

test('a whole set of rules overrides those that are not those of ZooKeeper', async () => {
  const text = `import { correct } from 'fle-check/rules'; export default { ...correct, ${RIGHT} };`;
  const { code, out } = await run(fileOf(text), [...TUTORIAL, '--json', '-']);
  expect({ code, used: JSON.parse(out)[0].rulesUsed }).toEqual({
    code: 0,
    used: [{ rule: 'hasQuorum', constant: false, calls: 8, differing: 0, all: true }],
  });
});

/** By day a tenth of the states. */
const [CRASHES, SOME, STATES] = isNightly ? ['1', '60k', 216_189] : ['0', '6k', 22_521];
const BOUNDS = ['--abandons', '0', '--crashes', String(CRASHES)];
const ELECTION = ['check', 'fast-leader-election', ...BOUNDS, '--workers', '1', '--rules', './rules.mjs'];

test('a file is read once: what is saved while a search runs has no effect', async () => {
  const cwd = fileOf(`export default { ${RIGHT} };`);
  const wrong = 'export default { hasQuorum: (votes, servers) => votes * 2 >= servers - 1 };';
  const edit = () => writeFileSync(join(cwd, 'rules.mjs'), wrong);
  const { code, out } = await run(cwd, [...ELECTION, '--workers', '2'], edit);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(STATES.toLocaleString('en')) });
});

test('a search is not resumed under rules that were edited, or whose imports were', async () => {
  const cwd = fileOf("import { quorum } from './more/quorum.mjs'; export default { hasQuorum: quorum };");
  mkdirSync(join(cwd, 'more'));
  const write = (text: string) =>
    writeFileSync(join(cwd, 'more/quorum.mjs'), `export const quorum = ${text};`);
  write('(votes, servers) => votes * 2 > servers');
  const saved = await run(cwd, [...ELECTION, '--states-max', String(SOME), '--checkpoint', 'saved']);
  expect(saved.code).toBe(3);
  write('(votes, servers) => servers < votes * 2');
  const refused = await run(cwd, [...ELECTION, '--resume', 'saved']);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('differs in content of the rules') });
  write('(votes, servers) => votes * 2 > servers');
  const resumed = await run(cwd, [...ELECTION, '--resume', 'saved', '--json', '-']);
  const whole = await run(cwd, [...ELECTION, '--workers', '1', '--json', '-']);
  const [{ rulesUsed }] = JSON.parse(whole.out);
  expect(JSON.parse(resumed.out)[0]).toMatchObject({ verdict: 'holds', distinct: STATES, rulesUsed });
});

test('a search is not resumed under rules that answer otherwise for a reason that no digest sees', async () => {
  const cwd = fileOf(`
    import { readFileSync } from 'node:fs';
    const { half } = JSON.parse(readFileSync('rules.json', 'utf8'));
    export default { hasQuorum: (votes, servers) => votes * 2 > servers - 2 * Number(half) };`);
  writeFileSync(join(cwd, 'rules.json'), '{ "half": false }');
  const saved = await run(cwd, [...ELECTION, '--states-max', String(SOME), '--checkpoint', 'saved']);
  expect(saved.code).toBe(3);
  writeFileSync(join(cwd, 'rules.json'), '{ "half": true }');
  const { code, err } = await run(cwd, [...ELECTION, '--resume', 'saved']);
  expect(code).toBe(2);
  expect(err).toContain('cannot be resumed: the rules of ./rules.mjs have changed: hasQuorum(');
  expect(err).toMatch(/hasQuorum\(1, 3, \d\) was false, and is true now$/m);
  writeFileSync(join(cwd, 'rules.json'), '{ "half": false }');
  const resumed = await run(cwd, [...ELECTION, '--resume', 'saved', '--json', '-']);
  expect(JSON.parse(resumed.out)[0]).toMatchObject({ verdict: 'holds', distinct: STATES });
});

test('no process is left when the command is killed', async () => {
  const pid = "import fs from 'node:fs'; fs.writeFileSync('pid-' + process.pid, '');";
  const cwd = fileOf(`${pid} export default { ${RIGHT} };`);
  const { signal } = await run(cwd, ELECTION, (kill) => kill('SIGKILL'));
  expect(signal).toBe('SIGKILL');
  const hosts = readdirSync(cwd).filter((name) => name.startsWith('pid-'));
  expect(hosts).toHaveLength(2);
  const lives = (name: string): boolean => {
    try {
      // One that has ended may still wait to be buried.
      return !/^State:\s*Z/m.test(readFileSync(`/proc/${name.slice(4)}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  for (let turns = 0; hosts.some(lives) && turns < 500; turns++) await new Promise((r) => setTimeout(r, 20));
  expect(hosts.filter(lives)).toEqual([]);
});
