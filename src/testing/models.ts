/**
 * Random small models: guarded edits of a random schema, with claims and witnesses that some state may break.
 */
import fc from 'fast-check';
import {
  always,
  defineModel,
  everyStep,
  type Model,
  type Reading,
  type StructType,
  someStep,
  sometimes,
  upTo,
} from '../spec/index.js';
import {
  type AnyView,
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

export const randomModel: fc.Arbitrary<RandomModel> = fc.record({
  schema: schema('narrow'),
  initial: recipe,
  actions: fc.array(recipe, { minLength: 2, maxLength: 5 }),
  terminal: fc.option(condition),
  claim: condition,
  stepClaim: condition,
});

function holds({ atoms, channels }: Places, { place, value }: Condition, state: unknown): boolean {
  const root = state as AnyView;
  if (channels.length > 0 && place % 3 === 0)
    return channels[place % channels.length].at(root).length >= value;
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

const texts = { says: 'a random condition', source: 'none' };

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
