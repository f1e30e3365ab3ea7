/** The lessons of `fle-check tutorial`, from the textbook's five steps to a write that is lost. */
import type { Lesson, Task } from './lesson.js';
import type { Story } from './story.js';

/** The sids of the servers that lead in the last frame, from 1. */
const leaders = ({ frames }: Story): readonly number[] =>
  (frames.at(-1)?.servers ?? []).flatMap(({ picture }, k) => (picture.role === 'LEADING' ? [k + 1] : []));

const leads = (sid: number, way: readonly string[], because: string): Task => ({
  says: `Let s${sid} lead${because}.`,
  isDone: (story) => leaders(story).includes(sid),
  way,
});

const start = (...sids: readonly number[]): readonly string[] => sids.map((sid) => `StartServer s${sid}`);

/** Whether a server led in some frame and another in a later one. */
function isSucceeded(story: Story): boolean {
  const all = story.frames.map(({ servers }) =>
    servers.findIndex(({ picture }) => picture.role === 'LEADING'),
  );
  const first = all.findIndex((leader) => leader >= 0);
  return first >= 0 && all.slice(first).some((leader) => leader >= 0 && leader !== all[first]);
}

/** Whether a server that was down again has come to follow one. */
const followsAgain = ({ frames }: Story): boolean =>
  frames[0].servers.some((_, k) => {
    const roles = frames.map(({ servers }) => servers[k].picture.role);
    const crash = roles.findIndex((role, i) => i > 0 && role === 'OFF' && roles[i - 1] !== 'OFF');
    return crash > 0 && roles.slice(crash).includes('FOLLOWING');
  });

const startOrder: Lesson = {
  name: 'start-order',
  title: 'Five servers start',
  text: [
    'ZooKeeper’s configuration names no master. One server becomes the leader by an election; the others follow.',
    'Five servers, s1 to s5, all new: no history, so their data are equal. They start one after the other. Step through with the arrow keys.',
  ],
  model: 'tutorial',
  bounds: { servers: 5, rounds: 1, crashes: 0, zxids: [0, 0, 0, 0, 0] },
  runs: [
    {
      title: 'In the order 1 to 5',
      steps: start(1, 2, 3, 4, 5),
      captions: {
        0: 'All are off. Three of five are a majority: no fewer may elect.',
        1: 'Server 1 starts alone. Nobody answers it, so it stays LOOKING.',
        2: 'Server 2 starts and exchanges votes with 1. Neither has history, so the larger id, 2, wins the vote; but two votes are fewer than a majority of the five configured servers, so both stay LOOKING.',
        3: 'Server 3 starts. It is now the best of 1, 2, 3, and three servers vote for it: it leads.',
        4: 'Server 4 starts. It has the larger id, but a majority already chose 3: it follows.',
        5: 'Server 5 starts, and follows as 4 did.',
      },
    },
  ],
  tasks: [],
};

const anyOrder: Lesson = {
  name: 'any-order',
  title: 'Any order, and crashes',
  text: [
    'Start them in any order you like: pick a step under the diagram. Two crashes and three rounds are within the bounds.',
    'A server that leaves or loses its leader begins a new round. The logical clock, c, counts the elections that a server has taken part in.',
  ],
  model: 'tutorial',
  bounds: { servers: 5, rounds: 3, crashes: 2, zxids: [0, 0, 0, 0, 0] },
  runs: [
    {
      title: 'From the start',
      steps: [],
      captions: { 0: 'All are off. The steps that could come next are listed below.' },
    },
  ],
  tasks: [
    leads(5, start(1, 2, 5), ', though it is the last of three to start'),
    leads(4, start(4, 1, 2), ''),
    {
      says: 'Crash the leader, and see another be elected.',
      isDone: isSucceeded,
      way: [...start(1, 2, 3, 4), 'CrashServer s3'],
    },
    {
      says: 'Let a server crash, start again, and follow.',
      isDone: followsAgain,
      way: [...start(1, 2, 3, 4), 'CrashServer s3', 'StartServer s3'],
    },
  ],
};

