/** A search by several threads says what the same search says in one. Their code is that of the build. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { broken, FAILURES, failing, WORST } from '../testing/failing.js';
import {
  type Exported,
  largerCase,
  modelAndClaims,
  randomCase,
  tokens,
  witnessDenied,
} from '../testing/models.js';
import { isNightly } from '../testing/nightly.js';
import { BreadthFirst, type Options } from './breadth-first.js';
import { check } from './check.js';
import { Crew, CrewEnded, type CrewOptions, WorkerLost, WorkerNotStarted } from './crew.js';
import { Frontier } from './frontier.js';
import type { BuiltModel, ModelSource } from './model-source.js';
import type { Outcome } from './outcome.js';

const built = (path: string): string => new URL(`../../dist/${path}.js`, import.meta.url).href;
const source = (path: string, name: string, ...args: unknown[]): ModelSource => ({
  module: built(path),
  export: name,
  args,
});
/** A source from a text. */
const written = (text: string): ModelSource => ({
  module: `data:text/javascript,${encodeURIComponent(text)}`,
  export: 'make',
  args: [],
});

const PEER: readonly [Exported, Exported] = [
  [built('bench/peers/model'), 'peerModel'],
  [built('bench/peers/claims'), 'peerExpectations'],
];
const peers = new Map<string, Promise<BuiltModel>>();
function peerModelOf(rounds: number, crashes: number): Promise<BuiltModel> {
  const key = `${rounds} ${crashes}`;
  const made = peers.get(key) ?? modelAndClaims(...PEER, rounds, crashes);
  peers.set(key, made);
  return made;
}
const peer = (rounds: number, crashes: number) => ({
  made: peerModelOf(rounds, crashes),
  source: source('src/testing/models', 'modelAndClaims', ...PEER, rounds, crashes),
});

const searchOf = ({ model, expectations }: BuiltModel, options: Options = {}) =>
  new BreadthFirst(model, expectations, options);

/** What the body makes of a crew; its threads end in any case. */
async function withCrew<T>(
  search: ReturnType<typeof searchOf>,
  from: ModelSource,
  workers: number,
  body: (crew: Awaited<ReturnType<typeof Crew.start>>) => Promise<T>,
  options: CrewOptions = {},
): Promise<T> {
  const crew = await Crew.start(search, from, workers, options);
  try {
    return await body(crew);
  } finally {
    await crew.end();
  }
}

/** The outcome of a search that threads have made from its first state on. */
async function together(
  made: BuiltModel,
  from: ModelSource,
  workers: number,
  options?: Options,
): Promise<Outcome> {
  const search = searchOf(made, options);
  await withCrew(search, from, workers, (crew) => crew.run());
  return search.outcome();
}

const alone = ({ model, expectations }: BuiltModel, options?: Options): Outcome =>
  check(model, expectations, options);

const outcomes = new Map<BuiltModel, Outcome>();
/** The outcome of a model that several tests search to its end, made once. */
function aloneOnce(made: BuiltModel): Outcome {
  const outcome = outcomes.get(made) ?? alone(made);
  outcomes.set(made, outcome);
  return outcome;
}

