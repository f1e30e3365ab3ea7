/** The schedule with the fewest switches, against all schedules of its length, one by one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findFamily, ruleSets } from '../../models/index.js';
import { caseOf } from '../../properties/index.js';
import { check } from '../engine/check.js';
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import { concerns } from '../language/claims.js';
import {
  always,
  decodeStep,
  defineModel,
  domain,
  everyStep,
  Machine,
  type Model,
  perServer,
  type Reading,
  range,
  type StructType,
  sid,
  struct,
  upTo,
  type View,
} from '../language/index.js';
import { tokens } from '../testing/models.js';
import { isNightly } from '../testing/nightly.js';
import { fewestSwitches, switchesIn } from './fewest-switches.js';
import { narrow } from './reduce.js';
import type { Built } from './schedule.js';

/** Steps of the longest schedules of the ladder that are enumerated. */
const LONGEST = isNightly ? 9 : 6;

/** Schedules of a drawn model that the naive search looks at before it gives up. */
const MOST = 3_000;

/** Whether the claim to which a model is narrowed is violated, in plain words of the machine. */
function violations({ model, expectations: { claims } }: Built, machine: Machine<StructType>) {
  const [claim] = claims;
  const codes = () => Array.from({ length: model.instances }, (_, code) => code);
  return {
    here: () =>
      claim === undefined
        ? !codes().some((code) => machine.admits(code)) && model.terminal?.(machine.pre) !== true
        : claim.kind === 'state' && !claim.holds(machine.pre),
    by: (code: number) => {
      const { action, args } = decodeStep(model.actions, code);
      if (claim?.kind !== 'step' || !concerns(claim, action.name)) return false;
      return !claim.holds(machine.pre, machine.post as unknown as Reading<StructType>, ...args);
    },
    enabled: () => codes().filter((code) => machine.admits(code)),
  };
}

interface Run extends Schedule {
  readonly state: Int32Array;
  readonly violates: boolean;
}

/**
 * Every schedule of the least length that violates the claim, of runs that `merge` leaves; null if there are
 * more than `most` to look at.
 */
function allShortest(
  built: Built,
  most: number,
  merge: (runs: Run[]) => Run[] = (runs) => runs,
): readonly Schedule[] | null {
  const machine = new Machine(built.model);
  const { words, memory } = machine;
  const { here, by, enabled } = violations(built, machine);
  let runs: Run[] = [];
  for (let initial = 0; initial < machine.initials; initial++) {
    if (!machine.start(initial)) continue;
    runs.push({ initial, steps: [], state: memory.slice(0, words), violates: here() });
  }
  for (let looked = 0; runs.length > 0 && !runs.some(({ violates }) => violates); looked += runs.length) {
    if (looked + runs.length > most) return null;
    const longer = runs.flatMap(({ initial, steps, state }) => {
      machine.load(state, 0);
      return enabled().map((code) => {
        machine.load(state, 0);
        machine.apply(code);
        const onStep = by(code);
        machine.advance();
        const next = { initial, steps: [...steps, code], state: memory.slice(0, words) };
        return { ...next, violates: onStep || here() };
      });
    });
    runs = merge(longer);
  }
  return runs.filter(({ violates }) => violates);
}

/** Switches counted by hand: `acts` says who acts in a step. */
function countSwitches(model: Model, { steps }: Schedule): number {
  let [last, count] = [-1, 0];
  for (const code of steps) {
    const { action, args } = decodeStep(model.actions, code);
    for (const [i, { name }] of action.over.entries()) {
      if (name !== 'sid') continue;
      if (last !== -1 && last !== args[i]) count++;
      last = args[i];
      break;
    }
  }
  return count;
}

const inOrder = (a: Schedule, b: Schedule): number => {
  const [left, right] = [a, b].map(({ initial, steps }) => [initial, ...steps]);
  const i = left.findIndex((code, k) => code !== right[k]);
  return i < 0 ? 0 : left[i] - right[i];
};

const serverIn = (model: Model, code: number): number | null => {
  const { action, args } = decodeStep(model.actions, code);
  const i = action.over.findIndex(({ name }) => name === 'sid');
  return i < 0 ? null : args[i];
};

