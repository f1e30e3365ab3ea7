/** Each model asks for the rules that it declares to use, and for no others. */
import { expect, test } from 'vitest';
import { check } from '../../src/engine/check.js';
import { type Bounds, correct, families, type ModelFamily, type RuleName, rulesUsed } from '../index.js';

/** Bounds at which each action, and so each rule, has its turn, besides those of the presets. */
const busy: { readonly [model: string]: Partial<Bounds> } = {
  'fast-leader-election': { rounds: 2, crashes: 1, abandons: 1, disconnects: 1 },
  'fle-faithful': { rounds: 2, crashes: 1, abandons: 1, disconnects: 1, queue: 1 },
  'zab-discovery': { rounds: 2, crashes: 1, abandons: 1 },
  'zab-synchronization': { crashes: 1, abandons: 1, observers: 1 },
};

/** The rules that a model asks for, while it is built and in its first states. */
function askedBy(family: ModelFamily, bounds: Bounds): ReadonlySet<RuleName> {
  const asked = new Set<RuleName>();
  const rules = new Proxy(correct, {
    get: (target, name: RuleName) => {
      asked.add(name);
      return target[name];
    },
  });
  const model = family.build(bounds, rules);
  if (family.name === 'rules') asked.add('totalOrderPredicate');
  check(model, { claims: [], witnesses: [] }, { states: 20_000 });
  return asked;
}

const cases = families.flatMap((family) =>
  (family.takes.election === undefined ? (['free'] as const) : (['free', 'fle'] as const)).map(
    (election) => [family, election] as const,
  ),
);

test.each(cases.map(([family, election]) => ({ family, election })))(
  '$family.name uses the rules that it declares, under the election $election',
  ({ family, election }) => {
    const { tiny, ci } = family.presets;
    const all = [tiny, ci, { ...tiny, ...busy[family.name] }].map((bounds) => ({ ...bounds, election }));
    const asked = new Set(all.flatMap((bounds) => [...askedBy(family, bounds)]));
    expect([...rulesUsed(family, election)].sort()).toEqual([...asked].sort());
  },
);
