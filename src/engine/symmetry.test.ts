import { describe, expect, test } from 'vitest';
import {
  always,
  type Canonicalize,
  canonicalizer,
  defineModel,
  domain,
  type Expectations,
  everyStep,
  list,
  Machine,
  type Model,
  type ModelDefinition,
  perOther,
  perServer,
  type Reading,
  range,
  type StructType,
  sid,
  sidOrNone,
  sidSet,
  someStep,
  sometimes,
  struct,
  UnsoundPermutations,
  type View,
} from '../language/index.js';
import { concretize, SymmetryCheck } from './symmetry.js';

const N = 3;
const Sid = domain('sid', sid(N));
const Server = struct({
  votes: range(0, 2),
  for: sidOrNone(N),
  heard: perOther(N, struct({ up: range(0, 1) })),
});
const schema = struct({
  server: perServer(N, Server),
  leader: sidOrNone(N),
  cast: sidSet(N),
  /** Not a server: renaming leaves it alone. */
  weight: range(0, N - 1),
  rounds: list(N, range(0, 1)),
});
type Schema = typeof schema;
type State = Reading<Schema>;

/** Each server votes once, and whoever has two votes leads: no id is named, none is less than another. */
const vote = (change: Partial<ModelDefinition<Schema>> = {}): Model<Schema> =>
  defineModel({
    name: 'vote',
    schema,
    permutations: N,
    initial: { then: () => {} },
    terminal: ({ leader, cast }) => leader >= 0 || cast === 7,
    ...change,
    actions: {
      Cast: {
        over: [Sid, Sid],
        when: ({ cast }, i) => ((cast >>> i) & 1) === 0,
        then: (s, i, j) => {
          s.cast |= 1 << i;
          s.server[i].for = j;
          s.server[j].votes = Math.min(2, s.server[j].votes + 1);
          if (i !== j) s.server[j].heard[i].up = 1;
        },
      },
      Lead: {
        over: [Sid],
        when: ({ server, leader }, i) => leader < 0 && server[i].votes === 2,
        then: (s, i) => {
          s.leader = i;
        },
      },
      ...change.actions,
    },
  });

const setLeader = (s: View<Schema>, i: number) => {
  s.leader = i;
};

const text = { says: 'a claim', source: 'none', witness: '', explain: () => 'It fails.' };
const none: Expectations<State> = { claims: [], witnesses: [] };

/** The representatives of all reachable states, with the schedule by which each was found. */
function explore(model: Model<Schema>, visit: (state: Int32Array) => void = () => {}) {
  const machine = new Machine(model);
  const canonicalize = canonicalizer(model) as Canonicalize;
  const codes = new Uint16Array(model.instances);
  const found = new Map<string, { state: Int32Array; initial: number; steps: number[] }>();
  const add = (offset: number, initial: number, steps: number[]) => {
    const state = machine.memory.slice(offset, offset + machine.words);
    canonicalize(state, 0);
    if (!found.has(state.join())) found.set(state.join(), { state, initial, steps });
  };
  for (let code = 0; code < machine.initials; code++) if (machine.start(code)) add(0, code, []);
  for (const { state, initial, steps } of found.values()) {
    visit(state);
    machine.load(state, 0);
    for (const code of codes.slice(0, machine.enabled(codes))) {
      machine.apply(code);
      add(machine.words, initial, [...steps, code]);
    }
  }
  return [...found.values()];
}

/** What checking all initial states and all representatives finds; null if nothing. */
function asymmetryOf(
  model: Model<Schema>,
  expectations: Expectations<State> = none,
): UnsoundPermutations | null {
  const check = new SymmetryCheck(model, expectations);
  try {
    check.checkInitials();
    explore(model, (state) => {
      const before = state.slice();
      check.check(Int32Array.from([0, ...state, 0]), 1);
      expect(state).toEqual(before);
    });
  } catch (error) {
    expect(error).toBeInstanceOf(UnsoundPermutations);
    return error as UnsoundPermutations;
  }
  return null;
}

