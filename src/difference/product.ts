/** Two rule sets in one model. Both get the same schedule, and each takes the steps that it can. */
import { type Bounds, type CallLog, correct, type ModelFamily, type RuleSet } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import {
  type Action,
  always,
  defineModel,
  type Expectations,
  type Model,
  type NamedAction,
  type Reading,
  SpecError,
  type StructType,
  sometimes,
  struct,
  type View,
} from '../language/index.js';

type Both = StructType<{ readonly a: StructType; readonly b: StructType }>;

/** The fields of a server that say whether it leads, and which server it follows. */
interface Server {
  readonly state: number;
  readonly [followed: string]: number;
}
interface Ensemble {
  readonly server: readonly Server[];
}

/** The field that names the leader of a server. */
const FOLLOWED: { readonly [model: string]: string } = {
  tutorial: 'vote',
  'fast-leader-election': 'proposal',
  'zab-discovery': 'leader',
  'zab-synchronization': 'leader',
};

/** The states that every model has, in this order; a later one is a follower that does not vote. */
const FOLLOWING = 2;
const LEADING = 3;

/** The field of a model that names the leader of a server; null if no server follows another in it. */
export const followedIn = (model: string): string | null => FOLLOWED[model] ?? null;

/** The index of the server that a server follows, or its own if it leads; -1 while it is down or LOOKING. */
const electedBy = ({ state, ...rest }: Server, me: number, followed: string): number =>
  state === LEADING ? me : state >= FOLLOWING ? rest[followed] : -1;

/** A rule set, and the log that its calls are added to, if not a new one. */
interface Side {
  readonly ruleSet: RuleSet;
  readonly calls?: CallLog | null;
}

/**
 * One model at one bounds under two rule sets, to be compared. Under ZooKeeper's order `zab-synchronization`
 * leaves open which of two servers with equal data wins; under another order it asks the rule with both sids.
 * If one rule set has another order, ZooKeeper's is asked in this way too, so that both have the same model.
 */
export function comparedCases(
  family: ModelFamily,
  bounds: Bounds,
  sides: readonly [Side, Side],
): readonly [Case, Case] {
  const isOrdered = sides.some(({ ruleSet }) => ruleSet.overrides.totalOrderPredicate !== undefined);
  const { totalOrderPredicate: zooKeepers } = correct;
  const caseOfSide = ({ ruleSet, calls }: Side): Case => {
    if (!isOrdered) return caseOf(family, bounds, ruleSet, calls);
    const totalOrderPredicate: typeof zooKeepers = (...args) => zooKeepers(...args);
    const overrides = { totalOrderPredicate, ...ruleSet.overrides };
    return { ...caseOf(family, bounds, { ...ruleSet, overrides }, calls), ruleSet };
  };
  return [caseOfSide(sides[0]), caseOfSide(sides[1])];
}

/** The product of two cases of one model at one bounds, and the claim that both elect alike. */
export function productOf(
  a: Case,
  b: Case,
  followed: string,
): { readonly model: Model<Both>; readonly expectations: Expectations<Reading<Both>> } {
  const shape = ({ model }: Case) =>
    model.actions.map(({ name, instances }) => `${name} ${instances}`).join();
  if (shape(a) !== shape(b)) throw new SpecError('the two rule sets make models with different actions');
  const actions = a.model.actions.map((left, k) => [left.name, bothOf(left, b.model.actions[k])]);
  const model = defineModel<Both>({
    name: a.model.name,
    schema: struct({ a: a.model.schema, b: b.model.schema }),
    initial: bothOf(a.model.initial, b.model.initial),
    actions: Object.fromEntries(actions),
    terminal: () => true,
  });
  return { model, expectations: { claims: [electAlike(followed)], witnesses: [elected(followed)] } };
}

const admits = (
  { when }: NamedAction<StructType>,
  s: Reading<StructType>,
  args: readonly number[],
): boolean => when === undefined || when(s, ...args);

/** A step of both. If one cannot take it, its state stays as it is. */
function bothOf(left: NamedAction<StructType>, right: NamedAction<StructType>): Action<Both> {
  return {
    over: left.over,
    when: (s, ...args) => admits(left, s.a, args) || admits(right, s.b, args),
    then: ({ a, b }, ...args) => {
      if (admits(left, a as Reading<StructType>, args)) left.then(a as View<StructType>, ...args);
      if (admits(right, b as Reading<StructType>, args)) right.then(b as View<StructType>, ...args);
    },
    excludedBecause: left.excludedBecause ?? right.excludedBecause ?? null,
  };
}

const serversOf = (state: unknown): readonly Server[] => (state as Ensemble).server;

const electAlike = (followed: string) =>
  always<Reading<Both>>({
    name: 'electAlike',
    says: 'After the same schedule every server leads or follows the same server under both rule sets.',
    source: 'fle-check diff',
    witness: 'elected',
    holds: ({ a, b }) => {
      const [left, right] = [serversOf(a), serversOf(b)];
      for (let i = 0; i < left.length; i++) {
        if (electedBy(left[i], i, followed) !== electedBy(right[i], i, followed)) return false;
      }
      return true;
    },
    explain: ({ a, b }) => {
      const elected = (state: unknown, i: number) => electedBy(serversOf(state)[i], i, followed);
      const i = serversOf(a).findIndex((_, k) => elected(a, k) !== elected(b, k));
      const words = (leader: number) => (leader < 0 ? 'nobody' : `s${leader + 1}`);
      const [one, other] = [words(elected(a, i)), words(elected(b, i))];
      return `s${i + 1} has elected ${one} under the first rule set and ${other} under the second.`;
    },
  });

const elected = (followed: string) =>
  sometimes<Reading<Both>>({
    name: 'elected',
    says: 'A server leads or follows.',
    source: 'fle-check diff',
    shows: ({ a }) => {
      const servers = serversOf(a);
      for (let i = 0; i < servers.length; i++) if (electedBy(servers[i], i, followed) >= 0) return true;
      return false;
    },
  });