/** Of runs to one state, by one server last, the best: what follows is the same for all of them. */
function bestOfEach(model: Model): (runs: Run[]) => Run[] {
  return (runs) => {
    const best = new Map<string, { readonly run: Run; readonly count: number }>();
    for (const run of runs) {
      const last = run.steps.map((code) => serverIn(model, code)).findLast((server) => server !== null);
      const key = `${run.state.join()} ${last} ${run.violates}`;
      const [count, known] = [countSwitches(model, run), best.get(key)];
      const better = known === undefined || count < known.count;
      if (better || (count === known.count && inOrder(run, known.run) < 0)) best.set(key, { run, count });
    }
    return [...best.values()].map(({ run }) => run);
  };
}

/** The best of these; and whether any is worse. */
function bestOf(model: Model, all: readonly Schedule[]): { best: Schedule; matters: boolean } {
  const counts = all.map((one) => countSwitches(model, one));
  const least = Math.min(...counts);
  const [{ initial, steps }] = all.filter((_, i) => counts[i] === least).sort(inOrder);
  return { best: { initial, steps }, matters: Math.max(...counts) > least };
}

const PLACES = 8;
const Sid = domain('sid', sid(3));
const schema = struct({ at: range(0, PLACES - 1) });
type Place = Reading<typeof schema>;
const text = { name: 'bad', says: 'made up', source: 'none', witness: '', explain: () => 'It fails.' };

interface Graph {
  /** For each server, and for nobody, where it leads from each place; null if nowhere. */
  readonly leads: readonly (readonly (number | null)[])[];
  readonly starts: readonly number[];
}
const lead = fc.option(fc.nat(PLACES - 1), { freq: 3 });
const graph: fc.Arbitrary<Graph> = fc.record({
  leads: fc.array(fc.array(lead, { minLength: PLACES, maxLength: PLACES }), { minLength: 7, maxLength: 7 }),
  starts: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }),
});

/** A token that three servers, in two ways each, and nobody move, but not from the last place. */
function graphModel({ leads, starts }: Graph): Model {
  const move = (row: (i: number) => number) => ({
    when: ({ at }: Place, i: number) => at < PLACES - 1 && leads[row(i)][at] !== null,
    then: (state: View<typeof schema>, i: number) => {
      state.at = leads[row(i)][state.at] as number;
    },
  });
  return defineModel({
    name: 'graph',
    schema,
    initial: {
      over: [upTo('start', starts.length)],
      then: (state, i) => {
        state.at = starts[i];
      },
    },
    actions: {
      Walk: { over: [Sid], ...move((i) => i) },
      Drift: { over: [upTo('nobody', 1)], ...move(() => 6) },
      Run: { over: [Sid], ...move((i) => 3 + i) },
    },
    terminal: ({ at }) => at === 0,
  }) as unknown as Model;
}

const claims = [
  always<Place>({ ...text, name: 'state', holds: ({ at }) => at < PLACES - 1 }),
  everyStep<Place>({ ...text, name: 'step', holds: (pre, post) => pre.at < 6 || post.at >= pre.at }),
  everyStep<Place>({ ...text, name: 'argument', on: ['Run'], holds: (pre, _, i) => i === 0 || pre.at < 6 }),
] as unknown as Built['expectations']['claims'];

const HEIGHT = 3;
const towers = struct({ level: perServer(3, range(0, HEIGHT)) });
type Towers = Reading<typeof towers>;

interface Climbs {
  /** For each action, where it leads from each level, and the level that another server must have. */
  readonly actions: readonly { readonly leads: readonly (number | null)[]; readonly needs: number | null }[];
}
const climb = fc.record({
  leads: fc.array(fc.option(fc.nat(HEIGHT), { freq: 3 }), { minLength: HEIGHT + 1, maxLength: HEIGHT + 1 }),
  needs: fc.option(fc.nat(HEIGHT), { freq: 2 }),
});
const climbs: fc.Arbitrary<Climbs> = fc.record({ actions: fc.array(climb, { minLength: 2, maxLength: 3 }) });