const differenceOf = (change: Partial<ModelDefinition<Schema>>, expectations?: Expectations<State>) =>
  asymmetryOf(vote(change), expectations)?.message.split('\n')[0];

describe('a sound declaration of permutations', () => {
  test('passes, with claims and witnesses of every kind', () => {
    const voted = ({ cast }: State) => cast !== 0;
    const leads = (_pre: State, post: State, i: number) => post.leader === i;
    expect(
      asymmetryOf(vote(), {
        claims: [
          always({ ...text, name: 'state', holds: voted }),
          everyStep({ ...text, name: 'step', on: ['Lead'], holds: leads }),
        ],
        witnesses: [
          sometimes({ ...text, name: 'seen', shows: voted }),
          someStep({
            ...text,
            name: 'taken',
            on: ['Cast'],
            shows: (pre, _post, i, j) => i === j && !voted(pre),
          }),
        ],
      }),
    ).toBeNull();
  });

  test('passes when the initial states are closed under renaming', () => {
    const all = { over: [Sid], then: setLeader };
    expect(asymmetryOf(vote({ initial: all }))).toBeNull();
  });
});

describe('a wrong declaration of permutations is found out', () => {
  test('when a guard compares ids', () => {
    const Cast = {
      ...vote().actions[0],
      when: ({ cast }: State, i: number, j: number) => cast === 0 && i < j,
    };
    expect(differenceOf({ actions: { Cast } })).toMatch(
      /^vote declares `permutations`, but its ids cannot be renamed s\d→s\d.*: Cast\(s\d, s\d\) leads from the state to/,
    );
  });

  test('when a step names an id', () => {
    const Lead = { ...vote().actions[1], then: (s: View<Schema>) => setLeader(s, 0) };
    expect(differenceOf({ actions: { Lead } })).toMatch(/Lead\(s\d\) leads from .* but no Lead from .* to/);
  });

  test('when a claim or a witness names an id, be it about a state or a step', () => {
    const first = ({ leader }: State) => leader !== 0;
    const firstStep = (_pre: State, post: State) => post.leader !== 0;
    const name = 'first';
    expect(differenceOf({}, { ...none, claims: [always({ ...text, name, holds: first })] })).toMatch(
      /: claim first is (true|false) in the state and (true|false) in the renamed one\.$/,
    );
    expect(differenceOf({}, { ...none, witnesses: [sometimes({ ...text, name, shows: first })] })).toMatch(
      /: witness first is/,
    );
    expect(differenceOf({}, { ...none, claims: [everyStep({ ...text, name, holds: firstStep })] })).toMatch(
      /: claim first is not the same of Lead\(s\d\) in the state and of Lead\(s\d\) in the renamed one\.$/,
    );
    expect(differenceOf({}, { ...none, witnesses: [someStep({ ...text, name, shows: firstStep })] })).toMatch(
      /: witness first is not the same of Lead/,
    );
  });

  test('when a claim on steps names an argument', () => {
    const holds = (_pre: State, _post: State, i: number) => i !== 0;
    const claim = everyStep<State>({ ...text, name: 'argument', on: ['Lead'], holds });
    expect(differenceOf({}, { ...none, claims: [claim] })).toMatch(/claim argument is not the same of Lead/);
  });

  test('when the terminal predicate names an id', () => {
    expect(differenceOf({ terminal: ({ leader }) => leader === 0 })).toMatch(/the terminal predicate is/);
  });

  test('when an initial state is renamed to none', () => {
    const initial = { then: (s: View<Schema>) => setLeader(s, 1) };
    expect(differenceOf({ initial })).toMatch(
      /renamed s1→s2 s2→s1: initial\(\) makes the state, but nothing makes the renamed\.$/,
    );
  });

  test('when a field that holds an id is a plain range', () => {
    const then = (s: View<Schema>, i: number) => {
      s.weight = i;
    };
    const Lead = { ...vote().actions[1], then };
    expect(differenceOf({ actions: { Lead } })).toMatch(/Lead\(s\d\) leads from/);
  });

  test('when the renamed state alone makes the model throw', () => {
    const when = ({ leader }: State) => {
      if (leader === 0) throw new Error('s1 must not lead');
      return false;
    };
    expect(differenceOf({ actions: { Fail: { when, then: () => {} } } })).toMatch(
      /: only in the renamed state, model vote, in the guard of Fail\(\): s1 must not lead/,
    );
  });

  test('with a message that shows both states and says what to do', () => {
    const error = asymmetryOf(vote({ terminal: ({ leader }) => leader === 0 }));
    expect(error?.message).toContain(
      `\n  the state:   ${JSON.stringify(error?.state)}\n  the renamed: {"server":[`,
    );
    expect(error?.message).toMatch(/Usually ids are compared with < or >.*or remove `permutations`\.$/);
    expect(error?.permutation.filter((to, from) => to !== from).length).toBeGreaterThan(1);
  });
});

