/**
 * The model that is also written for Spin, rumur and TLC: one small election, stated four times, so that
 * counts can be compared exactly. Semantics and names follow those files (LOOK, FOLL, LEAD, DOWN; rv, oe,
 * ch), not ZooKeeper's.
 */

import type { View } from '../../src/language/index.js';
import {
  defineModel,
  domain,
  type Model,
  oneOf,
  perOther,
  perServer,
  range,
  sid,
  struct,
} from '../../src/language/index.js';

const N = 3;
const QUORUM = 2;
const St = oneOf('LOOK', 'FOLL', 'LEAD', 'DOWN');
const { LOOK, FOLL, LEAD, DOWN } = St.values;
const Sid = domain('sid', sid(N));

/** Vote order by zxid then id; zxid is 1 for server 0 and 0 for the others: 0 > 2 > 1. */
const rank = (id: number): number => (id === 0 ? N : id);

const schemaOf = (maxRound: number, crashes: number) => {
  /** What a server says of itself: its round, its vote, its state. Round 0 is *no record*. */
  const Rec = struct({ clk: range(0, maxRound), vote: sid(N), st: St });
  const Server = struct({ self: Rec, rv: perOther(N, Rec), oe: perOther(N, Rec) });
  return struct({
    server: perServer(N, Server),
    ch: perServer(N, perOther(N, Rec)),
    crashes: range(0, crashes),
  });
};

export type PeerSchema = ReturnType<typeof schemaOf>;
type State = View<PeerSchema>;
type ServerView = State['server'][number];
type RecView = ServerView['self'];

function broadcast(s: State, i: number): void {
  const { self } = s.server[i];
  for (let j = 0; j < N; j++) if (j !== i) s.ch[i][j].copyFrom(self);
}

function clearRecords({ rv, oe }: ServerView, i: number): void {
  for (let j = 0; j < N; j++) {
    if (j === i) continue;
    rv[j].clear();
    oe[j].clear();
  }
}

function become(server: ServerView, i: number, leader: number): void {
  server.self.vote = leader;
  server.self.st = leader === i ? LEAD : FOLL;
  clearRecords(server, i);
}

function newRound(s: State, i: number): void {
  const { self } = s.server[i];
  self.st = LOOK;
  self.clk = self.clk + 1;
  self.vote = i;
  broadcast(s, i);
}

/** Records of other servers than `i` for the same leader and round as the message, which has one. */
function matches(records: ServerView['rv'], i: number, { vote, clk }: RecView): number {
  let count = 0;
  for (let k = 0; k < N; k++) if (k !== i && records[k].clk === clk && records[k].vote === vote) count++;
  return count;
}

const saysLead = (records: ServerView['rv'], leader: number): boolean =>
  records[leader].clk !== 0 && records[leader].st === LEAD;

function hearLooking(s: State, i: number, j: number, message: RecView): void {
  const { self, rv } = s.server[i];
  const { clk, vote } = message;
  if (clk < self.clk) return s.ch[i][j].copyFrom(self);
  let raised = false;
  if (clk > self.clk) {
    self.clk = clk;
    for (let k = 0; k < N; k++) if (k !== i) rv[k].clear();
    self.vote = rank(vote) > rank(i) ? vote : i;
    raised = true;
  } else if (rank(vote) > rank(self.vote)) {
    self.vote = vote;
    raised = true;
  }
  rv[j].copyFrom(message);
  if (raised) broadcast(s, i);
}

function hearDecided(s: State, i: number, j: number, message: RecView): void {
  const server = s.server[i];
  const { self, rv, oe } = server;
  const { clk, vote } = message;
  if (clk === self.clk) {
    rv[j].copyFrom(message);
    const count = matches(rv, i, message) + (self.vote === vote ? 1 : 0);
    if (count >= QUORUM && (vote === i || saysLead(rv, vote))) return become(server, i, vote);
  }
  oe[j].copyFrom(message);
  const led = vote === i ? self.clk === clk : saysLead(oe, vote);
  if (matches(oe, i, message) >= QUORUM && led) {
    self.clk = clk;
    become(server, i, vote);
  }
}

/** The peer model with rounds 1..maxRound and so many crashes. */
export function peerModel(maxRound: number, crashes: number): Model<PeerSchema> {
  return defineModel({
    name: 'peer',
    schema: schemaOf(maxRound, crashes),
    initial: {
      then: (s) => {
        for (let i = 0; i < N; i++) {
          s.server[i].self.vote = i;
          s.server[i].self.clk = 1;
        }
        for (let i = 0; i < N; i++) broadcast(s, i);
        s.crashes = crashes;
      },
    },
    actions: {
      Deliver: {
        over: [Sid, Sid],
        when: ({ server, ch }, i, j) => i !== j && ch[j][i].clk !== 0 && server[i].self.st !== DOWN,
        then: (s, i, j) => {
          const message = s.ch[j][i];
          if (s.server[i].self.st !== LOOK) {
            if (message.st === LOOK) s.ch[i][j].copyFrom(s.server[i].self);
          } else if (message.st === LOOK) hearLooking(s, i, j, message);
          else hearDecided(s, i, j, message);
          message.clear();
        },
      },
      Decide: {
        over: [Sid],
        when: ({ server }, i) => {
          const { self, rv } = server[i];
          if (self.st !== LOOK) return false;
          for (let k = 0; k < N; k++) if (k !== i && rv[k].clk !== 0 && rv[k].vote === self.vote) return true;
          return false;
        },
        then: ({ server }, i) => become(server[i], i, server[i].self.vote),
      },
      Resend: {
        over: [Sid],
        when: ({ server, ch }, i) => {
          if (server[i].self.st !== LOOK) return false;
          for (let k = 0; k < N; k++) if (k !== i && ch[k][i].clk !== 0) return false;
          return true;
        },
        then: (s, i) => broadcast(s, i),
      },
      Timeout: {
        over: [Sid],
        when: ({ server }, i) => {
          const { st, clk } = server[i].self;
          return (st === FOLL || st === LEAD) && clk < maxRound;
        },
        then: (s, i) => newRound(s, i),
        excludedBecause: maxRound === 1 ? 'a new election needs a second round' : null,
      },
      Restart: {
        over: [Sid],
        when: ({ server }, i) => server[i].self.st === DOWN && server[i].self.clk < maxRound,
        then: (s, i) => newRound(s, i),
        excludedBecause: maxRound === 1 || crashes === 0 ? 'it needs a crash and a second round' : null,
      },
      Crash: {
        over: [Sid],
        when: ({ server, crashes }, i) => server[i].self.st !== DOWN && crashes > 0,
        then: (s, i) => {
          s.crashes = s.crashes - 1;
          const server = s.server[i];
          server.self.st = DOWN;
          server.self.vote = i;
          clearRecords(server, i);
          for (let k = 0; k < N; k++) if (k !== i) s.ch[i][k].clear();
        },
        excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
      },
    },
    terminal: () => true,
  });
}
