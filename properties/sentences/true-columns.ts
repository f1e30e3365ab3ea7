/** The cells of a table and the labels of a page: read sign by sign and held to plain states, for tests. */
import type { Plain } from '../../src/language/index.js';
import { at, type Fields, serversOf, setOf } from './plain-states.js';
import { leaderOf } from './true-sentences.js';

type Check = (self: Fields, found: readonly string[], state: Plain) => boolean;

const SET = String.raw`(\{[^}]*\})`;
const VOTE = String.raw`c(-?\d) ?→ ?(s\d(?: e\d)?)`;

/** All votes that a server keeps, as `has` lists them. */
function recorded({ recvset, outofelection, logicalclock }: Fields): string {
  const list = (votes: Plain, mark: (one: Fields) => string) =>
    ((votes ?? []) as readonly (Fields | null)[]).flatMap((one, i) =>
      one === null || one.state === 'OFF' ? [] : [`s${i + 1}:${one.leader}${mark(one)}`],
    );
  const round = ({ electionEpoch }: Fields) => (electionEpoch === logicalclock ? '' : `/c${electionEpoch}`);
  return [...list(recvset, round), ...list(outofelection, () => '!')].join(' ');
}

const isVote = (self: Fields, clock: string, vote: string): boolean =>
  self.logicalclock === Number(clock) && leaderOf(self) === vote.split(' ')[0];

const hasEpochs = ({ acceptedEpoch, currentEpoch }: Fields, a: string, e: string): boolean =>
  acceptedEpoch === Number(a) && currentEpoch === Number(e);

/** `{t1}`; or the log, what is to be logged, and the memory, where they differ: `{t1}+{t2}~{t3}/{}`. */
const HISTORY = `${SET}(?:\\+${SET})?(?:~${SET})?(?:/${SET})?`;
const DATA = `e(\\d) ${HISTORY}`;
function hasHistory(self: Fields, [log, queue, orphans, other]: readonly string[]): boolean {
  const { disk, memory, pending, unlogged, orphaned } = self;
  const read = new Set([...setOf(pending), ...setOf(unlogged)]);
  const toLog = [...read].filter((t) => !setOf(disk).includes(t)).sort();
  const isSame = queue === undefined && orphans === undefined && memory === log;
  return (
    disk === log &&
    setOf(queue ?? '{}').join() === toLog.join() &&
    orphaned === (orphans ?? '{}') &&
    (isSame ? other === undefined : other === memory)
  );
}
const hasData = (self: Fields, [e, ...history]: readonly string[]): boolean =>
  self.currentEpoch === Number(e) && hasHistory(self, history);

const STAGES: { readonly [words: string]: string } = {
  joined: 'JOINED',
  'NEWLEADER 1/3': 'NEWLEADER_1',
  'NEWLEADER 2/3': 'NEWLEADER_2',
  synced: 'SYNCED',
  serves: 'SERVING',
};

function isStage({ stage, broken, syncMode }: Fields, words: string): boolean {
  if (words === 'broken' || broken === true) return words === 'broken' && broken === true;
  if (words.startsWith('read ')) return stage === 'SYNCING' && syncMode === words.slice(5);
  return STAGES[words] === stage;
}

const CREDENTIAL = String.raw`(?:, (?:e(\d+))? ?(?:zxid (\w+))?)?`;

