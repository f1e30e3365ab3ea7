/** Each model asks for the rules that it declares to use, and for no others. */
import { expect, test } from 'vitest';
import { check } from '../../src/engine/breadth-first.js';
import { type Bounds, correct, type RuleName, type Rung, rulesUsed, rungs } from '../index.js';

/** Bounds at which each action, and so each rule, has its turn, besides those of the presets. */
const busy: { readonly [model: string]: Partial<Bounds> } = {
  'fast-leader-election': { rounds: 2, crashes: 1, abandons: 1, disconnects: 1 },
  'fle-faithful': { rounds: 2, crashes: 1, abandons: 1, disconnects: 1, queue: 1 },
  'zab-discovery': { rounds: 2, crashes: 1, abandons: 1 },
  'zab-synchronization': { crashes: 1, abandons: 1, observers: 1 },
};

/** The rules that a model asks for, while it is built and in its first states. */
function askedBy(rung: Rung, bounds: Bounds): ReadonlySet<RuleName> {
  const asked = new Set<RuleName>();
  const rules = new Proxy(correct, {
    get: (target, name: RuleName) => {
      asked.add(name);
      return target[name];
    },
  });
  const model = rung.build(bounds, rules);
  if (rung.name === 'rules') asked.add('totalOrderPredicate');
  check(model, { claims: [], witnesses: [] }, { states: 60_000 });
  return asked;
}

const cases = rungs.flatMap((rung) =>
  (rung.takes.election === undefined ? (['free'] as const) : (['free', 'fle'] as const)).map(
    (election) => [rung, election] as const,
  ),
);

test.each(cases.map(([rung, election]) => ({ rung, election })))(
  '$rung.name uses the rules that it declares, under the election $election',
  ({ rung, election }) => {
    const { tiny, ci } = rung.presets;
    const all = [tiny, ci, { ...tiny, ...busy[rung.name] }].map((bounds) => ({ ...bounds, election }));
    const asked = new Set(all.flatMap((bounds) => [...askedBy(rung, bounds)]));
    expect([...rulesUsed(rung, election)].sort()).toEqual([...asked].sort());
  },
);
