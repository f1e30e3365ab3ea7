/** The states of a server, declared once for all models. */
import { oneOf } from '../../src/language/index.js';

/** `QuorumPeer.ServerState`, and OFF: the server does not run, or a place for a vote is empty. */
export const ServerState = oneOf('OFF', 'LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING');
export const { OFF, LOOKING, FOLLOWING, LEADING, OBSERVING } = ServerState.values;

/** The states of a server that votes: an observer is none. */
export const VoterState = oneOf('OFF', 'LOOKING', 'FOLLOWING', 'LEADING');
