/**
 * Each claim and witness agrees with a naive second statement of it, on thousands of states and steps that no
 * model need reach. A difference is reported with the smallest state or step that shows it.
 */
import { describe, expect, test } from 'vitest';
import { type Bounds, findFamily, findRuleSet, type Rules, rulesOf } from '../../models/index.js';
import type { StructType, Type } from '../../src/language/index.js';
import { type Case, caseOf } from '../index.js';
import {
  type Naive,
  naiveElection,
  naiveTutorial,
  naiveVoteOrder,
  type StepPredicate,
} from './naive-claims.js';
import { naiveDiscovery, naiveSynchronization } from './naive-claims-zab.js';
import { type Codes, changedCodes, type Draw, drawOf, someCodes, stateOf, widthOf } from './naive-states.js';

interface Subject {
  readonly family: string;
  readonly bounds: Partial<Bounds>;
  readonly rules?: Partial<Rules>;
  readonly naive: Naive<never>;
  /** A field of a server that history is kept by: it is at least 1 here. */
  readonly fromOne?: string;
}

const correct = findRuleSet('correct')!;
const orders: readonly Rules['totalOrderPredicate'][] = [
  rulesOf(correct).totalOrderPredicate,
  (newId, _z, _e, curId) => newId >= curId,
  (newId, _z, _e, curId) => (newId - curId + 3) % 3 === 1,
  (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
    newEpoch > curEpoch || newZxid > curZxid || newId > curId,
  (newId, newZxid, _e, curId, curZxid) => newZxid > curZxid && newId > curId,
];

const subjects = [
  ...orders.map((totalOrderPredicate) => ({
    family: 'rules',
    bounds: { servers: 3, dataVersions: 2 },
    rules: { totalOrderPredicate },
    naive: naiveVoteOrder({ ...rulesOf(correct), totalOrderPredicate }),
  })),
  ...[2, 3].flatMap((servers) => [
    {
      family: 'tutorial',
      bounds: { servers, zxids: 'every', dataVersions: 3 },
      naive: naiveTutorial(servers),
    },
    {
      family: 'fast-leader-election',
      bounds: { servers, rounds: 2, zxids: 'every', dataVersions: 2 },
      naive: naiveElection(servers),
      fromOne: 'logicalclock',
    },
  ]),
  ...[
    [2, 1],
    [3, 0],
  ].flatMap(([servers, observers]) => [
    {
      family: 'zab-discovery',
      bounds: { servers, observers, epochs: 2 },
      naive: naiveDiscovery(observers),
      fromOne: 'epoch',
    },
    {
      family: 'zab-synchronization',
      bounds: { servers, observers, epochs: 2, txns: 3 },
      naive: naiveSynchronization(servers, observers),
    },
  ]),
] as readonly Subject[];

/** The subject as it is checked. */
function opened({ family: name, bounds, rules }: Subject): Case {
  const family = findFamily(name)!;
  return caseOf(family, { ...family.presets.tiny, ...bounds }, { ...correct, overrides: rules ?? {} });
}

/** The schema of a subject, one field of a server narrowed. */
function schemaOf({ model: { schema } }: Case, fromOne: string | undefined): StructType {
  const { server } = schema.fields;
  if (fromOne === undefined || server.kind !== 'array' || server.element.kind !== 'struct') return schema;
  const narrowed = { ...server.element.fields[fromOne], lo: 1 } as Type;
  const element = { ...server.element, fields: { ...server.element.fields, [fromOne]: narrowed } };
  return { ...schema, fields: { ...schema.fields, server: { ...server, element } } };
}

interface Step {
  readonly pre: Codes;
  readonly post: Codes;
  readonly me: number;
  readonly from: number;
}

function someStep(draw: Draw, width: number, servers: number): Step {
  const pre = someCodes(draw, width, 1 + draw(10));
  const me = draw(servers);
  const from = (me + 1 + draw(servers - 1)) % servers;
  return { pre, post: changedCodes(draw, pre, draw(10)), me, from };
}

/** The step with as many least values as it may have for `differs`. */
function smallest(step: Step, differs: (step: Step) => boolean): Step {
  let best = step;
  for (const part of ['pre', 'post'] as const) {
    for (let i = 0; i < best[part].length; i++) {
      const simpler = { ...best, [part]: best[part].with(i, 0) };
      if (differs(simpler)) best = simpler;
    }
  }
  return best;
}

const STEPS = 2_000;

/** A step with the states it leads from and to. */
interface Shown extends Step {
  readonly states: readonly [pre: never, post: never];
}

const shown = (schema: StructType, step: Step): Shown => ({
  ...step,
  states: [stateOf(schema, step.pre), stateOf(schema, step.post)] as [never, never],
});

/** The steps that the parts of one subject are asked about. */
function stepsOf(schema: StructType): readonly Shown[] {
  const draw = drawOf(1);
  const [width, first] = [widthOf(schema), Object.values(schema.fields)[0]];
  const servers = first.kind === 'array' ? first.length : 0;
  return Array.from({ length: STEPS }, () => shown(schema, someStep(draw, width, servers)));
}

/** The smallest step on which two statements differ; null if they agree on all. */
function difference(
  schema: StructType,
  steps: readonly Shown[],
  ours: StepPredicate<never>,
  naive: StepPredicate<never>,
) {
  const differs = ({ states, me, from }: Shown) => naive(...states, me, from) !== ours(...states, me, from);
  const found = steps.find(differs);
  if (found === undefined) return null;
  const { me, from, ...least } = smallest(found, (step) => differs(shown(schema, step)));
  const [pre, post] = shown(schema, { me, from, ...least }).states;
  return {
    naively: naive(pre, post, me, from),
    said: ours(pre, post, me, from),
    me,
    from,
    pre: JSON.stringify(pre),
    post: JSON.stringify(post),
  };
}

const onOf = (part: object) => ('on' in part && part.on ? { on: part.on } : {});

const nameOf = ({ family, bounds }: Subject): string => `${family} (${Object.values(bounds).join(', ')})`;

describe('has the claims and witnesses of the naive statement, about the same actions', () => {
  test.each(subjects.map((subject) => [nameOf(subject), subject] as const))('%s', (_name, subject) => {
    const { claims, witnesses } = opened(subject).expectations;
    const { naive } = subject;
    const ours = claims.map((each) => [each.name, { witness: each.witness, ...onOf(each) }]);
    const theirs = Object.entries(naive.claims).map(([claim, each]) => [
      claim,
      { witness: each.witness, ...onOf(each) },
    ]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
    expect(witnesses.map((each) => [each.name, onOf(each)])).toEqual(
      Object.entries(naive.witnesses).map(([witness, each]) => [witness, onOf(each)]),
    );
  });
});

describe('says what the naive statement says', () => {
  for (const subject of subjects) {
    const { naive, fromOne } = subject;
    const name = nameOf(subject);
    const parts = [
      ...Object.entries(naive.claims).map(([part, { holds }]) => [part, holds] as const),
      ...Object.entries(naive.witnesses).map(([part, { shows }]) => [part, shows] as const),
    ];
    let steps: readonly Shown[] = [];
    for (const [part, naively] of parts) {
      test(`${name}: ${part}`, () => {
        const opening = opened(subject);
        const schema = schemaOf(opening, fromOne);
        if (steps.length === 0) steps = stepsOf(schema);
        const { claims, witnesses } = opening.expectations;
        const ours = [...claims, ...witnesses].find((each) => each.name === part)!;
        const said = ('holds' in ours ? ours.holds : ours.shows) as StepPredicate<never>;
        expect(difference(schema, steps, said, naively)).toBeNull();
        // An order that is right breaks nothing, and one that is wrong may lose a witness.
        const answers = new Set(steps.map(({ states, me, from }) => naively(...states, me, from)));
        if (subject.family !== 'rules') expect(answers.size).toBe(2);
      });
    }
  }
});
