/** A model that goes wrong on the way, in every manner that a model can: a walk on a grid. */
import type { BuiltModel } from '../engine/model-source.js';
import {
  always,
  defineModel,
  everyStep,
  flag,
  perOther,
  perServer,
  type Reading,
  range,
  scenario,
  someStep,
  sometimes,
  struct,
  type View,
} from '../language/index.js';

/** What is wrong with the model or its claims. */
export const FAILURES = [
  'its effect throws',
  'its effect throws a text',
  'its effect leaves a range',
  'its effect writes an absent entry',
  'its guard throws',
  'its guard writes',
  'its terminal predicate throws',
  'its terminal predicate writes',
  'its claim throws',
  'its claim writes',
  'its claim on steps throws',
  'its claim on steps writes',
  'its witness throws',
  'its witness on steps writes',
  'its ids cannot be renamed',
] as const;

/** What a model does to the thread that explores it. */
export const MISHAPS = ['exits', 'takes all memory', 'never ends'] as const;

export type Failure = (typeof FAILURES)[number] | (typeof MISHAPS)[number];

const SIDE = 30;
/** So far from the start it goes wrong: all those states are of one level. */
const FAR = 12;

const schema = struct({
  x: range(0, SIDE),
  y: range(0, SIDE),
  server: perServer(2, struct({ mark: flag, of: perOther(2, struct({ heard: flag })) })),
});
type State = Reading<typeof schema>;

/** Three states of a level, in different chunks of its block. */
const isBad = ({ x, y }: State): boolean => x + y === FAR && x % 5 === 2;
/** One of them. */
export const WORST = { x: 7, y: FAR - 7 } as const;
const isWorst = ({ x, y }: State): boolean => x === WORST.x && y === WORST.y;

function fail(state: State): never {
  throw new TypeError(`no way from ${state.x},${state.y}`);
}

function write(state: State): void {
  (state as View<typeof schema>).y = SIDE;
}

/** What its effect does to a state, besides a step to the right. */
const EFFECTS: { readonly [failure: string]: (state: View<typeof schema>) => void } = {
  'its effect throws': fail,
  'its effect throws a text': ({ x }) => {
    throw `no way from ${x}`;
  },
  'its effect leaves a range': (state) => {
    state.y = SIDE + state.x;
  },
  'its effect writes an absent entry': ({ server }) => {
    server[0].of[0].heard = true;
  },
  'its ids cannot be renamed': ({ server }) => {
    server[0].mark = true;
  },
};

const ON_THREADS: { readonly [mishap: string]: () => void } = {
  exits: () => process.exit(3),
  'takes all memory': () => {
    const hoard: number[][] = [];
    while (hoard.length >= 0) hoard.push(Array.from({ length: 1000 }, (_, i) => i));
  },
  'never ends': () => {
    const ended: number[] = [];
    while (ended.length === 0);
  },
};

/** The walk with one thing wrong, or with nothing wrong unless it is `armed`. */
export function failing(failure: Failure, armed = true): BuiltModel {
  const is = (name: Failure) => armed && failure === name;
  /** A part of the model that throws or writes, if it is the one asked for. */
  const part = (name: string, state: State): void => {
    if (!armed || !isBad(state)) return;
    if (failure === `${name} throws`) fail(state);
    if (failure === `${name} writes`) write(state);
  };
  const stops = is('its terminal predicate throws') || is('its terminal predicate writes');
  const model = defineModel({
    name: 'walk',
    schema,
    initial: { then: () => {} },
    actions: {
      StepUp: {
        when: (s) => s.y < SIDE && !(stops && isBad(s)),
        then: (s) => {
          s.y = s.y + 1;
        },
      },
      StepRight: {
        when: (s) => {
          part('its guard', s);
          return s.x < SIDE && !(stops && isBad(s));
        },
        then: (s) => {
          if (armed && isBad(s)) EFFECTS[failure]?.(s);
          if (armed && isWorst(s)) ON_THREADS[failure]?.();
          s.x = s.x + 1;
        },
      },
    },
    terminal: (s) => {
      part('its terminal predicate', s);
      return true;
    },
    permutations: failure === 'its ids cannot be renamed' ? 2 : null,
  });
  return { model, expectations: parts(part) } as unknown as BuiltModel;
}

/** The walk with a scenario that goes so many steps and then demands too much. */
export function broken(steps: number): BuiltModel {
  const { model, expectations } = failing('exits', false);
  const claim = scenario<State>({
    ...texts,
    name: 'run',
    witness: '',
    initial: [],
    steps: Array.from({ length: steps }, () => ['StepUp'] as const),
    holds: (_, taken) => taken < steps,
  });
  return { model, expectations: { ...expectations, claims: [claim] } } as unknown as BuiltModel;
}

const texts = { says: 'nothing', source: 'none', explain: () => 'It fails.' };

/** Claims that hold and witnesses that are found, but for what `part` does to them. */
const parts = (part: (name: string, state: State) => void) => ({
  claims: [
    always<State>({
      ...texts,
      name: 'calm',
      witness: 'far',
      holds: (s) => part('its claim', s) === undefined,
    }),
    everyStep<State>({
      ...texts,
      name: 'steady',
      witness: 'far',
      holds: (pre) => part('its claim on steps', pre) === undefined,
    }),
  ],
  witnesses: [
    sometimes<State>({
      ...texts,
      name: 'far',
      shows: (s) => part('its witness', s) !== undefined || s.x === SIDE,
    }),
    someStep<State>({
      ...texts,
      name: 'farther',
      shows: (pre) => part('its witness on steps', pre) !== undefined || pre.x + 1 === SIDE,
    }),
  ],
});
