/** Models, bounds and rules as a user names them: each name is resolved, or refused in words. */
import {
  BOUND_NAMES,
  type BoundName,
  type Bounds,
  boundsTaken,
  families,
  findFamily,
  findRuleSet,
  issueNamed,
  type ModelFamily,
  type Preset,
  type RuleSet,
  ruleSets,
} from '../../models/index.js';
import { printZxid } from '../../models/votes/zxid.js';
import { isModelFile } from '../process/model-file.js';
import { BadUsage, UnknownWord } from '../process/usage.js';
import { isRulesFile } from '../rules-file/index.js';
import { loadRules } from '../rules-file/named.js';

/** The bounds that are given; those absent keep the values of the preset. */
export type GivenBounds = { readonly [K in BoundName]?: Bounds[K] };

/** A preset, and the bounds given in place of its own. */
export interface BoundOptions extends GivenBounds {
  /** The preset's name. */
  readonly bounds: Preset;
}
/** The model of this name, or all of them, the simplest first. Each bound given must apply to one of them. */
export function chooseFamilies(name: string | undefined, given: GivenBounds): readonly ModelFamily[] {
  const chosen = name === undefined ? families : [familyCalled(name)];
  for (const bound of givenNames(given)) {
    if (chosen.some((family) => takes(family, bound, electionOf(family, given)))) continue;
    if (chosen.length === 1) throw new OptionNotTaken(bound, chosen[0], given);
    throw new BadUsage(`no model takes ${flagOf(bound)}`);
  }
  return chosen;
}

/** The model of this name. Throws `UnknownWord` with the nearest. */
export function familyCalled(name: string): ModelFamily {
  const known = families.map((family) => family.name);
  const family = findFamily(name);
  if (family === undefined && isModelFile(name)) {
    throw new BadUsage(
      `${name} is a model in a file: check, replay and view take one, and explore() of the package runs it at random`,
    );
  }
  if (family === undefined) throw new UnknownWord('model', name, known, 'fle-check models lists all.');
  return family;
}

/** The rule set that `--rules` names: one that ships, or that of a file. */
export const ruleSetFor = async (name: string): Promise<RuleSet> =>
  isRulesFile(name) ? loadRules(name) : chooseRuleSet(name);

/** The rule set of this name. Throws `UnknownWord` with the nearest, and `NotModelled` for an issue. */
export function chooseRuleSet(name: string): RuleSet {
  const ruleSet = findRuleSet(name);
  if (ruleSet !== undefined) return ruleSet;
  const issue = issueNamed(name);
  if (issue !== null) throw new NotModelled(issue);
  const known = ruleSets.map((one) => one.name);
  throw new UnknownWord('rule set', name, known, 'fle-check models <model> lists those that apply to it');
}

/** An issue of ZooKeeper that no rule set represents. The nearest number would be another bug. */
class NotModelled extends BadUsage {
  constructor(issue: string) {
    super(`${issue} is not modelled; docs/history.md lists the issues that are`);
  }
}

/**
 * The preset of a model with the given bounds in place of its own. Bounds that the model does not take are
 * ignored. Throws `BadUsage` for a number outside the model's limits, and unless zxids are one for each
 * server.
 */
export function boundsFor(family: ModelFamily, preset: Preset, given: GivenBounds): Bounds {
  const bounds: { -readonly [K in BoundName]: Bounds[K] } = { ...family.presets[preset] };
  const taken = givenNames(given).filter((name) => takes(family, name, electionOf(family, given)));
  Object.assign(bounds, Object.fromEntries(taken.map((name) => [name, given[name]])));
  if (taken.includes('zxids') && Array.isArray(given.zxids) && !taken.includes('servers')) {
    bounds.servers = given.zxids.length;
  }
  for (const name of taken) checkLimits(family, name, bounds[name]);
  checkLimits(family, 'servers', bounds.servers);
  if (taken.includes('reduce')) bounds.reduce = reductionsOf(family, bounds);
  if (Array.isArray(bounds.zxids) && bounds.zxids.length !== bounds.servers) {
    const listed = bounds.zxids.map(printZxid).join(',');
    throw new BadUsage(
      `--zxids takes one zxid for each of ${bounds.servers} servers for ${family.name}, not ${listed}`,
    );
  }
  return bounds;
}

/** The names of reductions in their order, or `all`. Throws `UnknownWord`. */
function reductionsOf({ name: model, reductions = [] }: ModelFamily, { reduce }: Bounds): string {
  if (reduce === 'none' || reduce === 'all') return reduce;
  const known = reductions.map(({ name }) => name);
  const asked = reduce.split(',');
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UnknownWord('reduction', unknown, known, `fle-check models ${model} lists all.`);
  }
  return known.filter((name) => asked.includes(name)).join(',') || 'none';
}

/** The bounds among the options of a command. */
export const givenBounds = (options: GivenBounds): GivenBounds =>
  Object.fromEntries(givenNames(options).map((name) => [name, options[name]]));

/** The option of a bound: `--data-versions`. */
export const flagOf = (bound: BoundName): string =>
  `--${bound.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The bounds a model takes, in the order of --help; of some options: those that go with their election. */
export const boundsInOrder = (family: ModelFamily, given?: GivenBounds): readonly BoundName[] =>
  BOUND_NAMES.filter((name) =>
    given === undefined ? family.takes[name] !== undefined : takes(family, name, electionOf(family, given)),
  );

/** A model is asked for bounds it does not have. */
class OptionNotTaken extends BadUsage {
  constructor(bound: BoundName, family: ModelFamily, given: GivenBounds) {
    const election = family.takes[bound]?.election;
    if (election !== undefined) {
      super(`${family.name} takes ${flagOf(bound)} only with --election ${election}`);
      return;
    }
    const flags = boundsInOrder(family, given).map(flagOf).join(', ');
    super(`${family.name} does not take ${flagOf(bound)}; it takes ${flags || 'no bounds'}`);
  }
}

const givenNames = (given: GivenBounds): BoundName[] =>
  BOUND_NAMES.filter((name) => given[name] !== undefined);

/** All presets of a model have one election. */
const electionOf = (family: ModelFamily, { election }: GivenBounds): Bounds['election'] =>
  (family.takes.election === undefined ? undefined : election) ?? family.presets.ci.election;

const takes = (family: ModelFamily, bound: BoundName, election: Bounds['election']): boolean =>
  boundsTaken(family, election).includes(bound);

function checkLimits(family: ModelFamily, bound: BoundName, value: Bounds[BoundName]): void {
  const { min, max, values: choices } = family.takes[bound] ?? {};
  if (choices !== undefined && !choices.includes(String(value)))
    throw new BadUsage(`${flagOf(bound)} takes ${choices.join(' or ')} for ${family.name}, not ${value}`);
  if (min === undefined || max === undefined) return;
  const values = Array.isArray(value) ? value : typeof value === 'number' ? [value] : [];
  const outside = values.find((one) => one < min || one > max);
  if (outside === undefined) return;
  throw new BadUsage(`${flagOf(bound)} takes ${min} to ${max} for ${family.name}, not ${outside}`);
}