const thrownBy = async (body: () => unknown): Promise<Error> => {
  try {
    await body();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

/** The numbers of workers to compare; a thread takes a fifth of a second to start. */
const SIZES = isNightly ? [1, 2, 3] : [1, 3];

describe('any number of workers find what one thread finds', () => {
  const options = fc.record({ exact: fc.boolean(), states: fc.constantFrom(100, 400, 1500) });
  const crews = fc.constantFrom([1, 4], [2, 3], [2, 4]);

  test('in random models, to their end or to a limit (seed=1)', async () => {
    const property = fc.asyncProperty(largerCase, options, crews, async (description, chosen, sizes) => {
      const made = randomCase(description);
      const expected = alone(made, chosen);
      fc.pre(expected.distinct > 50);
      const from = source('src/testing/models', 'randomCase', description);
      for (const workers of sizes) {
        expect(await together(made, from, workers, chosen), `workers=${workers}`).toEqual(expected);
      }
    });
    // A run that fails takes as long to shrink as it may; one that is merely slow must not pass for that.
    const bounds = { interruptAfterTimeLimit: 90_000, markInterruptAsFailure: true };
    await fc.assert(property, { seed: 1, numRuns: isNightly ? 8 : 2, ...bounds });
  });

  for (const [rounds, crashes] of [
    [1, 1],
    [2, isNightly ? 1 : 0],
  ]) {
    test(`in the peer model (rounds=${rounds}, crashes=${crashes})`, async () => {
      const { made, source: from } = peer(rounds, crashes);
      const expected = aloneOnce(await made);
      expect(expected.verdict).toBe('holds');
      // By day a crew of one has the smaller model.
      for (const workers of isNightly || rounds === 1 ? SIZES : [3]) {
        expect(await together(await made, from, workers), `workers=${workers}`).toEqual(expected);
      }
    });
  }

  for (const witness of ['clockFalls', 'leaderCrashes', 'twoLeadersAtOneRound']) {
    test(`in the peer model with a claim that fails: never ${witness}`, async () => {
      const args = [witness, ...PEER, 2, 1] as const;
      const made = await witnessDenied(...args);
      const expected = alone(made);
      expect(expected.violation?.schedule.steps.length).toBeGreaterThan(3);
      const from = source('src/testing/models', 'witnessDenied', ...args);
      for (const workers of isNightly ? [2, 3] : [3])
        expect(await together(made, from, workers)).toEqual(expected);
    });
  }

  test('in a model explored up to renaming, the run of the whole model included', async () => {
    const expected = alone(tokens(5));
    expect(expected.violation?.schedule.steps.length).toBeGreaterThan(3);
    const from = source('src/testing/models', 'tokens', 5);
    for (const workers of SIZES) expect(await together(tokens(5), from, workers)).toEqual(expected);
  });

  test('in a model with a scenario that breaks', async () => {
    const expected = alone(broken(7));
    expect(expected).toMatchObject({ verdict: 'violated', depth: 7 });
    const from = source('src/testing/failing', 'broken', 7);
    for (const workers of SIZES) expect(await together(broken(7), from, workers)).toEqual(expected);
  });

  test('within a limit of memory', async () => {
    const { made, source: from } = peer(2, 0);
    const memory = 2 ** 22;
    const expected = alone(await made, { memory });
    expect(expected.reason).toBe(`the limit of ${memory} bytes for the search's data was reached`);
    for (const workers of isNightly ? SIZES : [3])
      expect(await together(await made, from, workers, { memory })).toEqual(expected);
  });
});

describe('a search that is paused', () => {
  test('after every block ends as one that is not', async () => {
    const { made, source: from } = peer(1, 1);
    const search = searchOf(await made);
    let runs = 0;
    await withCrew(search, from, 2, async (crew) => {
      for (; !search.ended; runs++) {
        const running = crew.run();
        crew.pause();
        await running;
      }
    });
    expect(runs).toBeGreaterThanOrEqual(14);
    expect(search.outcome()).toEqual(aloneOnce(await made));
  });

  test('at any time ends as one that is not', async () => {
    const { made, source: from } = peer(2, 0);
    const search = searchOf(await made);
    const [outcomes, figures] = [new Set<string>(), [] as number[]];
    await withCrew(search, from, 3, async (crew) => {
      for (let i = 0; !search.ended; i++) {
        const timer = setTimeout(() => crew.pause(), (7 * i) % 40);
        await crew.run();
        clearTimeout(timer);
        if (!search.ended) outcomes.add(search.outcome().verdict);
        figures.push(search.store.distinct);
      }
    });
    expect([...outcomes]).toEqual(['inconclusive']);
    expect(figures.length).toBeGreaterThan(3);
    expect(search.outcome()).toEqual(aloneOnce(await made));
  });

  test('is passed on from crew to crew and to this thread and back', async () => {
    const { made, source: from } = peer(2, 0);
    const search = searchOf(await made);
    for (let i = 0; !search.ended; i++) {
      // The threads start while this one goes on.
      const starting = Crew.start(search, from, 1 + (i % 3));
      search.advance(isNightly ? 20_000 : 60_000);
      const crew = await starting;
      for (let block = 0; block < 4; block++) {
        const running = crew.run();
        crew.pause();
        await running;
      }
      await crew.end();
    }
    expect(search.outcome()).toEqual(aloneOnce(await made));
  });

  test('at its end or at a limit stays as it is', async () => {
    const { made, source: from } = peer(1, 0);
    for (const options of [{}, { states: 1 }, { states: 1000 }]) {
      const search = searchOf(await made, options);
      const expected = alone(await made, options);
      for (const workers of [1, 2]) {
        await withCrew(search, from, workers, async (crew) => {
          await crew.run();
          expect(search.outcome()).toEqual(expected);
          await crew.run();
          expect(search.outcome()).toEqual(expected);
        });
      }
    }
  });
});

describe('a model that fails in a worker', () => {
  for (const failure of FAILURES) {
    test(`is reported as in one thread when ${failure}`, async () => {
      const made = failing(failure);
      const { name, message } = await thrownBy(() => alone(made));
      for (const workers of isNightly ? [1, 2, 3] : [2]) {
        const from = source('src/testing/failing', 'failing', failure);
        const error = await thrownBy(() => together(made, from, workers));
        expect(`${error.name}: ${error.message}`).toBe(`${name}: ${message}`);
      }
    });
  }

  test('and only there is reported with what it threw', async () => {
    const failure = 'its effect throws';
    const from = source('src/testing/failing', 'failing', failure);
    const error = await thrownBy(() => together(failing(failure, false), from, 2));
    expect(error.name).toBe('ModelFailed');
    expect(error.message).toMatch(/model walk, in a part that keeps data of its own: no way from 2,10\n/);
  });

  test('does not when there is nothing wrong', () => {
    for (const failure of FAILURES) expect(alone(failing(failure, false)).verdict).toBe('holds');
  });
});

describe('a worker that is lost', () => {
  const lose = async (failure: 'exits' | 'takes all memory', workers: number) => {
    const search = searchOf(failing(failure, false));
    const from = source('src/testing/failing', 'failing', failure);
    const run = () => withCrew(search, from, workers, (crew) => crew.run(), { heapMegabytes: 16 });
    return { error: await thrownBy(run), outcome: search.outcome() };
  };
  for (const [failure, why] of [
    ['exits', 'exit code 3'],
    ['takes all memory', 'Worker terminated due to reaching memory limit: JS heap out of memory'],
  ] as const) {
    test(`since its model ${failure} is named, with action and state, and nothing is said to hold`, async () => {
      for (const workers of isNightly ? [1, 2, 4] : [2]) {
        const { error, outcome } = await lose(failure, workers);
        expect(error).toBeInstanceOf(WorkerLost);
        expect(error.message).toMatch(
          new RegExp(`^worker [1-${workers}] ended before its time \\(${why}\\)`),
        );
        expect(error.message).toContain(' by StepRight\n  in the state ');
        const [, state] = /in the state (.*?)\. The search/.exec(error.message) ?? [];
        expect(JSON.parse(state)).toMatchObject(WORST);
        expect(outcome.verdict).toBe('inconclusive');
      }
    });
  }

  test('leaves a crew that goes on no more', async () => {
    const search = searchOf(failing('exits', false));
    const crew = await Crew.start(search, source('src/testing/failing', 'failing', 'exits'), 2);
    expect(await thrownBy(() => crew.run())).toBeInstanceOf(WorkerLost);
    expect(await thrownBy(() => crew.run())).toBeInstanceOf(CrewEnded);
    await crew.end();
  });
});

describe('what a thread adds is seen by the others', () => {
  test('in the list of free pages of the queue', () => {
    const [pages, words] = [1200, 1];
    const mine = new Frontier({ words });
    const states = pages * mine.locate(0).left;
    mine.reserve(states);
    const theirs = new Frontier(mine.handles);
    mine.release(states);
    theirs.refresh();
    theirs.reserve(2 * states);
    mine.refresh();
    const places = Array.from({ length: pages }, (_, i) => mine.locate(states + (i * states) / pages).at);
    expect(new Set(places).size).toBe(pages);
  });
});

describe('a crew', () => {
  test('can be ended while it works', async () => {
    const { made, source: from } = peer(2, 0);
    for (const wait of [0, 1, 5, 50]) {
      const search = searchOf(await made);
      const crew = await Crew.start(search, from, 2);
      const running = thrownBy(() => crew.run());
      await new Promise((resolve) => setTimeout(resolve, wait));
      await crew.end();
      expect(await running).toBeInstanceOf(CrewEnded);
      // It may have been in the midst of a block: no one may go on from there and say that all is well.
      expect(search.advance(1)).toBe(false);
      expect(search.outcome()).toMatchObject({
        verdict: 'inconclusive',
        reason: 'the workers ended in the midst of their work',
      });
    }
  });

  test('can be ended while its model never ends', async () => {
    const search = searchOf(failing('never ends', false));
    const crew = await Crew.start(search, source('src/testing/failing', 'failing', 'never ends'), 3);
    const running = thrownBy(() => crew.run());
    await new Promise((resolve) => setTimeout(resolve, 100));
    await crew.end();
    expect(await running).toBeInstanceOf(CrewEnded);
    expect(search.outcome().verdict).toBe('inconclusive');
  });

  test('can be ended before it has begun, and twice', async () => {
    const { made, source: from } = peer(1, 0);
    const crew = await Crew.start(searchOf(await made), from, 2);
    await Promise.all([crew.end(), crew.end()]);
    await crew.end();
    expect(await thrownBy(() => crew.run())).toBeInstanceOf(CrewEnded);
  });

  test('does not start without a module that makes the model', async () => {
    const { made, source: from } = peer(1, 0);
    const make = (value: string) => written(`export const make = () => (${value})`);
    const cases: readonly (readonly [ModelSource, string])[] = [
      [{ ...from, module: built('no/such') }, 'Cannot find module'],
      [{ ...from, export: 'nothing' }, 'exports no function nothing'],
      [written('throw new Error("not today")'), 'not today'],
      [written('export const make = () => { throw new Error("not me") }'), 'not me'],
      [make('null'), 'the function returns no { model, expectations }'],
      [make('{ model: {} }'), 'the function returns no { model, expectations }'],
      [peer(1, 1).source, 'it is another model'],
      [{ ...from, export: 'witnessDenied', args: ['someServerLeads', ...from.args] }, 'other claims'],
    ];
    for (const [wrong, says] of cases) {
      for (const workers of isNightly ? [1, 2] : [2]) {
        const error = await thrownBy(async () => Crew.start(searchOf(await made), wrong, workers));
        expect(error).toBeInstanceOf(WorkerNotStarted);
        expect(error.message).toContain(`could not make the model with ${wrong.export} of `);
        expect(error.message).toContain(says);
      }
    }
  });
});

test('a crew of no one, or of a part of one, is refused', async () => {
  const { made, source } = peer(1, 0);
  const { model, expectations } = await made;
  const search = new BreadthFirst(model, expectations);
  for (const size of [0, Number.NaN, 1.5, -1]) {
    await expect(Crew.start(search, source, size)).rejects.toThrow(
      `the number of workers is ${size}, but must be a whole number from 1.`,
    );
  }
});
