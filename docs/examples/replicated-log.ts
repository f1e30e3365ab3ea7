/** A log of one server that the others copy, by messages that arrive in any order. */
import {
  bag,
  defineModel,
  domain,
  optional,
  perServer,
  range,
  sequence,
  set,
  sid,
  struct,
  upTo,
} from 'fle-check';

const Entry = struct({ epoch: range(0, 3), value: range(0, 1) });
const Message = struct({ to: sid(3), epoch: range(0, 3), entry: optional(Entry) });
const schema = struct({
  server: perServer(3, struct({ vote: optional(sid(3)), votes: set(sid(3)), log: sequence(4, Entry) })),
  mail: bag(6, Message),
});

/** The first server appends one entry to the log of each other, once that one has voted for it. */
export const replicatedLog = () =>
  defineModel({
    name: 'replicated-log',
    schema,
    initial: { then: () => {} },
    terminal: ({ server, mail }) => server.at(0).votes.size === 2 && mail.length === 0,
    actions: {
      send: {
        over: [domain('to', sid(3))],
        when: ({ server }, to) => to > 0 && !server.at(0).votes.has(to),
        then: ({ server, mail }, to) => {
          server.at(to).vote.set(0);
          server.at(0).votes.add(to);
          const message = mail.put();
          message.to = to;
          message.epoch = 1;
          message.entry.put().epoch = to;
        },
      },
      handleAppend: {
        over: [upTo('m', 6)],
        when: ({ mail }, m) => m < mail.length && mail.at(m).entry.present,
        then: ({ server, mail }, m) => {
          const { to, entry } = mail.at(m);
          server.at(to).log.push().copyFrom(entry.value);
          mail.take(m);
        },
      },
    },
  });
