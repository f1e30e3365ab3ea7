/**
 * The election of Raft: servers time out, ask for votes, and lead with a majority. From "In Search of an
 * Understandable Consensus Algorithm" by Ongaro and Ousterhout, section 5.2; raft.tla without the log.
 * Messages arrive in any order or never. A server writes its term and its vote to disk before it answers.
 */
import {
  always,
  bag,
  defineModel,
  domain,
  type Expectations,
  flag,
  list,
  type Model,
  oneOf,
  optional,
  perServer,
  type Reading,
  range,
  set,
  sid,
  sometimes,
  struct,
  upTo,
} from 'fle-check';

const Role = oneOf('FOLLOWER', 'CANDIDATE', 'LEADER');
const { FOLLOWER, CANDIDATE, LEADER } = Role.values;

export interface RaftBounds {
  /** They have ids 0 to servers - 1. */
  readonly servers: number;
  /** The last term that a server may start. */
  readonly terms: number;
  /** Messages under way at once. */
  readonly messages: number;
  /** How often servers restart, in all. */
  readonly restarts: number;
  /** False: a restart forgets the vote, which Raft keeps on disk. That is the mistake to find. */
  readonly isVoteDurable?: boolean;
}

const schema = ({ servers, terms, messages, restarts }: RaftBounds) => {
  const Message = struct({ from: sid(servers), to: sid(servers), term: range(0, terms), isVote: flag });
  const Server = struct({
    role: Role,
    /** Durable. */
    term: range(0, terms),
    /** Durable: whom the server has voted for in its term. */
    votedFor: optional(sid(servers)),
    /** Of a candidate: who votes for it. */
    votes: set(sid(servers)),
  });
  return struct({
    server: perServer(servers, Server),
    network: bag(messages, Message),
    restartsLeft: range(0, restarts),
    /** Ghost: the servers that have led in each term, from term 1 on. */
    led: list(terms, set(sid(servers))),
  });
};

export type RaftSchema = ReturnType<typeof schema>;
type State = Reading<RaftSchema>;

