package org.apache.zookeeper.server.quorum;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import org.apache.zookeeper.Version;
import org.apache.zookeeper.jmx.MBeanRegistry;
import org.apache.zookeeper.jmx.ZKMBeanInfo;
import org.apache.zookeeper.server.quorum.FastLeaderElection.Notification;
import org.apache.zookeeper.server.quorum.FastLeaderElection.ToSend;
import org.apache.zookeeper.server.quorum.QuorumPeer.LearnerType;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.QuorumPeer.ServerState;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;
import org.slf4j.LoggerFactory;

/**
 * N servers, each the unmodified FastLeaderElection, driven step by step: no sockets, no clock, and exactly
 * one thread that runs at any time. It stands in ZooKeeper's package, for the queues of FastLeaderElection
 * and haveDelivered of QuorumCnxManager are visible there alone.
 *
 * A line of standard input has commands, separated by `;`; the line of the answer has a part for each.
 *
 *   open N               forget everything; N servers, none of them running
 *   start ME ZXID EPOCH  a process starts, and does not look for a leader yet
 *   stop ME              it crashes
 *   look ME              LOOKING, and lookForLeader until its first poll
 *   hear ME FROM HEX     WorkerReceiver.run handles these bytes from sid FROM
 *   step ME              poll returns the head of recvqueue
 *   timeout ME DELIVERED poll returns null; haveDelivered answers DELIVERED, 1 or 0
 *   publish ME           setCurrentVote of what lookForLeader returned
 *
 * `open` and `stop` answer `ok`, the others
 *   WAIT STATE CLOCK QUEUE VLEADER VZXID VEPOCH CLEADER CZXID CROUND CEPOCH ENDS
 * and ` | TO STATE LEADER ZXID ROUND EPOCH VERSION` for each message sent. WAIT is in milliseconds, 0 if
 * lookForLeader does not run; ENDS is `-`, or `leader,zxid,round,epoch` of a vote not yet published. What
 * cannot be done answers `! why`.
 *
 * The program ends when its input does.
 */
public final class Stepper {

    private static final int PROTOCOL = 1;
    private static final int MOST_SERVERS = 255;

    /** A command that cannot be carried out. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why, null, false, false);
        }
    }

    /** Beans of lookForLeader would all have one name, and nobody looks at them. */
    private static final class NoBeans extends MBeanRegistry {
        @Override
        public void register(ZKMBeanInfo bean, ZKMBeanInfo parent) throws JMException {
        }

        @Override
        public void unregister(ZKMBeanInfo bean) {
        }
    }

    /**
     * A thread for calls of lookForLeader, one after the other. The driver waits while it runs, and it waits
     * while the driver runs; who has the turn runs.
     */
    private static final class Coroutine implements Runnable {
        private final Thread driver = Thread.currentThread();
        private final Thread thread = new Thread(this, "lookForLeader");
        private volatile boolean turn;
        private Server server;

        Coroutine() {
            thread.setDaemon(true);
            thread.start();
        }

        /** Of the driver: runs the server until its next poll, or until its lookForLeader ends. */
        void resume(Server next) {
            server = next;
            turn = true;
            LockSupport.unpark(thread);
            while (turn) {
                LockSupport.park(this);
            }
        }

        /** Of the coroutine: lets the driver run until it resumes. */
        void yield() {
            turn = false;
            LockSupport.unpark(driver);
            while (!turn) {
                LockSupport.park(this);
            }
        }

        @Override
        public void run() {
            while (!turn) {
                LockSupport.park(this);
            }
            while (true) {
                server.lookUntilTheEnd();
                server = null;
                this.yield();
            }
        }
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

    /** One process: the election, and the thread of its lookForLeader while it runs. */
    private final class Server {
        final Peer peer;
        final Manager manager;
        final FastLeaderElection election;
        final List<ToSend> sent = new ArrayList<>();
        /** The vote that lookForLeader returned, until it is published. */
        Vote returned;
        private Coroutine looking;
        private long wait;
        private boolean timedOut;
        private boolean cancelled;
        private boolean ended;
        private Throwable failure;

        Server(long myid, long zxid, long epoch) throws IOException {
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
    }

    private final ArrayDeque<Coroutine> idle = new ArrayDeque<>();
    private final Map<Integer, QuorumMaj> ensembles = new HashMap<>();
    private QuorumMaj members;
    /** By sid; null where none is running. */
    private Server[] servers = {};

    /** Servers 1 to the count, all of them voting. */
    private static QuorumMaj ensemble(int count) {
        Map<Long, QuorumServer> all = new HashMap<>();
        for (int sid = 1; sid <= count; sid++) {
            InetSocketAddress quorum = new InetSocketAddress("127.0.0.1", 20000 + sid);
            InetSocketAddress election = new InetSocketAddress("127.0.0.1", 30000 + sid);
            all.put((long) sid, new QuorumServer(sid, quorum, election, LearnerType.PARTICIPANT));
        }
        return new QuorumMaj(all);
    }

