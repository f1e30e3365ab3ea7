/** `fle-check models [model]`: lists the models, or describes one. */
import { Command } from 'commander';
import {
  type Bounds,
  families,
  type ModelFamily,
  PRESETS,
  type RuleSet,
  ruleSets,
} from '../../../models/index.js';
import { type Case, caseOf } from '../../../properties/index.js';
import { boundsInOrder, chooseRuleSet, familyCalled, flagOf } from '../../cases/choices.js';
import { paragraph, tableColumnsOf } from '../../report/paragraph.js';
import { type Colors, colorsFor } from '../../report/terminal.js';
import { RULES } from '../../rules-file/index.js';
import { layOutTable } from '../../trace/columns.js';

const EXAMPLES = `
Examples:
  fle-check models
  fle-check models fast-leader-election`;

export const modelsCommand = (): Command =>
  new Command('models')
    .summary('list the models, or describe one')
    .description('Lists the models, or describes one: its bounds, actions, claims, witnesses and rule sets.')
    .argument('[model]', 'the model to describe')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined) => {
      const colors = colorsFor(process.stdout, process.env);
      const lines = name === undefined ? list() : describe(familyCalled(name), colors);
      process.stdout.write(`${lines.join('\n')}\n`);
    });

function list(): readonly string[] {
  const rows = families.map(({ name, summary }) => [name, summary]);
  return [
    ...layOutTable(rows, tableColumnsOf(process.stdout)),
    '',
    'fle-check models <model> describes one.',
  ];
}

function describe(family: ModelFamily, colors: Colors): readonly string[] {
  const subject = caseOf(family, family.presets.ci, chooseRuleSet('correct'));
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    ['Departures from Java', family.departures.map(({ name, says }) => [name, says])],
    ['Bounds', boundsOf(family)],
    ['Reductions, for --reduce', (family.reductions ?? []).map(({ name, says }) => [name, says])],
    ['Actions, in the bounds of ci', actionsOf(subject)],
    ['Claims', subject.expectations.claims.map(({ name, says, source }) => [name, told(says, source)])],
    ['Witnesses, in the bounds of ci', witnessesOf(subject)],
    ['Rules, which a file of --rules may override', rulesOf(family)],
    [
      'Rule sets',
      ruleSets.filter((ruleSet) => applies(ruleSet, family)).map((one) => ruleSetOf(one, family)),
    ],
  ];
  const columns = tableColumnsOf(process.stdout);
  const body = sections.flatMap(([title, rows]) =>
    rows.length === 0 ? [] : ['', colors.bold(title), ...layOutTable(rows, columns)],
  );
  const [first, ...rest] = paragraph(`${family.name}: ${family.summary}`, columns, '  ');
  return [colors.bold(family.name) + first.slice(family.name.length), ...rest, ...body];
}

/** In the order of models/rules.ts. */
const rulesOf = ({ uses }: ModelFamily): readonly (readonly string[])[] =>
  RULES.flatMap((rule) => {
    const use = uses[rule];
    if (use === undefined) return [];
    return [[rule, use.election === undefined ? '' : `with --election ${use.election}`]];
  });

const boundsOf = (family: ModelFamily): readonly (readonly string[])[] => [
  ['option', 'limits', ...PRESETS],
  ...boundsInOrder(family).map((name) => {
    const { min, max, election } = family.takes[name] ?? {};
    const range = [
      ...(min === undefined ? [] : [`${min} to ${max}`]),
      ...(election === undefined ? [] : [`with --election ${election}`]),
    ].join(', ');
    return [flagOf(name), range, ...PRESETS.map((preset) => printBound(family.presets[preset][name]))];
  }),
];

const printBound = (value: Bounds[keyof Bounds]): string => String(value);

/** A sentence, and where it comes from if it says so. */
const told = (says: string, source = ''): string => (source === '' ? says : `${says} [${source}]`);

const actionsOf = ({ model }: Case): readonly (readonly string[])[] =>
  model.actions.map(({ name, over, excludedBecause }) => [
    name,
    over.map((domain) => domain.name).join(', '),
    excludedBecause ? `excluded: ${excludedBecause}` : '',
  ]);

const witnessesOf = ({ expectations }: Case): readonly (readonly string[])[] =>
  expectations.witnesses.map(({ name, says, source, excludedBecause }) => [
    name,
    `${told(says, source)}${excludedBecause ? ` Excluded: ${excludedBecause}` : ''}`,
  ]);

/** The correct rules apply to every model, another rule set to the models that it declares an outcome for. */
const applies = ({ name, breaks, survives }: RuleSet, family: ModelFamily): boolean =>
  name === 'correct' || breaks[family.name] !== undefined || survives?.[family.name] !== undefined;

function ruleSetOf(
  { name, says, source, breaks, survives }: RuleSet,
  family: ModelFamily,
): readonly string[] {
  const broken = breaks[family.name];
  const survival = survives?.[family.name];
  return [
    name,
    `${says} [${source}]${broken === undefined ? '' : ` Breaks ${broken.claim}.`}${survival === undefined ? '' : ` Survives: ${survival.because}.`}`,
  ];
}