export function raftElection(bounds: RaftBounds): Model<RaftSchema> {
  const { servers, terms, messages, restarts, isVoteDurable = true } = bounds;
  const Server = domain('server', sid(servers));
  const Message = upTo('message', messages, (i) => `#${i + 1}`);
  const isMajority = (votes: number) => votes * 2 > servers;

  return defineModel({
    name: 'raft-election',
    schema: schema(bounds),
    permutations: servers,
    initial: {
      then: (s) => {
        s.restartsLeft = restarts;
      },
    },
    actions: {
      /** A new term: the server votes for itself, and asks all others. */
      timeOut: {
        over: [Server],
        when: ({ server, network }, me) =>
          server.at(me).role !== LEADER &&
          server.at(me).term < terms &&
          network.length + servers - 1 <= messages,
        then: ({ server, network }, me) => {
          const self = server.at(me);
          self.role = CANDIDATE;
          self.term += 1;
          self.votedFor.set(me);
          self.votes.clear();
          self.votes.add(me);
          for (let to = 0; to < servers; to++) {
            if (to === me) continue;
            const request = network.put();
            request.from = me;
            request.to = to;
            request.term = self.term;
          }
        },
        says: ({ server }, me) =>
          `${name(me)} times out, and asks for votes in term ${server.at(me).term + 1}`,
      },
      /** A vote goes to whoever asks first in a term. The answer takes the place of the request. */
      handleRequest: {
        over: [Message],
        when: ({ network }, i) => i < network.length && !network.at(i).isVote,
        then: ({ server, network }, i) => {
          const { from, to, term } = network.at(i);
          const self = server.at(to);
          network.take(i);
          if (term > self.term) stepDown(self, term);
          if (term < self.term) return;
          if (self.votedFor.present && self.votedFor.value !== from) return;
          self.votedFor.set(from);
          const vote = network.put();
          vote.from = to;
          vote.to = from;
          vote.term = term;
          vote.isVote = true;
        },
        says: ({ network }, i) => {
          const { from, to, term } = network.at(i);
          return `${name(to)} hears that ${name(from)} asks for votes in term ${term}`;
        },
      },
      handleVote: {
        over: [Message],
        when: ({ network }, i) => i < network.length && network.at(i).isVote,
        then: ({ server, network }, i) => {
          const { from, to, term } = network.at(i);
          const self = server.at(to);
          network.take(i);
          if (self.role === CANDIDATE && self.term === term) self.votes.add(from);
        },
        says: ({ network }, i) => {
          const { from, to, term } = network.at(i);
          return `${name(to)} gets the vote of ${name(from)} in term ${term}`;
        },
      },
      lead: {
        over: [Server],
        when: ({ server }, me) => server.at(me).role === CANDIDATE && isMajority(server.at(me).votes.size),
        then: ({ server, led }, me) => {
          server.at(me).role = LEADER;
          server.at(me).votes.clear();
          led.at(server.at(me).term - 1).add(me);
        },
        says: ({ server }, me) => `${name(me)} leads in term ${server.at(me).term}`,
      },
      lose: {
        over: [Message],
        when: ({ network }, i) => i < network.length,
        then: ({ network }, i) => network.take(i),
        says: ({ network }, i) => `a message from ${name(network.at(i).from)} is lost`,
      },
      restart: {
        over: [Server],
        when: ({ restartsLeft }) => restartsLeft > 0,
        then: (s, me) => {
          const self = s.server.at(me);
          self.role = FOLLOWER;
          self.votes.clear();
          if (!isVoteDurable) self.votedFor.clear();
          s.restartsLeft -= 1;
        },
        says: (_s, me) => `${name(me)} restarts`,
        excludedBecause: restarts === 0 ? 'no restart is budgeted' : null,
      },
    },
    // Messages are lost, terms and restarts used up: nothing is left to do.
    terminal: () => true,
    draw: ({ server }) =>
      Object.fromEntries(
        Array.from({ length: servers }, (_, i) => {
          const { role, term, votedFor } = server.at(i);
          const vote = votedFor.present ? `, voted for ${name(votedFor.value)}` : '';
          return [name(i), `${Role.names[role]} t${term}${vote}`];
        }),
      ),
  });
}

const name = (server: number): string => `n${server + 1}`;

/** A server that hears of a later term has not voted in it yet. */
function stepDown(
  self: { role: number; term: number; votedFor: { clear(): void }; votes: { clear(): void } },
  term: number,
): void {
  self.role = FOLLOWER;
  self.term = term;
  self.votedFor.clear();
  self.votes.clear();
}

export const expectationsOf = ({ terms }: RaftBounds): Expectations<State> => ({
  claims: [
    always({
      name: 'electionSafety',
      says: 'At most one server leads in a term.',
      source: 'Election Safety, figure 3 of the paper',
      witness: 'elected',
      holds: ({ led }) => {
        for (let t = 0; t < led.length; t++) if (led.at(t).size > 1) return false;
        return true;
      },
      explain: ({ led, server }) => {
        const term = Array.from({ length: led.length }, (_, t) => t).findIndex((t) => led.at(t).size > 1);
        const both = Array.from({ length: server.length }, (_, i) => i).filter((i) => led.at(term).has(i));
        return `${both.map(name).join(' and ')} have led in term ${term + 1}.`;
      },
    }),
  ],
  witnesses: [
    sometimes({
      name: 'elected',
      says: 'A server leads.',
      shows: ({ led }) => led.at(0).size > 0,
    }),
    sometimes({
      name: 'reelected',
      says: 'A server leads in the last term, after another has led.',
      excludedBecause: terms < 2 ? 'there is one term' : null,
      shows: ({ led }) => led.length > 1 && led.at(0).size > 0 && led.at(led.length - 1).size > 0,
    }),
  ],
});

/** For the command: `fle-check check ./raft-election.ts#make --args '{"servers": 3, …}'`. */
export const make = (bounds: RaftBounds) => ({
  model: raftElection(bounds),
  expectations: expectationsOf(bounds),
});
