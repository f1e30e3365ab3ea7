/**
 * Each model against the one below. On all reachable states of small bounds, every step above is a step or a
 * stutter below, or a departure that is named here with its reason.
 */
import { describe, expect, test } from 'vitest';
import { type Bounds, findFamily, findRuleSet } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import type { Model, StructType, View } from '../../src/language/index.js';
import { isNightly } from '../../src/testing/nightly.js';
import { caseOf } from '../index.js';
import {
  climb,
  contracted,
  discovery,
  epochsAndRoles,
  observe,
  type Projection,
  pathLength,
  roles,
  rolesTaken,
  type Shadow,
  settled,
  votes,
} from './projections.js';

function modelOf(name: string, bounds: Partial<Bounds>): Model {
  const family = findFamily(name)!;
  const { model } = caseOf(family, { ...family.presets.tiny, ...bounds }, findRuleSet('correct')!);
  return { ...model, permutations: null };
}

function shadowOf(model: Model, project: Projection): Shadow {
  const { shadow, expectations } = observe(model, project);
  const { reason } = check({ ...model, terminal: () => true }, expectations);
  expect(reason).toBeNull();
  return shadow;
}

/** What a break does to the servers after a step. */
type Corrupt = (server: { [field: string]: number }[], me: number) => void;

/** The model with an action that does something more. */
function broken(model: Model, action: string, corrupt: Corrupt): Model {
  const actions = model.actions.map((each) => {
    const then = (state: View<StructType>, ...args: number[]) => {
      each.then(state, ...args);
      corrupt((state as unknown as { server: { [field: string]: number }[] }).server, args[0]);
    };
    return each.name === action ? { ...each, then } : each;
  });
  return { ...model, actions };
}

describe('zab-synchronization, as zab-discovery sees it (servers=3, epochs=2, txns=1, crashes=1)', () => {
  const bounds = { servers: 3, epochs: 2, txns: 1, crashes: 1, abandons: 0 };
  const upper = modelOf('zab-synchronization', bounds);
  const lower = shadowOf(modelOf('zab-discovery', bounds), epochsAndRoles);
  const MOST = 8;

  // Departure: election-is-one-step. Electing a leader is up to seven steps below: each member of the quorum
  // follows and accepts the epoch, the leader leads and writes both. Joining one is two: follow, and accept.
  test('every step is a step or a stutter; an election and joining a leader are several steps', () => {
    expect(climb(shadowOf(upper, epochsAndRoles), lower, MOST)).toEqual({
      ElectLeader: 7,
      JoinLeader: 2,
      ReceiveSync: 0,
      WriteNewLeader: 1,
      StartServing: 0,
      HandleUpToDate: 0,
      ProposeTxn: 0,
      ReadProposal: 0,
      LogTxn: 0,
      ReceiveAck: 0,
      ApplyTxn: 0,
      ReadCommit: 0,
      LogOrphan: 0,
      EscapeLeader: 1,
      AbandonLeader: 0,
      CrashServer: 1,
      StartServer: 1,
    });
  });

  test('a server that skips an epoch is found', () => {
    const seeded = broken(upper, 'StartServer', (server, me) => {
      server[me].acceptedEpoch = 2;
    });
    expect(climb(shadowOf(seeded, epochsAndRoles), lower, MOST).StartServer).toBeNull();
  });
});

describe('zab-discovery elected by votes, as zab-discovery with any election sees it', () => {
  const two = { servers: 2, epochs: 2, crashes: 1, abandons: 1, start: 'together' } as const;
  const three = { servers: 3, epochs: 1, crashes: 0, start: 'together' } as const;
  const electedBy = (bounds: Partial<Bounds>, rounds: number) =>
    modelOf('zab-discovery', { ...bounds, rounds, election: 'fle' });
  const anyElection = (bounds: Partial<Bounds>) => shadowOf(modelOf('zab-discovery', bounds), discovery);

  // No departure: what votes decide an adversary may decide, and of the rest each step is one below.
  const steps = {
    StartServer: 1,
    HandleNotification: 1,
    EndFinalizeWait: 1,
    ResendNotifications: 0,
    ConnectToLeader: 1,
    HandleFollowerInfo: 1,
    HandleLeaderInfo: 1,
    HandleAckEpoch: 1,
    PersistCurrentEpoch: 1,
    HandleNewLeader: 1,
    EscapeLeader: 1,
    AbandonLeader: 1,
    CrashServer: 1,
    StartServing: 0,
    HandleUpToDate: 0,
  };

  test('every step is a step or a stutter (servers=2, rounds=2, epochs=2, crashes=1, abandons=1)', () => {
    expect(climb(shadowOf(electedBy(two, 2), discovery), anyElection(two), 1)).toEqual(steps);
  });

  const nightly = isNightly ? 1 : 0;
  test(`every step is a step or a stutter (servers=3, rounds=1, epochs=1, crashes=${nightly})`, () => {
    const bounds = { ...three, crashes: nightly };
    expect(climb(shadowOf(electedBy(bounds, 1), discovery), anyElection(bounds), 1)).toEqual({
      ...steps,
      StartServer: nightly,
      CrashServer: nightly,
      EscapeLeader: 0,
      AbandonLeader: 0,
    });
  });

  test('a decision that writes an epoch is found', () => {
    const seeded = broken(electedBy(two, 2), 'EndFinalizeWait', (server, me) => {
      server[me].currentEpoch = 1;
    });
    expect(climb(shadowOf(seeded, discovery), anyElection(two), 1).EndFinalizeWait).toBeNull();
  });
});

