/** `fle-check models [model]`: what can be checked, and what each model is. */
import { Command } from 'commander';
import { type Bounds, PRESETS, type RuleSet, type Rung, ruleSets, rungs } from '../../../models/index.js';
import { type Case, caseOf } from '../../../properties/index.js';
import { boundsInOrder, chooseRuleSet, flagOf, rungCalled } from '../../cases/choices.js';
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
      const lines = name === undefined ? list() : describe(rungCalled(name), colors);
      process.stdout.write(`${lines.join('\n')}\n`);
    });

function list(): readonly string[] {
  const rows = rungs.map(({ name, summary }) => [name, summary]);
  return [
    ...layOutTable(rows, tableColumnsOf(process.stdout)),
    '',
    'fle-check models <model> describes one.',
  ];
}

function describe(rung: Rung, colors: Colors): readonly string[] {
  const subject = caseOf(rung, rung.presets.ci, chooseRuleSet('correct'));
  const sections: readonly (readonly [string, readonly (readonly string[])[]])[] = [
    ['Departures from Java', rung.departures.map(({ name, says }) => [name, says])],
    ['Bounds', boundsOf(rung)],
    ['Reductions, for --reduce', (rung.reductions ?? []).map(({ name, says }) => [name, says])],
    ['Actions, in the bounds of ci', actionsOf(subject)],
    ['Claims', subject.expectations.claims.map(({ name, says, source }) => [name, `${says} [${source}]`])],
    ['Witnesses, in the bounds of ci', witnessesOf(subject)],
    ['Rules, which a file of --rules may override', rulesOf(rung)],
    ['Rule sets', ruleSets.filter((ruleSet) => applies(ruleSet, rung)).map((one) => ruleSetOf(one, rung))],
  ];
  const columns = tableColumnsOf(process.stdout);
  const body = sections.flatMap(([title, rows]) =>
    rows.length === 0 ? [] : ['', colors.bold(title), ...layOutTable(rows, columns)],
  );
  const [first, ...rest] = paragraph(`${rung.name}: ${rung.summary}`, columns, '  ');
  return [colors.bold(rung.name) + first.slice(rung.name.length), ...rest, ...body];
}

/** In the order of models/rules.ts. */
const rulesOf = ({ uses }: Rung): readonly (readonly string[])[] =>
  RULES.flatMap((rule) => {
    const use = uses[rule];
    if (use === undefined) return [];
    return [[rule, use.election === undefined ? '' : `with --election ${use.election}`]];
  });

const boundsOf = (rung: Rung): readonly (readonly string[])[] => [
  ['option', 'limits', ...PRESETS],
  ...boundsInOrder(rung).map((name) => {
    const { min, max, election } = rung.takes[name] ?? {};
    const range = [
      ...(min === undefined ? [] : [`${min} to ${max}`]),
      ...(election === undefined ? [] : [`with --election ${election}`]),
    ].join(', ');
    return [flagOf(name), range, ...PRESETS.map((preset) => printBound(rung.presets[preset][name]))];
  }),
];

const printBound = (value: Bounds[keyof Bounds]): string => String(value);

const actionsOf = ({ model }: Case): readonly (readonly string[])[] =>
  model.actions.map(({ name, over, excludedBecause }) => [
    name,
    over.map((domain) => domain.name).join(', '),
    excludedBecause ? `excluded: ${excludedBecause}` : '',
  ]);

const witnessesOf = ({ expectations }: Case): readonly (readonly string[])[] =>
  expectations.witnesses.map(({ name, says, source, excludedBecause }) => [
    name,
    `${says} [${source}]${excludedBecause ? ` Excluded: ${excludedBecause}` : ''}`,
  ]);

/** The correct rules apply to every model, the others where some claim must fail. */
const applies = ({ name, breaks, survives }: RuleSet, rung: Rung): boolean =>
  name === 'correct' || breaks[rung.name] !== undefined || survives?.[rung.name] !== undefined;

function ruleSetOf({ name, says, source, breaks, survives }: RuleSet, rung: Rung): readonly string[] {
  const broken = breaks[rung.name];
  const survival = survives?.[rung.name];
  return [
    name,
    `${says} [${source}]${broken === undefined ? '' : ` Breaks ${broken.claim}.`}${survival === undefined ? '' : ` Survives: ${survival.because}.`}`,
  ];
}