const history: Lesson = {
  name: 'history',
  title: 'An ensemble with history',
  text: [
    'After some time of running a machine goes down, and the election runs again. Votes carry the data version (zxid), the id of the server voted for, and the logical clock.',
    'A vote of an earlier clock is ignored. With equal clocks the larger zxid wins; with equal zxids the larger id. Here s2 and s3 have zxid 2, s4 and s5 have 1, and s1 has 0.',
  ],
  model: 'tutorial',
  bounds: { servers: 5, rounds: 3, crashes: 2, zxids: [0, 2, 2, 1, 1] },
  runs: [
    {
      title: 'Newer data win',
      steps: [...start(5, 4, 3), 'CrashServer s3', ...start(2)],
      captions: {
        0: 'The zxid of each server is in its state, at the right.',
        2: 's5 has the larger id of two with equal data; two are no majority.',
        3: 's3 has the smallest id of the three and the newest data: it leads.',
        4: 's3 crashes. s4 and s5 begin round 2 and are too few.',
        5: 's2 starts. Its data are the newest of those that are up: it leads, and all that s3 had promised with it is kept.',
      },
    },
  ],
  tasks: [
    leads(5, start(1, 4, 5), ', with two of the others up'),
    leads(2, start(1, 2, 5), ', though s5 is up'),
  ],
};

type Frames = Story['frames'];
const runs = (frames: Frames, k: number) => frames.some(({ servers }) => servers[k].picture.role !== 'OFF');
const hasRun = (frames: Frames, k: number, i: number): boolean => runs(frames.slice(0, i), k);
const runsAfter = (frames: Frames, k: number, i: number): boolean => runs(frames.slice(i), k);

const AFTER_STARTS = start(1, 2, 3, 4, 5);
/** All five are up; the votes for `sid` are the first to arrive. */
const slowRun = (sid: number) => ({
  title: `s${sid} leads`,
  steps: [
    ...AFTER_STARTS,
    `HandleNotification s1 s${sid}`,
    'HandleNotification s2 s1',
    `HandleNotification s${sid} s1`,
    `HandleNotification s${sid} s2`,
    `EndFinalizeWait s${sid}`,
  ],
  captions: {
    0: 'The servers start in the order 1 to 5, as in the first lesson.',
    5: 'All are up, each with a vote for itself, and nothing has arrived yet: which message comes first is a matter of delays.',
    6: `The first that s1 hears is s${sid}: it changes its vote, and tells everybody.`,
    7: 's2 hears it from s1.',
    9: `s${sid} has three votes, a majority of five, and waits briefly for a better vote (finalizeWait).`,
    10: `None comes in time: s${sid} leads. With other delays it is another: only one with three voters of its id or below can win, so 3, 4 or 5.`,
  },
});

const slow: Lesson = {
  name: 'slow-messages',
  title: 'When messages are slow',
  text: [
    'The textbook lets votes settle before the next server starts. Real votes are messages: late, and overwritten by newer ones (✕).',
    'The same start order, 1 to 5, can elect 3, 4 or 5. Choose one; then, at any step, choose the next one. A message that you do not choose is delayed. Two crashes are within the bounds.',
  ],
  model: 'fast-leader-election',
  bounds: {
    servers: 5,
    rounds: 2,
    crashes: 2,
    abandons: 0,
    disconnects: 0,
    slots: 1,
    start: 'staggered',
    zxids: 'ranks',
  },
  runs: [slowRun(3), slowRun(4), slowRun(5)],
  tasks: [
    {
      says: 'Crash a server and start it again.',
      isDone: ({ frames }) =>
        frames.some(({ servers }, i) =>
          servers.some(
            ({ picture }, k) => picture.role === 'OFF' && hasRun(frames, k, i) && runsAfter(frames, k, i),
          ),
        ),
      way: ['StartServer s1', 'CrashServer s1', 'StartServer s1'],
    },
    {
      says: 'Let somebody lead before s5 has started.',
      isDone: (story) => leaders(story).length > 0 && story.frames.at(-1)?.servers[4].picture.role === 'OFF',
      way: [
        ...start(1, 2, 3),
        'HandleNotification s1 s3',
        'HandleNotification s2 s1',
        'HandleNotification s3 s1',
        'HandleNotification s3 s2',
        'EndFinalizeWait s3',
      ],
    },
  ],
};

