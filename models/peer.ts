/**
 * The model that is also written for Spin, rumur and TLC: one small election, stated four times, so that
 * counts can be compared exactly. Semantics and names follow those files (LOOK, FOLL, LEAD, DOWN; rv, oe,
 * ch), not ZooKeeper's.
 */

import type { View } from '../src/spec/index.js';
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
} from '../src/spec/index.js';

const N = 3;
const QUORUM = 2;
const St = oneOf('LOOK', 'FOLL', 'LEAD', 'DOWN');
const { LOOK, FOLL, LEAD, DOWN } = St.values;
const Sid = domain('sid', sid(N));

/** Vote order by zxid then id; zxid is 1 for server 0 and 0 for the others: 0 > 2 > 1. */
const rank = (id: number): number => (id === 0 ? N : id);

const schemaOf = (maxRound: number, crashes: number) => {
  /** Round 0 is *no record*. */
  const Rec = struct({ clk: range(0, maxRound), vote: sid(N), st: oneOf('LOOK', 'FOLL', 'LEAD') });
  const Server = struct({
    st: St,
    vote: sid(N),
    clk: range(0, maxRound),
    rv: perOther(N, Rec),
    oe: perOther(N, Rec),
  });
  return struct({
    server: perServer(N, Server),
    ch: perServer(N, perOther(N, Rec)),
    crashes: range(0, crashes),
  });
};

export type PeerSchema = ReturnType<typeof schemaOf>;
type State = View<PeerSchema>;
type ServerView = State['server'][number];
type RecView = ServerView['rv'][number];

function tell(s: State, i: number, j: number): void {
  const record = s.ch[i][j];
  const server = s.server[i];
  record.clk = server.clk;
  record.vote = server.vote;
  record.st = server.st as RecView['st'];
}

function broadcast(s: State, i: number): void {
  for (let j = 0; j < N; j++) if (j !== i) tell(s, i, j);
}

function clearRecords(server: ServerView, i: number): void {
  for (let j = 0; j < N; j++) {
    if (j === i) continue;
    server.rv[j].clear();
    server.oe[j].clear();
  }
}

function become(server: ServerView, i: number, leader: number): void {
  server.vote = leader;
  server.st = leader === i ? LEAD : FOLL;
  clearRecords(server, i);
}

function newRound(s: State, i: number): void {
  const server = s.server[i];
  server.st = LOOK;
  server.clk = server.clk + 1;
  server.vote = i;
  broadcast(s, i);
}

/** Records of other servers than `i` for the same leader and round. */
function matches(records: ServerView['rv'], i: number, vote: number, clk: number): number {
  let count = 0;
  for (let k = 0; k < N; k++) {
    if (k !== i && records[k].clk === clk && clk !== 0 && records[k].vote === vote) count++;
  }
  return count;
}

const saysLead = (records: ServerView['rv'], leader: number): boolean =>
  records[leader].clk !== 0 && records[leader].st === LEAD;

function hearLooking(s: State, i: number, j: number, clk: number, vote: number): void {
  const self = s.server[i];
  if (clk < self.clk) return tell(s, i, j);
  let raised = false;
  if (clk > self.clk) {
    self.clk = clk;
    for (let k = 0; k < N; k++) if (k !== i) self.rv[k].clear();
    self.vote = rank(vote) > rank(i) ? vote : i;
    raised = true;
  } else if (rank(vote) > rank(self.vote)) {
    self.vote = vote;
    raised = true;
  }
  self.rv[j].clk = clk;
  self.rv[j].vote = vote;
  self.rv[j].st = LOOK;
  if (raised) broadcast(s, i);
}

function hearDecided(s: State, i: number, j: number, clk: number, vote: number, st: RecView['st']): void {
  const self = s.server[i];
  if (clk === self.clk) {
    const record = self.rv[j];
    record.clk = clk;
    record.vote = vote;
    record.st = st;
    const count = matches(self.rv, i, vote, clk) + (self.vote === vote ? 1 : 0);
    if (count >= QUORUM && (vote === i || saysLead(self.rv, vote))) return become(self, i, vote);
  }
  const record = self.oe[j];
  record.clk = clk;
  record.vote = vote;
  record.st = st;
  const led = vote === i ? self.clk === clk : saysLead(self.oe, vote);
  if (matches(self.oe, i, vote, clk) >= QUORUM && led) {
    self.clk = clk;
    become(self, i, vote);
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
          s.server[i].vote = i;
          s.server[i].clk = 1;
        }
        for (let i = 0; i < N; i++) broadcast(s, i);
        s.crashes = crashes;
      },
    },
    actions: {
      Deliver: {
        over: [Sid, Sid],
        when: ({ server, ch }, i, j) => i !== j && ch[j][i].clk !== 0 && server[i].st !== DOWN,
        then: (s, i, j) => {
          const message = s.ch[j][i];
          const { clk, vote, st } = message;
          message.clear();
          if (s.server[i].st !== LOOK) {
            if (st === LOOK) tell(s, i, j);
          } else if (st === LOOK) hearLooking(s, i, j, clk, vote);
          else hearDecided(s, i, j, clk, vote, st);
        },
      },
      Decide: {
        over: [Sid],
        when: ({ server }, i) => {
          const self = server[i];
          if (self.st !== LOOK) return false;
          for (let k = 0; k < N; k++) {
            if (k !== i && self.rv[k].clk !== 0 && self.rv[k].vote === self.vote) return true;
          }
          return false;
        },
        then: ({ server }, i) => become(server[i], i, server[i].vote),
      },
      Resend: {
        over: [Sid],
        when: ({ server, ch }, i) => {
          if (server[i].st !== LOOK) return false;
          for (let k = 0; k < N; k++) if (k !== i && ch[k][i].clk !== 0) return false;
          return true;
        },
        then: (s, i) => broadcast(s, i),
      },
      Timeout: {
        over: [Sid],
        when: ({ server }, i) => (server[i].st === FOLL || server[i].st === LEAD) && server[i].clk < maxRound,
        then: (s, i) => newRound(s, i),
        excludedBecause: maxRound === 1 ? 'a new election needs a second round' : null,
      },
      Restart: {
        over: [Sid],
        when: ({ server }, i) => server[i].st === DOWN && server[i].clk < maxRound,
        then: (s, i) => newRound(s, i),
        excludedBecause: maxRound === 1 || crashes === 0 ? 'it needs a crash and a second round' : null,
      },
      Crash: {
        over: [Sid],
        when: ({ server, crashes }, i) => server[i].st !== DOWN && crashes > 0,
        then: (s, i) => {
          s.crashes = s.crashes - 1;
          const self = s.server[i];
          self.st = DOWN;
          self.vote = i;
          clearRecords(self, i);
          for (let k = 0; k < N; k++) if (k !== i) s.ch[i][k].clear();
        },
        excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
      },
    },
    terminal: () => true,
  });
}
