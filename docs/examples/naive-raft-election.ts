// A naive breadth-first explorer of Raft's leader election (Raft paper, section 5.2; no log).
// Written as an independent second opinion: plain object states, a canonical JSON key, a Map.
// It explores every reachable state, also beyond a violation of election safety.

export interface NaiveBounds {
  readonly servers: number;
  readonly terms: number;
  readonly messages: number;
  readonly restarts: number;
  readonly isVoteDurable: boolean;
}

export interface NaiveFigures {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly electionSafetyBrokenAfter: number | null;
}

interface Server {
  readonly role: 'FOLLOWER' | 'CANDIDATE' | 'LEADER';
  readonly term: number;
  readonly votedFor: number | null;
  readonly votes: readonly number[];
}

interface Message {
  readonly from: number;
  readonly to: number;
  readonly term: number;
  readonly kind: 'request' | 'vote';
}

interface State {
  readonly servers: readonly Server[];
  readonly messages: readonly Message[];
  readonly restartsLeft: number;
  /** led[t - 1]: the servers that have become leader in term t. */
  readonly led: readonly (readonly number[])[];
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item at ${index}`);
  return item;
}

function replaced<T>(items: readonly T[], index: number, item: T): T[] {
  return items.map((old, i) => (i === index ? item : old));
}

function withMember(set: readonly number[], member: number): readonly number[] {
  return set.includes(member) ? set : [...set, member].sort((a, b) => a - b);
}

function withServer(state: State, index: number, server: Server): State {
  return { ...state, servers: replaced(state.servers, index, server) };
}

function initialState(bounds: NaiveBounds): State {
  const server: Server = { role: 'FOLLOWER', term: 0, votedFor: null, votes: [] };
  const servers = Array.from({ length: bounds.servers }, () => server);
  const led = Array.from({ length: bounds.terms }, () => []);
  return { servers, messages: [], restartsLeft: bounds.restarts, led };
}

function keyOf(state: State): string {
  const servers = state.servers.map((s) => [s.role, s.term, s.votedFor, s.votes]);
  const messages = state.messages.map((m) => JSON.stringify([m.from, m.to, m.term, m.kind]));
  return JSON.stringify([servers, messages.sort(), state.restartsLeft, state.led]);
}

function timeOut(state: State, me: number, bounds: NaiveBounds): State[] {
  const self = at(state.servers, me);
  const sent = state.servers.length - 1;
  if (self.role === 'LEADER' || self.term >= bounds.terms) return [];
  if (state.messages.length + sent > bounds.messages) return [];
  const term = self.term + 1;
  const others = [...state.servers.keys()].filter((server) => server !== me);
  const requests = others.map((to): Message => ({ from: me, to, term, kind: 'request' }));
  const candidate: Server = { role: 'CANDIDATE', term, votedFor: me, votes: [me] };
  return [{ ...withServer(state, me, candidate), messages: [...state.messages, ...requests] }];
}

function lead(state: State, me: number): State[] {
  const self = at(state.servers, me);
  if (self.role !== 'CANDIDATE' || self.votes.length * 2 <= state.servers.length) return [];
  const leaders = withMember(at(state.led, self.term - 1), me);
  const next = withServer(state, me, { ...self, role: 'LEADER', votes: [] });
  return [{ ...next, led: replaced(state.led, self.term - 1, leaders) }];
}

function restart(state: State, me: number, bounds: NaiveBounds): State[] {
  if (state.restartsLeft <= 0) return [];
  const self = at(state.servers, me);
  const votedFor = bounds.isVoteDurable ? self.votedFor : null;
  const next = withServer(state, me, { ...self, role: 'FOLLOWER', votedFor, votes: [] });
  return [{ ...next, restartsLeft: state.restartsLeft - 1 }];
}

function lose(state: State, i: number): State {
  return { ...state, messages: state.messages.filter((_, position) => position !== i) };
}

function handleRequest(state: State, i: number): State[] {
  const { from, to, term, kind } = at(state.messages, i);
  if (kind !== 'request') return [];
  const old = at(state.servers, to);
  const stepped: Server = { role: 'FOLLOWER', term, votedFor: null, votes: [] };
  const self = term > old.term ? stepped : old;
  const next = withServer(lose(state, i), to, self);
  if (term < self.term) return [next];
  if (self.votedFor !== null && self.votedFor !== from) return [next];
  const vote: Message = { from: to, to: from, term, kind: 'vote' };
  const granted = withServer(next, to, { ...self, votedFor: from });
  return [{ ...granted, messages: [...next.messages, vote] }];
}

function handleVote(state: State, i: number): State[] {
  const { from, to, term, kind } = at(state.messages, i);
  if (kind !== 'vote') return [];
  const self = at(state.servers, to);
  if (self.role !== 'CANDIDATE' || self.term !== term) return [lose(state, i)];
  return [withServer(lose(state, i), to, { ...self, votes: withMember(self.votes, from) })];
}

/** One successor for each enabled step instance; equal successors are repeated. */
function successors(state: State, bounds: NaiveBounds): State[] {
  const ofServers = [...state.servers.keys()].flatMap((me) => [
    ...timeOut(state, me, bounds),
    ...lead(state, me),
    ...restart(state, me, bounds),
  ]);
  const ofMessages = [...state.messages.keys()].flatMap((i) => [
    ...handleRequest(state, i),
    ...handleVote(state, i),
    lose(state, i),
  ]);
  return [...ofServers, ...ofMessages];
}

function isSafetyBroken(state: State): boolean {
  return state.led.some((leaders) => leaders.length > 1);
}

export function exploreNaively(bounds: NaiveBounds): NaiveFigures {
  const first = initialState(bounds);
  const distances = new Map<string, number>([[keyOf(first), 0]]);
  let [transitions, depth, frontier] = [0, 0, [first]];
  let electionSafetyBrokenAfter: number | null = null;
  for (let distance = 0; frontier.length > 0; distance += 1) {
    depth = distance;
    if (frontier.some(isSafetyBroken)) electionSafetyBrokenAfter ??= distance;
    const fresh: State[] = [];
    for (const next of frontier.flatMap((state) => successors(state, bounds))) {
      transitions += 1;
      const key = keyOf(next);
      if (distances.has(key)) continue;
      distances.set(key, distance + 1);
      fresh.push(next);
    }
    frontier = fresh;
  }
  return { states: distances.size, transitions, depth, electionSafetyBrokenAfter };
}
