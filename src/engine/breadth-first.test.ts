import { describe, expect, test } from 'vitest';
import {
  type Action,
  always,
  ClaimFailed,
  defineModel,
  type Expectations,
  everyStep,
  GuardWrites,
  InvalidModel,
  ModelFailed,
  NoInitialState,
  type Reading,
  range,
  scenario,
  someStep,
  sometimes,
  struct,
  upTo,
  type View,
} from '../language/index.js';
import { BreadthFirst } from './breadth-first.js';
import { check } from './check.js';
import { DEADLOCK } from './outcome.js';

const SIDE = 100;
const schema = struct({ x: range(0, SIDE), y: range(0, SIDE) });
type Place = Reading<typeof schema>;
type Parts = Expectations<Place>;
type Step = Action<typeof schema>;

const right: Step = {
  when: ({ x }) => x < SIDE,
  then: (s) => {
    s.x = s.x + 1;
  },
};
const up: Step = {
  over: [upTo('by', 3)],
  when: ({ y }, by) => y + by <= SIDE,
  then: (s, by) => {
    s.y = s.y + by;
  },
};
const corner = ({ x, y }: Place) => x === SIDE && y === SIDE;

/** A walk over a square, from one corner to the other. */
const walk = (actions: { [name: string]: Step } = { StepRight: right, StepUp: up }) =>
  defineModel({ name: 'walk', schema, initial: { then: () => {} }, actions, terminal: corner });

/** Initial states and nothing else. */
const many = defineModel({
  name: 'many',
  schema: struct({ n: range(0, 99_999) }),
  initial: {
    over: [upTo('n', 100_000)],
    then: (s, n) => {
      s.n = n;
    },
  },
  actions: { Stay: { then: () => {} } },
});

const text = { says: 'x', source: 'x', explain: () => 'x' };
const never = (name: string, holds: (s: Place) => boolean) => always({ ...text, name, witness: '', holds });
const parts = (some: Partial<Parts>): Parts => ({ claims: [], witnesses: [], ...some });
const nothing = parts({});