    private void open(int count) throws Refused {
        if (count < 1 || count > MOST_SERVERS) {
            throw new Refused("there can be 1 to " + MOST_SERVERS + " servers");
        }
        for (Server server : servers) {
            if (server != null) {
                server.crash();
            }
        }
        members = ensembles.computeIfAbsent(count, Stepper::ensemble);
        servers = new Server[count + 1];
    }

    private int sid(String text) throws Refused {
        int me = Integer.parseInt(text);
        if (me < 1 || me >= servers.length) {
            throw new Refused("there is no server " + me);
        }
        return me;
    }

    private Server running(String text) throws Refused {
        int me = sid(text);
        if (servers[me] == null) {
            throw new Refused("server " + me + " is not running");
        }
        return servers[me];
    }

    private Server start(int me, long zxid, long epoch) throws IOException {
        if (servers[me] != null) {
            servers[me].crash();
        }
        servers[me] = null;
        servers[me] = new Server(me, zxid, epoch);
        return servers[me];
    }

    private void stop(String text) throws Refused {
        running(text).crash();
        servers[sid(text)] = null;
    }

    private static byte[] bytes(String hex) throws Refused {
        if (hex.length() % 2 != 0) {
            throw new Refused("half a byte in " + hex);
        }
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(hex.charAt(2 * i), 16);
            int low = Character.digit(hex.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) {
                throw new Refused("not hexadecimal: " + hex);
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }

    private static final Map<String, Integer> FIELDS = new HashMap<>();

    static {
        FIELDS.put("open", 2);
        FIELDS.put("start", 4);
        FIELDS.put("stop", 2);
        FIELDS.put("look", 2);
        FIELDS.put("hear", 4);
        FIELDS.put("step", 2);
        FIELDS.put("timeout", 3);
        FIELDS.put("publish", 2);
    }

    /** Carries one command out; the server that it was about, or null if that has nothing to say. */
    private Server carryOut(String[] fields) throws Throwable {
        Integer count = FIELDS.get(fields[0]);
        if (count == null || fields.length != count) {
            throw new Refused("not a command: " + String.join(" ", fields));
        }
        switch (fields[0]) {
        case "open":
            open(Integer.parseInt(fields[1]));
            return null;
        case "stop":
            stop(fields[1]);
            return null;
        case "start":
            return start(sid(fields[1]), Long.parseLong(fields[2]), Long.parseLong(fields[3]));
        default:
            break;
        }
        Server server = running(fields[1]);
        server.sent.clear();
        switch (fields[0]) {
        case "look":
            server.look();
            break;
        case "hear":
            server.hear(Long.parseLong(fields[2]), bytes(fields[3]));
            break;
        case "step":
            server.step();
            break;
        case "timeout":
            server.timeOut(Integer.parseInt(fields[2]) != 0);
            break;
        default:
            server.publish();
            break;
        }
        return server;
    }

    private void answer(String command, StringBuilder out) {
        int before = out.length();
        try {
            Server server = carryOut(command.trim().split(" "));
            if (server == null) {
                out.append("ok");
            } else {
                server.describe(out);
            }
        } catch (Throwable e) {
            out.setLength(before);
            String why = e instanceof Refused ? e.getMessage() : e.toString();
            out.append("! ").append(why.replaceAll("[\\s;]+", " "));
        }
    }

    private static String jar() throws Exception {
        return new File(
            FastLeaderElection.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getPath();
    }

    /** SLF4J says on the first use that nobody logs; nobody is meant to. */
    private static void quieten() {
        PrintStream err = System.err;
        System.setErr(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) {
            }
        }));
        LoggerFactory.getILoggerFactory();
        System.setErr(err);
        System.setOut(err);
    }

    /** One election, so that a jar that is missing is missed now. */
    private void tryOut() throws Throwable {
        carryOut(new String[] {"open", "1"});
        carryOut(new String[] {"start", "1", "0", "0"});
        carryOut(new String[] {"look", "1"});
        carryOut(new String[] {"open", "1"});
        servers = new Server[0];
    }

    public static void main(String[] args) {
        PrintStream out = System.out;
        try {
            quieten();
            serve(out);
        } catch (Throwable e) {
            System.err.println(e);
            System.exit(1);
        }
    }

    private static void serve(PrintStream out) throws Throwable {
        MBeanRegistry.setInstance(new NoBeans());
        Stepper stepper = new Stepper();
        stepper.tryOut();
        StringBuilder line = new StringBuilder("fle-check-stepper ");
        line.append(PROTOCOL).append(' ').append(Version.getVersion()).append(' ').append(jar());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (true) {
            byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
            out.write(bytes, 0, bytes.length);
            out.flush();
            String request = in.readLine();
            if (request == null) {
                System.exit(0);
            }
            line.setLength(0);
            for (String command : request.split(";", -1)) {
                stepper.answer(command, line.length() == 0 ? line : line.append(';'));
            }
        }
    }
}
