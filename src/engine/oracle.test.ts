import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  always,
  type Expectations,
  everyStep,
  type Model,
  type Reading,
  type StructType,
  TooLarge,
  toPlain,
} from '../language/index.js';
import { modelOf, partsOf, type RandomModel, randomModel } from '../testing/models.js';
import { runs } from '../testing/nightly.js';
import { BreadthFirst } from './breadth-first.js';
import { check } from './check.js';
import { type Graph, oracle } from './oracle.js';
import { DEADLOCK } from './outcome.js';

const MOST = 600;
type Parts = Expectations<Reading<StructType>>;

/** The graph of a model; a model with too many states is drawn again. */
function graphOf(description: RandomModel, parts?: Parts): Graph {
  try {
    return oracle(modelOf(description), parts, MOST);
  } catch (error) {
    if (error instanceof TooLarge) fc.pre(false);
    throw error;
  }
}

/** Explores with the engine to the end, noting every state and every step it looks at. */
function exploreAll(model: Model) {
  const [states, edges] = [new Set<string>(), [] as string[]];
  const print = (state: unknown) => JSON.stringify(toPlain(model.schema, state));
  const note = { says: 'notes', source: 'none', witness: '', explain: () => '' };
  const steps = model.actions.map(({ name }) =>
    everyStep<Reading<StructType>>({
      ...note,
      name: `steps by ${name}`,
      on: [name],
      holds: (pre, post, ...args) => edges.push(`${print(pre)} ${name}(${args}) ${print(post)}`) > 0,
    }),
  );
  const all = always<Reading<StructType>>({
    ...note,
    name: 'states',
    holds: (s) => states.add(print(s)).size > 0,
  });
  const outcome = check({ ...model, terminal: () => true }, { claims: [all, ...steps], witnesses: [] });
  return { outcome, states, edges };
}

describe('the engine agrees with the oracle on random models', () => {
  test('about every state and every step (seed=1)', () => {
    fc.assert(
      fc.property(randomModel, (description) => {
        const graph = graphOf(description);
        const { outcome, states, edges } = exploreAll(modelOf(description));
        const printed = graph.states.map((state) => JSON.stringify(state));
        expect([...states].sort()).toEqual([...printed].sort());
        const expected = graph.edges.map(({ from, to, step }) => `${printed[from]} ${step} ${printed[to]}`);
        // The engine asks some claims of a step twice; how many steps there are, `generated` says.
        expect([...new Set(edges)].sort()).toEqual(expected.sort());
        const { distinct, generated, depth, actions } = graph;
        expect(outcome).toMatchObject({ distinct, generated, depth, actions });
      }),
      { seed: 1, numRuns: runs(120) },
    );
  });

  test('about the shortest way to a violation of each claim (seed=2)', () => {
    fc.assert(
      fc.property(randomModel, (description) => {
        const model = { ...modelOf(description), terminal: () => true };
        const parts = partsOf(description);
        const { distances } = graphOf(description, parts);
        for (const claim of parts.claims) {
          const { violation } = check(model, { claims: [claim], witnesses: [] });
          expect(violation?.schedule.steps.length ?? null).toBe(distances[claim.name]);
        }
      }),
      { seed: 2, numRuns: runs(120) },
    );
  });

  test('about the shortest way to each witness (seed=3)', () => {
    fc.assert(
      fc.property(randomModel, (description) => {
        const model = { ...modelOf(description), terminal: () => true };
        const parts = partsOf(description);
        const { distances } = graphOf(description, parts);
        const { witnesses } = check(model, { claims: [], witnesses: parts.witnesses });
        for (const { name } of parts.witnesses) {
          expect(witnesses[name]?.steps.length ?? null).toBe(distances[name]);
        }
      }),
      { seed: 3, numRuns: runs(120) },
    );
  });

  test('about deadlocks (seed=4)', () => {
    fc.assert(
      fc.property(randomModel, (description) => {
        const { deadlocks, states } = graphOf(description);
        const outcome = check(modelOf(description), { claims: [], witnesses: [] });
        expect(outcome.violation?.claim === DEADLOCK).toBe(deadlocks.length > 0);
        expect(deadlocks.length === 0 || outcome.distinct <= states.length).toBe(true);
      }),
      { seed: 4, numRuns: runs(120) },
    );
  });

  test('about everything, whatever the slices in which the search is run (seed=5)', () => {
    fc.assert(
      fc.property(
        randomModel,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (description, slices) => {
          const parts = partsOf(description);
          graphOf(description);
          const search = new BreadthFirst(modelOf(description), parts);
          for (let i = 0; search.advance(slices[i % slices.length]); i++);
          expect(search.outcome()).toEqual(check(modelOf(description), parts));
        },
      ),
      { seed: 5, numRuns: runs(60) },
    );
  });
});

describe('the oracle', () => {
  test('refuses a model of more states than it may keep', () => {
    fc.assert(
      fc.property(randomModel, (description) => {
        fc.pre(graphOf(description).distinct > 1);
        expect(() => oracle(modelOf(description), undefined, 1)).toThrow(TooLarge);
      }),
      { seed: 6, numRuns: 20 },
    );
  });
});
