package org.apache.zookeeper.server.quorum;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.server.quorum.FastLeaderElection.Notification;
import org.apache.zookeeper.server.quorum.FastLeaderElection.ToSend;
import org.apache.zookeeper.server.quorum.QuorumPeer.LearnerType;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;

/** One process: the election, and the thread of its lookForLeader while it runs. */
final class SteppedServer {
    final Peer peer;
    final Manager manager;
    final FastLeaderElection election;
    final List<ToSend> sent = new ArrayList<>();
    /** The vote that lookForLeader returned, until it is published. */
    Vote returned;
    /** Threads that no server uses now; all servers share them. */
    private final ArrayDeque<Coroutine> idle;
    private Coroutine looking;
    private long wait;
    private boolean timedOut;
    private boolean cancelled;
    private boolean ended;
    private Throwable failure;

    SteppedServer(QuorumMaj members, ArrayDeque<Coroutine> idle, long myid, long zxid, long epoch)
            throws IOException {
        this.idle = idle;
        peer = new Peer(myid, members, zxid, epoch);
        manager = new Manager(peer, members);
        election = new FastLeaderElection(peer, manager);
        peer.election = election;
        manager.election = election;
        peer.setPeerState(ServerState.LOOKING);
        // As QuorumPeer.startLeaderElection.
        peer.setCurrentVote(new Vote(myid, zxid, epoch));
        election.recvqueue = new LinkedBlockingQueue<Notification>() {
            private static final long serialVersionUID = 1L;

            @Override
            public Notification poll(long timeout, TimeUnit unit) throws InterruptedException {
                awaitDriver(unit.toMillis(timeout));
                return timedOut ? null : poll();
            }
        };
        election.sendqueue = new LinkedBlockingQueue<ToSend>() {
            private static final long serialVersionUID = 1L;

            @Override
            public boolean offer(ToSend message) {
                return sent.add(message);
            }
        };
    }

    private void awaitDriver(long milliseconds) throws InterruptedException {
        wait = milliseconds;
        if (!cancelled) {
            looking.yield();
        }
        if (cancelled) {
            throw new InterruptedException();
        }
    }

    /** Of the coroutine. */
    void lookUntilTheEnd() {
        try {
            returned = election.lookForLeader();
        } catch (InterruptedException e) {
            failure = cancelled ? null : e;
        } catch (Throwable e) {
            failure = e;
        }
        ended = true;
    }

    private void resume() throws Throwable {
        looking.resume(this);
        if (!ended) {
            return;
        }
        idle.push(looking);
        looking = null;
        ended = false;
        wait = 0;
        Throwable thrown = failure;
        failure = null;
        if (thrown != null) {
            throw thrown;
        }
    }

    void look() throws Throwable {
        if (looking != null) {
            throw new Refused("it is looking already");
        }
        if (returned != null) {
            throw new Refused("what it found is not published yet");
        }
        peer.setPeerState(ServerState.LOOKING);
        looking = idle.isEmpty() ? new Coroutine() : idle.pop();
        resume();
    }

    void step() throws Throwable {
        if (looking == null) {
            throw new Refused("it is not looking");
        }
        if (election.recvqueue.isEmpty()) {
            throw new Refused("its recvqueue is empty");
        }
        timedOut = false;
        resume();
    }

    void timeOut(boolean delivered) throws Throwable {
        if (looking == null) {
            throw new Refused("it is not looking");
        }
        // LinkedBlockingQueue.poll returns null of an empty queue alone.
        if (!election.recvqueue.isEmpty()) {
            throw new Refused("its recvqueue is not empty");
        }
        manager.delivered = delivered;
        timedOut = true;
        resume();
    }

    void hear(long from, byte[] bytes) throws Throwable {
        if (election.stop) {
            throw new Refused("a configuration that it heard has shut its election down");
        }
        election.messenger.wr.stop = false;
        manager.arriving = new QuorumCnxManager.Message(ByteBuffer.wrap(bytes), from);
        election.messenger.wr.run();
    }

    void publish() throws Refused {
        if (returned == null) {
            throw new Refused("there is nothing to publish");
        }
        peer.setCurrentVote(returned);
        returned = null;
    }

    /** Its lookForLeader ends as by an interrupt. */
    void crash() {
        cancelled = true;
        try {
            if (looking != null) {
                resume();
            }
        } catch (Throwable e) {
            // Whatever it died of, it is dead.
            looking = null;
        }
    }

    void describe(StringBuilder out) {
        Vote vote = election.getVote();
        Vote current = peer.getCurrentVote();
        out.append(wait).append(' ').append(peer.getPeerState().ordinal());
        out.append(' ').append(election.getLogicalClock()).append(' ').append(election.recvqueue.size());
        out.append(' ').append(vote.getId()).append(' ').append(vote.getZxid());
        out.append(' ').append(vote.getPeerEpoch()).append(' ');
        append(out, current, ' ');
        out.append(' ');
        if (returned == null) {
            out.append('-');
        } else {
            append(out, returned, ',');
        }
        for (ToSend message : sent) {
            out.append(" | ").append(message.sid).append(' ').append(message.state.ordinal());
            out.append(' ').append(message.leader).append(' ').append(message.zxid);
            out.append(' ').append(message.electionEpoch).append(' ').append(message.peerEpoch);
            out.append(' ').append(Notification.CURRENTVERSION);
        }
    }

    private void append(StringBuilder out, Vote vote, char between) {
        out.append(vote.getId()).append(between).append(vote.getZxid()).append(between);
        out.append(vote.getElectionEpoch()).append(between).append(vote.getPeerEpoch());
    }

    private static final class Peer extends QuorumPeer {
        // 3.8 has getId, and later versions getMyId.
        private final long sid;
        private final long zxid;
        private final long epoch;
        private FastLeaderElection election;

        Peer(long sid, QuorumMaj members, long zxid, long epoch) throws IOException {
            this.sid = sid;
            this.zxid = zxid;
            this.epoch = epoch;
            setMyid(sid);
            setLearnerType(LearnerType.PARTICIPANT);
            setQuorumVerifier(members, false);
        }

        @Override
        public long getLastLoggedZxid() {
            return zxid;
        }

        @Override
        public long getCurrentEpoch() {
            return epoch;
        }

        @Override
        public Election getElectionAlg() {
            return election;
        }
    }

    /** Connections that deliver what the driver says. */
    private static final class Manager extends QuorumCnxManager {
        private boolean delivered;
        private Message arriving;
        private FastLeaderElection election;

        Manager(Peer peer, QuorumMaj members) {
            super(peer, peer.sid, members.getAllMembers(), null, null, 1000, false, 3, false);
        }

        @Override
        boolean haveDelivered() {
            return delivered;
        }

        @Override
        public void connectAll() {
        }

        @Override
        public void halt() {
        }

        @Override
        public Message pollRecvQueue(long timeout, TimeUnit unit) {
            // WorkerReceiver.run looks at this before it polls again: it is called for one message.
            election.messenger.wr.stop = true;
            Message message = arriving;
            arriving = null;
            return message;
        }
    }
}