describe('zab-discovery, as fast-leader-election sees it (servers=3)', () => {
  const upper = modelOf('zab-discovery', { servers: 3, epochs: 1, crashes: 1, abandons: 1 });
  const below = new Set(
    [{ rounds: 2, abandons: 1 }, { crashes: 1 }].flatMap((bounds) => [
      ...rolesTaken(shadowOf(modelOf('fast-leader-election', { servers: 3, ...bounds }), roles('proposal'))),
    ]),
  );

  // Departure: anyone-may-win. Below, a server decides when its votes tell it to; above, whenever it likes.
  test('each step changes the role of no server, or of one, as that server may below', () => {
    expect([...rolesTaken(shadowOf(upper, roles('leader')))].sort()).toEqual([...below].sort());
  });

  test('a leader that follows without an election is found', () => {
    const seeded = broken(upper, 'PersistCurrentEpoch', (server, me) => {
      server[me].state = server[(me + 1) % 3].state;
    });
    const strange = [...rolesTaken(shadowOf(seeded, roles('leader')))].filter((step) => !below.has(step));
    expect(strange).toContain('LEADING → FOLLOWING');
  });
});

describe('fast-leader-election, as tutorial sees it (servers=3)', () => {
  const textbook = modelOf('tutorial', { servers: 3, rounds: 3, crashes: 1, zxids: [0, 0, 0] });
  const lower = contracted(textbook, settled('vote'));
  const MOST = 3;

  const electionOf = (bounds: Partial<Bounds>) =>
    contracted(modelOf('fast-leader-election', { servers: 3, ...bounds }), settled('proposal'));
  const withCrash = electionOf({ crashes: 1 });

  /**
   * The most steps below that a step above is, from the end of one election to the end of the next; null if
   * it is none.
   */
  function longest({ steps }: typeof withCrash): number | null {
    let sofar = 0;
    for (const [from, all] of steps) {
      for (const to of all) {
        const length = pathLength(lower, from, to, MOST);
        if (length === null) return null;
        sofar = Math.max(sofar, length);
      }
    }
    return sofar;
  }

  const TWO_ROUNDS = ['rounds=2, abandons=1', () => electionOf({ rounds: 2, abandons: 1 }), 2] as const;

  // Departure: votes-settle-at-once. What lies between two settled states has no place below, and several
  // servers may start, or one crash and another start, before the votes of the first have settled.
  test.each([
    ['rounds=1', () => electionOf({}), 2],
    ['rounds=1, crashes=1', () => withCrash, 3],
    ...(isNightly ? [TWO_ROUNDS] : []),
  ] as const)(
    'every step from one settled election to the next is a few of the textbook (%s)',
    (_bounds, upper, most) => {
      expect(longest(upper())).toBe(most);
    },
  );

  test('every settled election of the textbook is reached (crashes=1)', () => {
    expect([...withCrash.states].sort()).toEqual([...lower.states].sort());
  });

  test('a leader that the textbook does not have is found', () => {
    const seeded = broken(modelOf('fast-leader-election', { servers: 3 }), 'EndFinalizeWait', (server) => {
      for (let i = 0; i < 3; i++) {
        server[i].state = i === 0 ? 3 : 2;
        server[i].proposal = 0;
      }
    });
    const upper = contracted(seeded, settled('proposal'));
    const strange = [...upper.states];
    expect(strange.filter((state) => !lower.states.has(state))).toEqual(['up s1 s2 s3, s1 leads']);
    expect(longest(upper)).toBeNull();
  });
});