/** The shortest way to two leaders at one clock. */
const TWO_LEADERS = [
  ...start(1, 2, 3),
  'HandleNotification s1 s2',
  'HandleNotification s2 s1',
  'HandleNotification s1 s3',
  'HandleNotification s3 s1',
  'EndFinalizeWait s2',
  'EndFinalizeWait s3',
];
const TWO_LEADERS_SAID = {
  4: 's1 hears s2: {s1, s2} is a quorum for s2. It waits for a better vote.',
  5: 's2 hears that s1 votes for it: it has a quorum too.',
  6: 'Before its wait ends, s1 hears s3, and changes its mind: {s1, s3} is a quorum for s3.',
  7: 's3 hears it. Each quorum is real, and s1 stands in both.',
  8: 's2 ends its wait, while the new vote of s1 is still under way. It leads.',
  9: 's3 leads too: two leaders at one clock, in nine steps, with no crash and no loss. No shorter way exists.',
};

const twoLeaders: Lesson = {
  name: 'two-leaders',
  title: 'Two leaders at one clock',
  text: [
    'The logical clock numbers elections, not leaders. ZooKeeper never promised one leader per clock, and there may be two.',
    'What holds instead: no minority elects, and the best vote of the quorum wins. See for yourself that each of the two has a quorum behind it.',
  ],
  model: 'fast-leader-election',
  bounds: {
    servers: 3,
    rounds: 2,
    crashes: 1,
    abandons: 1,
    disconnects: 0,
    slots: 1,
    start: 'staggered',
    zxids: 'ranks',
  },
  runs: [
    {
      title: 'The shortest way',
      steps: TWO_LEADERS,
      captions: { 0: 'Three servers are off; two are a majority.', ...TWO_LEADERS_SAID },
    },
  ],
  tasks: [
    {
      says: 'Overwrite a message: send a vote before the last one is read.',
      isDone: ({ arrows }) => arrows.some(({ end }) => end === 'overwritten'),
      way: [...start(1, 2), 'HandleNotification s1 s2'],
    },
    {
      says: 'Crash a leader, and let another be elected.',
      isDone: isSucceeded,
      way: [
        ...start(1, 2),
        'HandleNotification s1 s2',
        'HandleNotification s2 s1',
        'EndFinalizeWait s2',
        'CrashServer s2',
        ...start(3),
        'HandleNotification s1 s3',
        'HandleNotification s3 s1',
        'EndFinalizeWait s3',
      ],
    },
  ],
};

const epochs: Lesson = {
  name: 'epochs',
  title: 'One leader per epoch',
  text: [
    'After the election a leader must be established: its followers report the epoch that they have accepted, the leader proposes a later one, and a quorum must acknowledge it, each server once.',
    'A second leader cannot collect that quorum, and gives up: a delay, not a lost write. The thick borders are writes to disk.',
  ],
  model: 'zab-discovery',
  bounds: {
    election: 'fle',
    servers: 3,
    observers: 0,
    rounds: 2,
    epochs: 2,
    crashes: 0,
    abandons: 0,
    disconnects: 0,
    slots: 1,
    start: 'staggered',
  },
  runs: [
    {
      title: 'The second leader gives up',
      steps: [
        ...TWO_LEADERS,
        'EndFinalizeWait s1',
        'ConnectToLeader s1',
        'HandleFollowerInfo s3 s1',
        'HandleLeaderInfo s1',
        'HandleAckEpoch s3 s1',
        'PersistCurrentEpoch s3',
        'EscapeLeader s2',
        'HandleNewLeader s1',
        'StartServing s3',
        'HandleUpToDate s1',
        'HandleNotification s1 s2',
        'HandleNotification s2 s1',
        'HandleNotification s3 s2',
        'HandleNotification s2 s3',
        'ConnectToLeader s2',
        'HandleFollowerInfo s3 s2',
        'HandleLeaderInfo s2',
        'HandleAckEpoch s3 s2',
        'HandleNewLeader s2',
      ],
      captions: {
        0: 'The same nine steps as in the lesson before.',
        9: 'Two servers lead at clock 1. Neither may serve yet: no epoch is established.',
        10: 's1 can follow only one of them.',
        12: 's1 has connected to s3: with it s3 has a quorum, and proposes epoch 1. It writes it down first.',
        13: 's1 writes epoch 1 down, and acknowledges it: it will never acknowledge it to another.',
        14: 'A quorum has acknowledged epoch 1 to s3, which is established.',
        16: 's2 gets no quorum, and no longer leads. No server had followed it, so nothing was promised, and nothing is lost.',
        18: 's3 serves, and tells its votes the epoch.',
        23: 's2 has asked around: a quorum says that s3 leads. It follows.',
        28: 'All three are in epoch 1 under one leader.',
      },
    },
  ],
  tasks: [],
};

