/**
 * Two-phase commit: resource managers prepare, a transaction manager decides, all follow. The same model as
 * `examples/2pc.rs` of Stateright and `TwoPhase.tla` of Lamport, and the same counts: 288 states with three
 * managers.
 */
import {
  always,
  defineModel,
  domain,
  type Expectations,
  flag,
  type Model,
  oneOf,
  perServer,
  type Reading,
  range,
  sometimes,
  struct,
} from 'fle-check';

const RmState = oneOf('WORKING', 'PREPARED', 'COMMITTED', 'ABORTED');
const TmState = oneOf('INIT', 'COMMITTED', 'ABORTED');
const { WORKING, PREPARED, COMMITTED, ABORTED } = RmState.values;
const Tm = TmState.values;

const schema = (rms: number) =>
  struct({
    rm: perServer(rms, struct({ state: RmState, sentPrepared: flag })),
    tm: struct({ state: TmState, prepared: perServer(rms, flag) }),
    /** Messages are never lost and never taken away, so one flag stands for each. */
    sentCommit: flag,
    sentAbort: flag,
  });

export type TwoPhaseSchema = ReturnType<typeof schema>;
type State = Reading<TwoPhaseSchema>;

/** When the transaction manager may commit: the rule that the protocol stands on. */
export type MayCommit = (tm: State['tm']) => boolean;

export const allPrepared: MayCommit = ({ prepared }) => {
  for (let i = 0; i < prepared.length; i++) if (!prepared.at(i)) return false;
  return true;
};

/** With `permutations`, states that differ only in which manager is which count as one. */
export function twoPhaseCommit(
  rms: number,
  mayCommit: MayCommit = allPrepared,
  { permutations = false } = {},
): Model<TwoPhaseSchema> {
  const Rm = domain('resource manager', range(0, rms - 1));
  return defineModel({
    name: 'two-phase-commit',
    schema: schema(rms),
    permutations: permutations ? rms : null,
    initial: { then: () => {} },
    actions: {
      /** A resource manager promises to commit if told so. */
      PrepareRm: {
        over: [Rm],
        when: ({ rm }, i) => rm.at(i).state === WORKING,
        then: ({ rm }, i) => {
          rm.at(i).state = PREPARED;
          rm.at(i).sentPrepared = true;
        },
      },
      /** A resource manager that has promised nothing yet may abort on its own. */
      ChooseAbort: {
        over: [Rm],
        when: ({ rm }, i) => rm.at(i).state === WORKING,
        then: ({ rm }, i) => {
          rm.at(i).state = ABORTED;
        },
      },
      ReceiveCommit: {
        over: [Rm],
        when: ({ sentCommit }) => sentCommit,
        then: ({ rm }, i) => {
          rm.at(i).state = COMMITTED;
        },
      },
      ReceiveAbort: {
        over: [Rm],
        when: ({ sentAbort }) => sentAbort,
        then: ({ rm }, i) => {
          rm.at(i).state = ABORTED;
        },
      },
      ReceivePrepared: {
        over: [Rm],
        when: ({ tm, rm }, i) => tm.state === Tm.INIT && rm.at(i).sentPrepared,
        then: ({ tm }, i) => tm.prepared.set(i, true),
      },
      DecideCommit: {
        when: ({ tm }) => tm.state === Tm.INIT && mayCommit(tm),
        then: (s) => {
          s.tm.state = Tm.COMMITTED;
          s.sentCommit = true;
        },
      },
      DecideAbort: {
        when: ({ tm }) => tm.state === Tm.INIT,
        then: (s) => {
          s.tm.state = Tm.ABORTED;
          s.sentAbort = true;
        },
      },
    },
    // Every state has a step, since the last message can always be received again: no terminal states to
    // declare.
  });
}

const count = ({ rm }: State, state: number): number => {
  let managers = 0;
  for (let i = 0; i < rm.length; i++) if (rm.at(i).state === state) managers++;
  return managers;
};

/** `resource manager 1 has`, `resource managers 1 and 3 have`. */
function managers({ rm }: State, state: number): string {
  const ids = rm.flatMap((each, i) => (each.state === state ? [i + 1] : []));
  return ids.length === 1 ? `resource manager ${ids[0]} has` : `resource managers ${ids.join(' and ')} have`;
}

export const expectations: Expectations<State> = {
  claims: [
    always({
      name: 'consistent',
      says: 'no resource manager has committed while another has aborted',
      source: 'TCConsistent of TwoPhase.tla',
      witness: 'allCommit',
      holds: (s) => count(s, COMMITTED) === 0 || count(s, ABORTED) === 0,
      explain: (s) => `${managers(s, COMMITTED)} committed, and ${managers(s, ABORTED)} aborted.`,
    }),
  ],
  witnesses: [
    sometimes({
      name: 'allCommit',
      says: 'all resource managers have committed',
      source: '"commit agreement" of 2pc.rs',
      shows: (s) => count(s, COMMITTED) === s.rm.length,
    }),
    sometimes({
      name: 'allAbort',
      says: 'all resource managers have aborted',
      source: '"abort agreement" of 2pc.rs',
      shows: (s) => count(s, ABORTED) === s.rm.length,
    }),
  ],
};

/** For the command: `fle-check check ./two-phase-commit.ts#make --args 3`. */
export const make = (rms: number) => ({ model: twoPhaseCommit(rms), expectations });