/** Servers that climb and fall, alike but for their names; two of them should not reach the top. */
function towersModel({ actions }: Climbs): Built {
  const others = ({ level }: Towers, i: number, height: number) =>
    [0, 1, 2].some((j) => j !== i && level.at(j) === height);
  const model = defineModel({
    name: 'towers',
    schema: towers,
    initial: { then: () => {} },
    actions: Object.fromEntries(
      actions.map(({ leads, needs }, k) => [
        `Climb${k}`,
        {
          over: [Sid],
          when: (state: Towers, i: number) =>
            leads[state.level.at(i)] !== null && (needs === null || others(state, i, needs)),
          then: (state: View<typeof towers>, i: number) => {
            state.level.set(i, leads[state.level.at(i)] as number);
          },
        },
      ]),
    ),
    permutations: 3,
  });
  const atTop = (state: Towers) => [0, 1, 2].filter((i) => state.level.at(i) === HEIGHT).length;
  const state = always<Towers>({ ...text, name: 'state', holds: (s) => atTop(s) < 2 });
  const step = everyStep<Towers>({
    ...text,
    name: 'step',
    holds: (pre, post, i) => pre.level.at(i) <= post.level.at(i) || atTop(pre) < 1 || !others(pre, i, 1),
  });
  return { model, expectations: { claims: [state, step], witnesses: [] } } as unknown as Built;
}

describe('as enumeration finds', () => {
  /** In how many models that are drawn it matters which of the shortest is chosen. */
  function compare(models: fc.Arbitrary<Built>, claim: string, numRuns = 200): number {
    let mattered = 0;
    const property = fc.property(models, (whole) => {
      const built = narrow(whole, claim);
      const { violation } = check(built.model, built.expectations);
      const all = violation === null ? null : allShortest(built, MOST);
      if (violation === null || all === null) return;
      const { best, matters } = bestOf(built.model, all);
      if (matters) mattered++;
      expect(fewestSwitches(built, violation.schedule.steps.length, 10_000)).toEqual(best);
      expect(switchesIn(built.model, best)).toBe(countSwitches(built.model, best));
    });
    fc.assert(property, { seed: 1, numRuns });
    return mattered;
  }

  test.each(['state', 'step', 'argument', DEADLOCK])(
    'in random models, for the claim %s (seed=1)',
    (claim) => {
      const models = graph.map((drawn) => ({
        model: graphModel(drawn),
        expectations: { claims, witnesses: [] },
      }));
      expect(compare(models, claim, isNightly ? 200 : 100)).toBeGreaterThan(3);
    },
  );

  test.each(['state', 'step', DEADLOCK])(
    'in random models that declare permutations, for the claim %s (seed=1)',
    (claim) => {
      expect(compare(climbs.map(towersModel), claim)).toBeGreaterThan(3);
    },
  );

  const cases = ['tutorial', 'fast-leader-election', 'zab-discovery'].flatMap((name) =>
    ruleSets.flatMap((ruleSet) => {
      const family = findFamily(name)!;
      const kill = ruleSet.breaks[name];
      if (kill === undefined) return [];
      const bounds = { ...family.presets.tiny, ...kill.bounds, start: 'together' as const };
      // From one initial state if it fails there.
      const ahead = Array.from({ length: bounds.servers }, (_, i) => (i === 0 ? 1 : 0));
      const [one, every] = [ahead, 'every' as const].map((zxids) =>
        narrow(caseOf(family, { ...bounds, zxids }, ruleSet), kill.claim),
      );
      const built = check(one.model, one.expectations).violation === null ? every : one;
      const { steps } = check(built.model, built.expectations).violation!.schedule;
      return steps.length > LONGEST
        ? []
        : [{ label: `${ruleSet.name} in ${name}`, built, length: steps.length }];
    }),
  );
  test.each(cases)('under the rule set $label', ({ built, length }) => {
    const all = allShortest(built, Number.POSITIVE_INFINITY, bestOfEach(built.model));
    expect(fewestSwitches(built, length, 100_000)).toEqual(bestOf(built.model, all!).best);
  });
});

test.each(['state', 'step'] as const)('what a claim on a %s throws is told with the state', (kind) => {
  const { model } = tokens(2);
  const broken = () => {
    throw new Error('broken');
  };
  const claim = kind === 'state' ? always({ ...text, holds: broken }) : everyStep({ ...text, holds: broken });
  const built = { model, expectations: { claims: [claim], witnesses: [] } } as Built;
  const length = kind === 'state' ? 0 : 1;
  expect(() => fewestSwitches(built, length, 1_000)).toThrow(/^claim bad threw: broken\n {2}in the state/);
});

test('a search for the fewest that may know too few states gives none', () => {
  const built = tokens(4);
  const { steps } = check(built.model, built.expectations).violation!.schedule;
  expect(fewestSwitches(built, steps.length, 3)).toBeNull();
  expect(fewestSwitches(built, steps.length, 1_000)).not.toBeNull();
});