test('an error of the model itself is reported as the search would report it', () => {
  const when = (): boolean => {
    throw new Error('broken');
  };
  const model = vote({ actions: { Fail: { when, then: () => {} } } });
  const check = new SymmetryCheck(model, none);
  expect(() => check.check(new Int32Array(new Machine(model).words), 0)).toThrow(
    /^model vote, in the guard of Fail\(\): broken/,
  );
});

describe('a run over representatives', () => {
  const model = vote();
  const canonicalize = canonicalizer(model) as Canonicalize;

  /** The representative of the last state, by taking each step for real. */
  const replay = (
    machine: Machine<Schema>,
    { initial, steps }: { initial: number; steps: readonly number[] },
  ) => {
    expect(machine.start(initial)).toBe(true);
    for (const code of steps) {
      expect(machine.admits(code)).toBe(true);
      machine.apply(code);
      machine.advance();
    }
    const state = machine.memory.slice(0, machine.words);
    canonicalize(state, 0);
    return state;
  };

  test('becomes a run of the model of the same actions, to a state of the same orbit', () => {
    const machine = new Machine(model);
    const runs = explore(model);
    expect(runs.length).toBeGreaterThan(20);
    for (const run of runs) {
      const real = concretize(machine, canonicalize, run);
      expect(real.steps.map((code) => machine.actionOf[code])).toEqual(
        run.steps.map((code) => machine.actionOf[code]),
      );
      expect(replay(machine, real)).toEqual(run.state);
    }
    const impossible = runs.filter(({ steps }) => steps.some((code, i) => steps.indexOf(code) < i));
    expect(impossible.length, 'runs that are none before they are made so').toBeGreaterThan(0);
  });

  test('ends in a step that shows what the recorded one shows', () => {
    const machine = new Machine(model);
    const forSelf = () =>
      [0, 1, 2].some((i) => machine.pre.server[i].for < 0 && machine.post.server[i].for === i);
    const counts = { yes: 0, no: 0 };
    for (const run of explore(model)) {
      const last = run.steps.at(-1);
      if (last === undefined) continue;
      const before = { ...run, steps: run.steps.slice(0, -1) };
      const representative = replay(machine, concretize(machine, canonicalize, before));
      machine.load(representative, 0);
      machine.apply(last);
      const recorded = forSelf();
      counts[recorded ? 'yes' : 'no']++;
      const real = concretize(machine, canonicalize, run, () => forSelf() === recorded);
      expect(replay(machine, real)).toEqual(run.state);
    }
    expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(2);
  });

  test('that has no counterpart names the step and the cause', () => {
    const Cast = { ...model.actions[0], when: ({ cast }: State, i: number) => cast === 0 || i === 0 };
    const unsound = vote({ actions: { Cast } });
    const machine = new Machine(unsound as Model<StructType>);
    const failing = explore(unsound).filter((run) => {
      try {
        concretize(machine, canonicalizer(unsound) as Canonicalize, run);
        return false;
      } catch (error) {
        expect(String(error)).toMatch(
          /RunLost: vote declares `permutations`, but no run of it .* step \d, Cast\(s1, s\d\)/,
        );
        return true;
      }
    });
    expect(failing.length).toBeGreaterThan(0);
  });
});
