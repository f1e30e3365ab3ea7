/** The bounds that `explore` draws for a model, from which values, and the model at the bounds drawn. */
import {
  BOUND_NAMES,
  BOUNDS,
  type BoundName,
  type Bounds,
  type CallLog,
  type ModelFamily,
  type Preset,
  type RuleSet,
} from '../../models/index.js';
import { type Case, callLogFor, caseOf } from '../../properties/index.js';
import { caseAsked } from '../claims-file/opened.js';
import type { Draw, DrawnBounds, Space, Subject } from '../random/index.js';
import { boundsFor, boundsInOrder, flagOf, type GivenBounds } from './choices.js';
import { withClaims } from './claims.js';

/** The bounds that are drawn if the model takes them and no value is given. */
const DRAWN: { readonly [K in BoundName]?: Draw } = Object.fromEntries(
  BOUND_NAMES.flatMap((name) => {
    const bound: (typeof BOUNDS)[BoundName] = BOUNDS[name];
    if (!('drawn' in bound) || bound.drawn === undefined) return [];
    const least = bound.kind === 'count' ? { least: bound.drawnLeast ?? bound.least } : {};
    return [[name, { values: bound.drawn, ...least }]];
  }),
);

/** `--servers 3, 4, 5, 6, 7`: a line for each bound that is drawn, with its values. */
export const drawnInWords: readonly string[] = Object.entries(DRAWN).map(
  ([name, { values }]) => `${flagOf(name as BoundName).padEnd('--disconnects'.length)}  ${values.join(', ')}`,
);

export interface RandomSubject extends Subject {
  /** The same as `build`, with the whole case of the model at these bounds. */
  readonly caseAt: (bounds: DrawnBounds) => Case;
  /** The log of calls of overridden rules, for all settings; null if no rule is overridden. */
  readonly calls: CallLog | null;
}

/** A model under a rule set, with its claims, for random exploration; bounds that are given are not drawn. */
export function subjectOf(
  family: ModelFamily,
  ruleSet: RuleSet,
  given: GivenBounds = {},
  claims?: readonly string[],
  preset: Preset = 'ci',
): RandomSubject {
  const base = boundsFor(family, preset, given);
  const calls = callLogFor(ruleSet);
  const caseAt = (bounds: DrawnBounds): Case => {
    const whole = caseAsked(family, { ...base, ...(bounds as Partial<Bounds>) }, ruleSet, calls);
    return claims === undefined ? whole : withClaims(whole, claims);
  };
  return { space: spaceOf(family, given), caseAt, build: caseAt, calls };
}

/** A model without steps has nothing to run at random. */
export const hasSteps = (family: ModelFamily, ruleSet: RuleSet): boolean =>
  caseOf(family, family.presets.tiny, ruleSet).model.actions.length > 0;

function spaceOf(family: ModelFamily, given: GivenBounds): Space {
  const isDrawn = (name: BoundName) =>
    given[name] === undefined &&
    // Zxids for each server fix how many there are.
    !(name === 'servers' && Array.isArray(given.zxids));
  return Object.fromEntries(
    boundsInOrder(family, given)
      .filter(isDrawn)
      .flatMap((name) => {
        const draw = DRAWN[name];
        return draw === undefined ? [] : [[name, within(draw, family.takes[name])] as const];
      }),
  );
}

/** The values that the model takes. */
function within(draw: Draw, limits: ModelFamily['takes'][BoundName]): Draw {
  const { min, max } = limits ?? {};
  if (min === undefined || max === undefined) return draw;
  const fits = (value: number | string) => typeof value !== 'number' || (value >= min && value <= max);
  return { ...draw, values: draw.values.filter(fits) };
}