/** The servers that have t1 on disk in the last frame. */
const holdersOf = ({ frames }: Story): number =>
  (frames.at(-1)?.servers ?? []).filter(({ picture }) => String(picture.durable?.disk).includes('t1')).length;

const PROPOSED = [
  'ElectLeader s1 {s1 s2}',
  'ReceiveSync s2 log',
  'WriteNewLeader s2',
  'WriteNewLeader s2',
  'WriteNewLeader s2',
  'StartServing s1',
  'HandleUpToDate s2',
  'ProposeTxn s1',
  'ReadProposal s2',
  'LogTxn s2',
];

const lostWrite: Lesson = {
  name: 'lost-write',
  title: 'How an acknowledged write is lost',
  text: [
    'A client writes t1. The leader sends it to its followers and answers the client once a majority has it on disk, or so it counts.',
    'These are the rules of every release since 3.4.14, except that all other faults are mended. Real servers lose the write in the same way.',
  ],
  model: 'zab-synchronization',
  rules: 'acks-outlive-truncation',
  bounds: { epochs: 2, txns: 1, crashes: 1, abandons: 1 },
  runs: [
    {
      title: 'The shortest way',
      steps: [
        ...PROPOSED,
        'ReceiveAck s1 s2 t1',
        'AbandonLeader s2',
        'JoinLeader s2 s1',
        'ReceiveSync s2 log',
        'LogTxn s1',
        'CrashServer s2',
        'StartServer s2',
        'ElectLeader s2 {s2 s3}',
      ],
      captions: {
        0: 'Three servers look for a leader. Two are a majority. {} is what the log and the memory of a server have: nothing.',
        1: 's1 is elected, and established in epoch 1 with s2. s3 is late, and takes no part.',
        2: 's2 has all that s1 has, and says so.',
        6: 's1 serves clients.',
        8: 'A client writes t1. s1 sends it to s2, and hands it to its own log, which is a thread of its own. The disk of s1 is slow: +{t1}.',
        10: 's2 writes t1 to its disk, and acknowledges it.',
        11: 's1 counts the ACK of s2. One of three is no majority.',
        12: 's2 loses its connection.',
        13: 's2 returns to the same leader. Its last transaction is t1, which s1 has not applied.',
        14: 's1 tells s2 to truncate t1, and queues t1 for it once more. The ACK that s1 has counted stays.',
        15: 'The disk of s1 is done. Its own ACK and the old one of s2 are two of three: s1 commits, and tells the client that t1 is safe. It is on one disk.',
        16: 's2 dies before it has written t1 again.',
        18: 's2 and s3 are a majority, and elect s2. Neither has t1: it is lost. If s1 had taken the ACK back at step 14, the client would have waited.',
      },
    },
  ],
  tasks: [
    {
      says: 'Put t1 on two disks.',
      isDone: (story) => holdersOf(story) >= 2,
      way: [...PROPOSED, 'LogTxn s1'],
    },
    {
      says: 'Let s1 lead s3 in place of s2.',
      isDone: ({ frames }) => frames.at(-1)?.servers[2].picture.label.startsWith('→s1 ') === true,
      way: ['ElectLeader s1 {s1 s3}'],
    },
  ],
};

/** In the order in which they are to be read. */
export const lessons: readonly Lesson[] = [
  startOrder,
  anyOrder,
  history,
  slow,
  twoLeaders,
  epochs,
  lostWrite,
];
