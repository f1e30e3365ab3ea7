/**
 * Random small models: guarded edits of a random schema, with claims and witnesses that some state may break.
 */
import fc from 'fast-check';
import type { BuiltModel } from '../engine/model-source.js';
import {
  always,
  defineModel,
  domain,
  everyStep,
  type Model,
  perServer,
  type Reading,
  range,
  type StructType,
  sid,
  sidOrNone,
  someStep,
  sometimes,
  struct,
  upTo,
} from '../language/index.js';
import {
  type AnyView,
  amountIn,
  applyEdit,
  codeOf,
  type Edit,
  edit,
  type Places,
  placesOf,
  schema,
} from './schemas.js';

/** `atom ≥ value`, both taken modulo what there is. */
interface Condition {
  readonly place: number;
  readonly value: number;
}
interface Recipe {
  readonly choices: number;
  readonly guard: Condition | null;
  readonly edits: readonly Edit[];
}
export interface RandomModel {
  readonly schema: StructType;
  readonly initial: Recipe;
  readonly actions: readonly Recipe[];
  readonly terminal: Condition | null;
  readonly claim: Condition;
  readonly stepClaim: Condition;
}

const condition: fc.Arbitrary<Condition> = fc.record({
  place: fc.nat(100),
  value: fc.integer({ min: 1, max: 3 }),
});

const recipe: fc.Arbitrary<Recipe> = fc.record({
  choices: fc.integer({ min: 1, max: 3 }),
  guard: fc.option(condition),
  edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
});

const modelOver = (type: fc.Arbitrary<StructType>): fc.Arbitrary<RandomModel> =>
  fc.record({
    schema: type,
    initial: recipe,
    actions: fc.array(recipe, { minLength: 2, maxLength: 5 }),
    terminal: fc.option(condition),
    claim: condition,
    stepClaim: condition,
  });

export const randomModel = modelOver(schema('narrow'));

/** A model of up to some ten thousand states, and the claims to check of it. */
export interface RandomCase {
  readonly description: RandomModel;
  readonly claims: readonly string[];
}

/** Two or three random models in one: more states, and most claims soon fail, so some are left out. */
export const largerCase: fc.Arbitrary<RandomCase> = fc
  .tuple(
    fc.array(modelOver(schema('few')), { minLength: 2, maxLength: 3 }),
    fc.subarray(['state', 'step', 'argument']),
  )
  .map(([models, claims]) => {
    const parts = models.map(({ schema: part }, i) => [`part${i}`, part] as const);
    const actions = models.flatMap((model) => model.actions);
    return { description: { ...models[0], schema: struct(Object.fromEntries(parts)), actions }, claims };
  });

function holds({ atoms, holders }: Places, { place, value }: Condition, state: unknown): boolean {
  const root = state as AnyView;
  if (holders.length > 0 && place % 3 === 0) {
    const { type, at } = holders[place % holders.length];
    return amountIn(type, at(root)) >= value;
  }
  if (atoms.length === 0) return false;
  const atom = atoms[place % atoms.length];
  return codeOf(atom.type, atom.read(root)) >= value;
}

/** The model that a description stands for. */
export function modelOf({ schema: type, initial, actions, terminal }: RandomModel): Model {
  const places = placesOf(type);
  const action = ({ choices, guard, edits }: Recipe) => ({
    over: [upTo('shift', choices)],
    when: (state: Reading<StructType>) => guard === null || !holds(places, guard, state),
    then: (state: unknown, shift: number) => {
      for (const each of edits) applyEdit(places, each, state as AnyView, shift);
    },
  });
  return defineModel({
    name: 'random',
    schema: type,
    initial: { ...action(initial), when: () => true },
    actions: Object.fromEntries(actions.map((each, k) => [`Action${k}`, action(each)])),
    terminal: (state) => terminal === null || holds(places, terminal, state),
  });
}

const texts = { says: 'a random condition', source: 'none', explain: () => 'The condition is met.' };

/** Claims that may fail and witnesses that may be missing, one of each kind. */
export function partsOf({ schema: type, claim, stepClaim }: RandomModel) {
  const places = placesOf(type);
  const grows = (pre: unknown, post: unknown): boolean =>
    !holds(places, stepClaim, pre) && holds(places, stepClaim, post);
  const on = ['Action0'];
  return {
    claims: [
      always({ ...texts, name: 'state', witness: '', holds: (state) => !holds(places, claim, state) }),
      everyStep({ ...texts, name: 'step', witness: '', holds: (pre, post) => !grows(pre, post) }),
      everyStep({
        ...texts,
        name: 'argument',
        witness: '',
        on,
        holds: (pre, post, shift) => shift === 0 || !grows(pre, post),
      }),
    ],
    witnesses: [
      sometimes({ ...texts, name: 'seen', shows: (state) => holds(places, claim, state) }),
      someStep({ ...texts, name: 'taken', on, shows: (pre, post) => grows(pre, post) }),
    ],
  };
}

/** The model of a description with its claims and witnesses, as a worker makes it of plain data. */
export function randomCase({ description, claims }: RandomCase): BuiltModel {
  const parts = partsOf(description);
  const checked = parts.claims.filter(({ name }) => claims.includes(name));
  return { model: modelOf(description), expectations: { ...parts, claims: checked } };
}

/** A function of a compiled module. */
export type Exported = readonly [module: string, name: string];

/** A model and its expectations by two functions that take the same arguments, as those of the peer model. */
export async function modelAndClaims(
  model: Exported,
  expectations: Exported,
  ...args: unknown[]
): Promise<BuiltModel> {
  const call = async ([module, name]: Exported) => (await import(module))[name](...args);
  return { model: await call(model), expectations: await call(expectations) };
}

/** The same, but it is claimed that one of the witnesses is never found, and nothing else. */
export async function witnessDenied(witness: string, ...made: Parameters<typeof modelAndClaims>) {
  const { model, expectations } = await modelAndClaims(...made);
  const denied = expectations.witnesses.find(({ name }) => name === witness);
  const { shows } = denied as { readonly shows: (...around: unknown[]) => boolean };
  const claim = { ...denied, witness: '', holds: (...around: unknown[]) => !shows(...around) };
  return { model, expectations: { claims: [claim], witnesses: [] } } as unknown as BuiltModel;
}

/** Servers that pass tokens, alike but for their names; it is claimed that no one is given all of them. */
export function tokens(servers: number): BuiltModel {
  const id = domain('sid', sid(servers));
  const type = struct({
    server: perServer(servers, struct({ held: range(0, servers), from: sidOrNone(servers) })),
  });
  const model = defineModel({
    name: 'tokens',
    schema: type,
    initial: {
      then: ({ server }) => {
        for (const each of server) each.held = 1;
        for (const each of server) each.from = -1;
      },
    },
    actions: {
      Pass: {
        over: [id, id],
        when: ({ server }, i, j) => i !== j && server[i].held > 0 && server[i].from !== j,
        then: ({ server }, i, j) => {
          server[i].held = server[i].held - 1;
          server[j].held = server[j].held + 1;
          server[j].from = i;
        },
      },
    },
    permutations: servers,
  });
  const claim = always<Reading<typeof type>>({
    ...texts,
    name: 'shared',
    witness: '',
    holds: ({ server }) => !server.some(({ held }) => held === servers),
  });
  return { model, expectations: { claims: [claim], witnesses: [] } } as unknown as BuiltModel;
}