describe('fle-faithful, as fast-leader-election sees it', () => {
  // A link and a recvqueue hold what two slots do.
  const below = (bounds: Partial<Bounds>) =>
    shadowOf(modelOf('fast-leader-election', { ...bounds, slots: 2 }), votes);
  const above = (bounds: Partial<Bounds>) => shadowOf(modelOf('fle-faithful', bounds), votes);

  /** States that only the model above has, and steps that only it takes between states of both. */
  function departures(upper: Shadow, lower: Shadow) {
    const steps = [...upper.byAction].flatMap(([action, all]) =>
      [...all].flatMap((step) => {
        const [from, to] = step.split(' → ');
        const both = lower.states.has(from) && lower.states.has(to);
        return both && pathLength(lower, from, to, 3) === null ? [`${action}: ${step}`] : [];
      }),
    );
    return { states: [...upper.states].filter((state) => !lower.states.has(state)), steps };
  }

  // Departure: own-vote-counts-at-once. Above, s1 has heard s2 and not yet itself when it hears of the next
  // round, which it enters; below it has a quorum by then, waits, and drops what is no better.
  test('each state and step is one below, but for what a late own vote brings about (servers=2)', () => {
    const faults = { servers: 2, rounds: 2, abandons: 1, crashes: 1 };
    expect(departures(above({ ...faults, resends: 1 }), below(faults))).toEqual({
      states: ['LOOKING c2 s2, LEADING c1 s2', 'FOLLOWING c2 s2, LEADING c1 s2'],
      steps: [],
    });
    const breaks = { servers: 2, rounds: 2, abandons: 1, disconnects: 1 };
    expect(departures(above({ ...breaks, resends: 1 }), below(breaks))).toEqual({
      states: [],
      steps: ['HandleNotification: LOOKING c1 s2, LOOKING c2 s2 → LOOKING c2 s2, LOOKING c2 s2'],
    });
  });

  // Departure: own-vote-counts-at-once, where a server decides with the vote that it had before its last one.
  // Departure: leave-is-one-step, where a clock is -1: the round of the vote before, told with the new state.
  test.runIf(isNightly)('and at three servers, for what the window does', () => {
    const bounds = { servers: 3, start: 'together' } as const;
    const upper = above({ ...bounds, queue: 1, resends: 0 });
    expect(departures(upper, below(bounds))).toEqual({
      states: [
        'FOLLOWING c1 s2, LEADING c1 s2, FOLLOWING c-1 s2',
        'FOLLOWING c1 s3, FOLLOWING c-1 s3, LEADING c1 s3',
        'FOLLOWING c-1 s3, FOLLOWING c1 s3, LEADING c1 s3',
        'FOLLOWING c1 s2, LEADING c1 s2, LEADING c1 s3',
        'FOLLOWING c-1 s2, LEADING c1 s2, FOLLOWING c1 s2',
      ],
      steps: [
        'HandleNotification: FOLLOWING c1 s2, LOOKING c1 s3, LOOKING c1 s3 → FOLLOWING c1 s2, LEADING c1 s2, LOOKING c1 s3',
        'HandleNotification: LOOKING c1 s3, LEADING c1 s2, LOOKING c1 s3 → FOLLOWING c1 s2, LEADING c1 s2, LOOKING c1 s3',
        'HandleNotification: LOOKING c1 s3, LEADING c1 s2, FOLLOWING c1 s2 → FOLLOWING c1 s2, LEADING c1 s2, FOLLOWING c1 s2',
      ],
    });
  });

  test('every state of the family below is reached (servers=2)', () => {
    const faults = { servers: 2, rounds: 2, abandons: 1, crashes: 1 };
    const upper = above({ ...faults, resends: 1 });
    expect([...below(faults).states].filter((state) => !upper.states.has(state))).toEqual([]);
  });

  test('a decision for another server is found', () => {
    const bounds = { servers: 2, rounds: 2, abandons: 1 };
    const model = modelOf('fle-faithful', bounds);
    const seeded = broken(model, 'EndFinalizeWait', (server, me) => {
      (server[me].endVote as unknown as { leader: number }).leader = 0;
    });
    expect(departures(shadowOf(seeded, votes), below(bounds)).states).toContain(
      'FOLLOWING c1 s1, LOOKING c1 s2',
    );
  });
});