/** Every form of a cell, each with what makes it true. */
const CELLS: readonly (readonly [pattern: string, check: Check])[] = [
  [
    `off${CREDENTIAL}`,
    (self, [e, zxid], state) =>
      self.state === 'OFF' &&
      isDiffering('currentEpoch', e, self, state) &&
      isDiffering('zxid', zxid, self, state),
  ],
  [
    String.raw`LEADING c(-?\d)`,
    (self, [clock]) => self.state === 'LEADING' && self.logicalclock === Number(clock),
  ],
  [
    `(LOOKING|FOLLOWING) ${VOTE}(?:, has ([^,]*))?(?:, queue (\\d))?(, waits)?(, unknown yet)?${CREDENTIAL}`,
    (self, [role, clock, vote, has, queue, waits, unknown]) => {
      const isLooking = self.state === 'LOOKING';
      const isWaiting = self.finalizing === true || self.place === 'FINALIZE_WAIT';
      const inQueue = ((self.recvqueue ?? []) as readonly Plain[]).length;
      return (
        self.state === role &&
        isVote(self, clock, vote) &&
        (!isLooking || recorded(self) === (has ?? '')) &&
        (!isLooking || inQueue === Number(queue ?? 0)) &&
        isWaiting === (waits !== undefined) &&
        (self.place === 'LEAVING') === (unknown !== undefined)
      );
    },
  ],
  [
    `LEADING ${VOTE}(, unknown yet)?`,
    (self, [clock, vote, unknown]) =>
      self.state === 'LEADING' &&
      isVote(self, clock, vote) &&
      (self.place === 'LEAVING') === (unknown !== undefined),
  ],
  [
    String.raw`(off|LOOKING), a(\d) e(\d)`,
    (self, [role, a, e]) => self.state === role.toUpperCase() && hasEpochs(self, a, e),
  ],
  [
    `LOOKING ${VOTE}( waits)?, a(\\d) e(\\d)`,
    (self, [clock, vote, waits, a, e]) =>
      self.state === 'LOOKING' &&
      isVote(self, clock, vote) &&
      self.proposal === vote &&
      self.finalizing === (waits !== undefined) &&
      hasEpochs(self, a, e),
  ],
  [
    `LEADING connected ${SET}, a(\\d) e(\\d)`,
    (self, [set, a, e]) =>
      self.state === 'LEADING' &&
      self.connectingFollowers === set &&
      self.electingFollowers === '{}' &&
      hasEpochs(self, a, e),
  ],
  [
    `LEADING epoch (\\d) counts ${SET}, a(\\d) e(\\d)`,
    (self, [epoch, set, a, e]) =>
      self.state === 'LEADING' &&
      self.epoch === Number(epoch) &&
      self.electingFollowers === set &&
      hasEpochs(self, a, e),
  ],
  [
    String.raw`(FOLLOWING|OBSERVING) (s\d)(?: (registering|acked|synced|broken))?, a(\d) e(\d)`,
    (self, [role, leader, connection, a, e]) =>
      self.state === role &&
      self.leader === leader &&
      self.connection === (connection ?? 'none').toUpperCase() &&
      hasEpochs(self, a, e),
  ],
  [`off, ${DATA}`, (self, data) => self.state === 'OFF' && hasData(self, data)],
  [`LOOKING, ${DATA}`, (self, data) => self.state === 'LOOKING' && hasData(self, data)],
  [
    `LEADING( serves)?, ${DATA}`,
    (self, [serves, ...data]) =>
      self.state === 'LEADING' && self.serves === (serves !== undefined) && hasData(self, data),
  ],
  [
    `(FOLLOWING|OBSERVING) (s\\d) (.*?), ${DATA}`,
    (self, [role, leader, stage, ...data]) =>
      self.state === role && self.leader === leader && isStage(self, stage) && hasData(self, data),
  ],
];

/** Said where servers differ in it, and only there. */
function isDiffering(field: string, printed: string | undefined, self: Fields, state: Plain): boolean {
  if (printed === undefined) return true;
  const differs = serversOf(state).some((other) => other[field] !== self[field]);
  return differs && Number(self[field]) === Number(printed);
}

/** What is wrong with the words of a cell; null if they are known and true. */
export function faultOfCell(me: string, words: string, state: Plain): string | null {
  for (const [pattern, check] of CELLS) {
    const found = new RegExp(`^${pattern}$`).exec(words);
    if (found !== null)
      return check(at(state, me), found.slice(1), state) ? null : `not true of ${me}: ${words}`;
  }
  return `of no known pattern: ${words}`;
}

/** Every form of a label on a page. */
const LABELS: readonly (readonly [pattern: string, check: Check])[] = [
  ['', () => true],
  [String.raw`c(-?\d)`, (self, [clock]) => self.logicalclock === Number(clock)],
  [VOTE, (self, [clock, vote]) => isVote(self, clock, vote)],
  [String.raw`a(\d) e(\d)`, (self, [a, e]) => hasEpochs(self, a, e)],
  [String.raw`→(s\d) a(\d) e(\d)`, (self, [leader, a, e]) => self.leader === leader && hasEpochs(self, a, e)],
  [
    String.raw`epoch (\d)`,
    (self, [epoch]) => self.epoch === Number(epoch) && setOf(self.electingFollowers).length > 0,
  ],
  ['connecting', (self) => self.state === 'LEADING' && self.electingFollowers === '{}'],
  [DATA, (self, data) => hasData(self, data)],
  [`serves ${DATA}`, (self, data) => self.serves === true && hasData(self, data)],
  [
    `→(s\\d) (.*?) ${HISTORY}`,
    (self, [leader, stage, ...history]) =>
      self.leader === leader && isStage(self, stage) && hasHistory(self, history),
  ],
];

/** What is wrong with the label of a server on a page; null if it is known and true. */
export function faultOfLabel(me: string, label: string, state: Plain): string | null {
  for (const [pattern, check] of LABELS) {
    const found = new RegExp(`^${pattern}$`).exec(label);
    if (found !== null)
      return check(at(state, me), found.slice(1), state) ? null : `not true of ${me}: ${label}`;
  }
  return `of no known pattern: ${label}`;
}