const thrownBy = (body: () => unknown): Error => {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('a complete search', () => {
  test('holds when nothing is wrong, and counts states, transitions, depth and actions', () => {
    const outcome = check(walk(), nothing);
    const states = (SIDE + 1) ** 2;
    const StepRight = SIDE * (SIDE + 1);
    const StepUp = (SIDE + 1) * (3 * (SIDE + 1) - 3);
    expect(outcome).toMatchObject({
      verdict: 'holds',
      reason: null,
      violation: null,
      distinct: states,
      generated: StepRight + StepUp,
      depth: SIDE + SIDE / 2,
      actions: { StepRight, StepUp },
    });
    expect(outcome.expectedCollisions).toBe(states ** 2 / 2 ** 65);
  });

  test('is not undone by a stop that comes after its end', () => {
    const search = new BreadthFirst(walk(), nothing);
    while (search.advance(1000));
    search.stop('too late');
    expect(search.outcome().verdict).toBe('holds');
  });
});

describe('a violated claim', () => {
  test('comes with a shortest schedule, which replays', () => {
    const outcome = check(walk(), parts({ claims: [never('away', ({ x, y }) => x + y < 7 || x < 1)] }));
    expect(outcome.verdict).toBe('violated');
    expect(outcome.reason).toBe('claim away is violated, after 4 steps');
    const { steps } = outcome.violation!.schedule;
    expect(steps).toHaveLength(4);
    const end = steps.reduce(([x, y], code) => (code === 0 ? [x + 1, y] : [x, y + code - 1]), [0, 0]);
    expect(end).toEqual([1, 6]);
  });

  test('ends the search at the end of its level, and names all that fail there', () => {
    const claims = [never('a', ({ x }) => x < 3), never('b', ({ y }) => y < 6), never('c', ({ y }) => y < 7)];
    const outcome = check(walk(), parts({ claims }));
    expect(outcome.violations.map(({ claim }) => claim).sort()).toEqual(['a', 'b']);
    expect(outcome.depth).toBe(3);
  });

  test('may be one on steps, which sees the states around it and the arguments', () => {
    const claim = everyStep<Place>({
      ...text,
      name: 'steady',
      witness: '',
      on: ['StepUp'],
      holds: (pre, post, by) => post.y === pre.y + by && !(by === 2 && pre.x === 2),
    });
    const outcome = check(walk(), parts({ claims: [claim] }));
    expect(outcome.violation).toMatchObject({ claim: 'steady', schedule: { steps: [0, 0, 3] } });
  });

  test('may hold in no state at all: then the schedule is empty', () => {
    const outcome = check(walk(), parts({ claims: [never('nothing', () => false)] }));
    expect(outcome.violation?.schedule).toEqual({ initial: 0, steps: [] });
  });

  test('names the initial state, by a code of more than 16 bits too', () => {
    const claim = always<{ readonly n: number }>({
      ...text,
      name: 'c',
      witness: '',
      holds: ({ n }) => n < 98_765,
    });
    const { violation } = check(many, { claims: [claim], witnesses: [] });
    expect(violation?.schedule).toEqual({ initial: 98_765, steps: [] });
  });
});

describe('a scenario', () => {
  const run = (steps: [string, ...string[]][], holds = (_s: Place, _taken: number) => true) =>
    check(
      walk(),
      parts({ claims: [scenario({ ...text, name: 'run', witness: '', initial: [], steps, holds })] }),
    );

  test('holds when it can be run and its states are right', () => {
    expect(
      run([['StepRight'], ['StepUp', '2']], ({ x, y }, n) => (n === 1 ? x === 1 : y === 2)).verdict,
    ).toBe('holds');
  });

  test('is violated where a step is not enabled, or a state not right, after the steps so far', () => {
    const steps = Array.from({ length: 51 }, (): [string, string] => ['StepUp', '2']);
    expect(run(steps).violation?.schedule.steps).toEqual(Array.from({ length: 50 }, () => 3));
    expect(run([['StepRight'], ['StepRight']], ({ x }) => x < 2).violation).toMatchObject({
      claim: 'run',
      schedule: { steps: [0, 0] },
    });
  });
});

describe('a scenario that cannot be told', () => {
  const over = [upTo('x', 3)];
  const initial: Step = {
    over,
    when: (_, x) => x > 0,
    then: (s, x) => {
      s.x = x;
    },
  };
  const odd = defineModel({
    name: 'odd',
    schema,
    initial,
    actions: { StepRight: right },
    terminal: () => true,
  });
  const from = (x: string) =>
    scenario<Place>({
      ...text,
      name: 'run',
      witness: '',
      initial: [x],
      steps: [['StepRight']],
      holds: () => true,
    });

  test('is refused, if it starts where the model does not', () => {
    expect(check(odd, parts({ claims: [from('1')] })).verdict).toBe('holds');
    const error = thrownBy(() => check(odd, parts({ claims: [from('0')] })));
    expect(error).toBeInstanceOf(InvalidModel);
    expect(error.message).toBe(
      'the start of run is initial(0), which the guard of `initial` excludes. Start it where odd starts.',
    );
  });
});

describe('a search that reaches a limit', () => {
  test('is inconclusive at a number of states', () => {
    const outcome = check(walk(), nothing, { states: 5000 });
    expect(outcome).toMatchObject({
      verdict: 'inconclusive',
      reason: 'the limit of 5000 distinct states was reached',
    });
    expect(outcome.distinct).toBeGreaterThanOrEqual(5000);
    expect(outcome.distinct).toBeLessThan(6000);
  });

  test('is inconclusive at a number of initial states', () => {
    expect(check(many, { claims: [], witnesses: [] }, { states: 10 })).toMatchObject({
      verdict: 'inconclusive',
      distinct: 10,
    });
  });

  test('is inconclusive at a size of memory, and stays below it but for the last chunk', () => {
    const memory = 2 ** 21;
    const outcome = check(many, { claims: [], witnesses: [] }, { memory });
    expect(outcome.verdict).toBe('inconclusive');
    expect(outcome.reason).toContain(`the limit of ${memory} bytes`);
    expect(outcome.bytes).toBeLessThanOrEqual(memory + 2 ** 19);
    expect(check(walk(), nothing, { memory: 1 }).verdict).toBe('inconclusive');
  });

  test('is inconclusive when stopped, for the reason given, with all figures so far', () => {
    const search = new BreadthFirst(walk(), nothing);
    search.advance(700);
    search.stop('interrupted');
    expect(search.advance(1)).toBe(false);
    const outcome = search.outcome();
    expect(outcome).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted' });
    expect(outcome.distinct).toBeGreaterThan(700);
  });

  test('is inconclusive when asked before its end', () => {
    const search = new BreadthFirst(walk(), nothing);
    search.advance(10);
    expect(search.outcome()).toMatchObject({ verdict: 'inconclusive' });
  });

  test('still reports a violation found before', () => {
    const search = new BreadthFirst(walk(), parts({ claims: [never('start', ({ x }) => x > 0)] }));
    search.advance(1);
    search.stop('interrupted');
    expect(search.outcome().verdict).toBe('violated');
  });

  test('does not demand the witnesses and actions it had no time for', () => {
    const late = sometimes<Place>({ ...text, name: 'late', shows: corner });
    expect(check(walk(), parts({ witnesses: [late] }), { states: 100 }).verdict).toBe('inconclusive');
  });
});

describe('what every model must satisfy', () => {
  test('no state but a terminal one is without a step', () => {
    const stuck: Step = { ...up, when: ({ x, y }, by) => x < 2 && y + by <= SIDE };
    const outcome = check(walk({ StepRight: { ...right, when: ({ x }) => x < 2 }, StepUp: stuck }), nothing);
    expect(outcome.violation).toMatchObject({ claim: DEADLOCK, schedule: { steps: [0, 0] } });
    expect(outcome.reason).toBe('a state that is not terminal has no step, after 2 steps');
  });

  test('no state but a terminal one is without a step, also beside others that have one', () => {
    const toX = (x: number, from: number): Step => ({
      when: (s) => s.x === from,
      then: (s) => {
        s.x = x;
      },
    });
    const outcome = check(walk({ GoOn: toX(1, 0), GoAstray: toX(2, 0), StayThere: toX(1, 1) }), nothing);
    expect(outcome.violation).toMatchObject({ claim: DEADLOCK, schedule: { steps: [1] } });
  });

  test('every action is taken, unless declared as excluded', () => {
    const Fly: Step = { when: ({ x }) => x > SIDE, then: () => {} };
    const outcome = check(walk({ StepRight: right, StepUp: up, Fly }), nothing);
    const unmet = [{ kind: 'untaken action', name: 'Fly' }];
    expect(outcome).toMatchObject({ verdict: 'inconclusive', complete: true, violation: null, unmet });
    expect(outcome.reason).toMatch(
      /^action Fly is never taken within these bounds: mend the model, or declare why/,
    );
    const declared = { ...Fly, excludedBecause: 'no wings' };
    expect(check(walk({ StepRight: right, StepUp: up, Fly: declared }), nothing).verdict).toBe('holds');
  });

  test('no action is taken that is declared as excluded', () => {
    const outcome = check(walk({ StepRight: { ...right, excludedBecause: 'a wall' }, StepUp: up }), nothing);
    expect(outcome).toMatchObject({ verdict: 'inconclusive', complete: true });
    expect(outcome.reason).toBe('action StepRight is taken, although it is declared as excluded: a wall');
  });

  test('every witness is found, at the shortest length, unless declared as excluded', () => {
    const far = sometimes<Place>({ ...text, name: 'far', shows: corner });
    const leap = someStep<Place>({
      ...text,
      name: 'leap',
      shows: (pre, post) => post.y - pre.y === 2 && pre.y > 3,
    });
    const lost = sometimes<Place>({ ...text, name: 'lost', shows: () => false });
    const outcome = check(walk(), parts({ witnesses: [far, leap, lost] }));
    expect(outcome).toMatchObject({ verdict: 'inconclusive', complete: true });
    expect(outcome.reason).toMatch(/^witness lost cannot be reached within these bounds: mend the model/);
    expect(outcome.witnesses.far?.steps).toHaveLength(SIDE + SIDE / 2);
    expect(outcome.witnesses.leap?.steps).toHaveLength(3);
    expect(outcome.witnesses.lost).toBeNull();
    const excused = check(walk(), parts({ witnesses: [{ ...lost, excludedBecause: 'the map ends' }] }));
    expect(excused).toMatchObject({ verdict: 'holds', excluded: { lost: 'the map ends' } });
    const reachable = { ...lost, shows: () => true, excludedBecause: 'the map ends' };
    const wrong = check(walk(), parts({ witnesses: [reachable] }));
    expect(wrong.verdict).toBe('inconclusive');
    expect(wrong.reason).toBe('witness lost is reached, although it is declared as excluded: the map ends');
  });

  test('a witness that the state after a violating step shows is found, by the steps to the violation', () => {
    const left = everyStep<Place>({ ...text, name: 'left', witness: '', holds: (_pre, post) => post.x < 3 });
    const three = sometimes<Place>({ ...text, name: 'three', shows: ({ x }) => x === 3 });
    const two = sometimes<Place>({ ...text, name: 'two', shows: ({ x }) => x === 2 });
    const four = sometimes<Place>({ ...text, name: 'four', shows: ({ x }) => x === 4 });
    const { violation, witnesses } = check(walk(), parts({ claims: [left], witnesses: [three, two, four] }));
    expect(violation?.schedule.steps).toHaveLength(3);
    expect(witnesses.three).toEqual(violation?.schedule);
    expect(witnesses.two?.steps).toHaveLength(2);
    expect(witnesses.four).toBeNull();
  });

  test('what is excluded may be reached where the reasons may not apply, and is shown then', () => {
    const lost = sometimes<Place>({ ...text, name: 'lost', shows: corner, excludedBecause: 'the map ends' });
    const model = walk({ StepRight: { ...right, excludedBecause: 'a wall' }, StepUp: up });
    const outcome = check(model, { ...parts({ witnesses: [lost] }), rulesAreForeign: true });
    expect(outcome).toMatchObject({ verdict: 'holds', reason: null, excluded: {} });
    expect(outcome.witnesses.lost?.steps).toHaveLength(SIDE + SIDE / 2);
  });

  /** A witness that no state shows, and a claim that rests on it. */
  const lost = sometimes<Place>({ ...text, name: 'lost', shows: () => false });
  const idle = always<Place>({
    ...text,
    name: 'idle',
    witness: 'lost',
    holds: () => true,
    explain: () => '',
  });

  test('a claim whose witness is out of reach may pass vacuously, and is named', () => {
    const outcome = check(walk(), parts({ claims: [idle], witnesses: [lost] }));
    expect(outcome).toMatchObject({ verdict: 'inconclusive', complete: true, violation: null });
    expect(outcome.reason).toBe(
      'witness lost cannot be reached within these bounds, so idle may pass vacuously',
    );
    const stopped = check(walk(), parts({ claims: [idle], witnesses: [lost] }), { states: 3 });
    expect(stopped).toMatchObject({ verdict: 'inconclusive', complete: false });
  });

  test('a witness that no claim names is demanded, unless somebody chose the claims', () => {
    const foreign = { ...parts({ witnesses: [lost] }), rulesAreForeign: true };
    expect(check(walk(), foreign).reason).toMatch(
      /^witness lost cannot be reached within these bounds under these rules$/,
    );
    const chosen = { ...foreign, claimsAreChosen: true };
    expect(check(walk(), chosen)).toMatchObject({ verdict: 'holds', witnesses: { lost: null } });
    expect(check(walk(), { ...chosen, claims: [idle] }).verdict).toBe('inconclusive');
  });

  test('some initial state exists', () => {
    const model = defineModel({
      name: 'void',
      schema,
      initial: { when: () => false, then: () => {} },
      actions: { StepRight: right },
    });
    expect(() => check(model, nothing)).toThrow(NoInitialState);
  });
});

describe('a model or claim that fails', () => {
  const beyond: Step = {
    then: (s) => {
      s.x = s.x + 1;
    },
  };

  test('is reported with the step and the state', () => {
    const error = thrownBy(() => check(walk({ StepRight: beyond, StepUp: up }), nothing));
    expect(error).toBeInstanceOf(ModelFailed);
    expect(error.message).toContain('model walk, in StepRight(): x was set to 101');
    expect(error.message).toContain('in the state {"x":100,"y":0}');
  });

  test('is reported when a guard throws', () => {
    const when = ({ y }: Place) => {
      if (y === 5) throw new TypeError('no such thing');
      return true;
    };
    const error = thrownBy(() => check(walk({ StepRight: { ...right, when }, StepUp: up }), nothing));
    expect(error.message).toMatch(
      /the guard of StepRight\(\): no such thing\n {2}in the state \{"x":0,"y":5\}/,
    );
  });

  test('is reported when an initial state leaves a range', () => {
    const model = defineModel({
      name: 'm',
      schema,
      initial: { then: (s) => void s.y++ },
      actions: { StepRight: right },
    });
    expect(check(model, nothing).verdict).toBe('violated');
    const worse = { ...model, initial: { ...model.initial, then: (s: View<typeof schema>) => void s.y-- } };
    expect(thrownBy(() => check(worse, nothing)).message).toContain('model m, in initial(): y was set to -1');
  });

  test('is reported by name when a claim or a witness throws', () => {
    const fail = () => {
      throw new TypeError('oops');
    };
    const claims = [
      everyStep<Place>({ ...text, name: 'bad', witness: '', holds: (pre) => pre.x < 1 || fail() }),
    ];
    const error = thrownBy(() => check(walk(), parts({ claims })));
    expect(error).toBeInstanceOf(ClaimFailed);
    expect(error.message).toBe(
      'claim bad threw: oops\n  in the state {"x":1,"y":0}\n  after initial(), StepRight()',
    );
    const witnesses = [sometimes<Place>({ ...text, name: 'odd', shows: fail })];
    expect(thrownBy(() => check(walk(), parts({ witnesses }))).message).toContain('witness odd threw: oops');
  });
});

describe('a part that writes although it may only read', () => {
  const write = (state: Place) => {
    (state as View<typeof schema>).y = 1;
    return true;
  };
  const says = (body: () => unknown, what: string) => {
    const error = thrownBy(body);
    expect(error).toBeInstanceOf(GuardWrites);
    expect(error.message).toContain(`${what} writes to the state, but it may only read it`);
  };

  test('is named when it is a guard', () => {
    says(
      () => check(walk({ StepRight: { ...right, when: write }, StepUp: up }), nothing),
      'the guard of StepRight()',
    );
  });

  test('is named when it is a claim or a witness on states', () => {
    says(() => check(walk(), parts({ claims: [never('sly', write)] })), 'claim sly');
    const witnesses = [sometimes<Place>({ ...text, name: 'shy', shows: (s) => write(s) && false })];
    says(() => check(walk(), parts({ witnesses })), 'witness shy');
  });

  test('is named when it is a claim or a witness on steps, and writes before or after', () => {
    for (const which of [0, 1]) {
      const holds = (...around: unknown[]) => write(around[which] as Place);
      const claims = [everyStep<Place>({ ...text, name: 'sly', witness: '', holds })];
      says(() => check(walk(), parts({ claims })), 'claim sly');
      const witnesses = [
        someStep<Place>({ ...text, name: 'shy', shows: (...around) => holds(...around) && false }),
      ];
      says(() => check(walk(), parts({ witnesses })), 'witness shy');
    }
  });

  test('is named when it is the terminal predicate', () => {
    const model = defineModel({
      name: 'end',
      schema,
      initial: { then: () => {} },
      actions: { StepRight: { ...right, when: () => false } },
      terminal: write,
    });
    says(() => check(model, nothing), 'the terminal predicate of end');
  });
});
