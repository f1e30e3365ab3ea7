package org.apache.zookeeper.server.quorum;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import org.apache.zookeeper.Version;
import org.apache.zookeeper.jmx.MBeanRegistry;
import org.apache.zookeeper.jmx.ZKMBeanInfo;
import org.apache.zookeeper.server.quorum.QuorumPeer.LearnerType;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
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

    /** Beans of lookForLeader would all have one name, and nobody looks at them. */
    private static final class NoBeans extends MBeanRegistry {
        @Override
        public void register(ZKMBeanInfo bean, ZKMBeanInfo parent) throws JMException {
        }

        @Override
        public void unregister(ZKMBeanInfo bean) {
        }
    }

    private final ArrayDeque<Coroutine> idle = new ArrayDeque<>();
    private final Map<Integer, QuorumMaj> ensembles = new HashMap<>();
    private QuorumMaj members;
    /** By sid; null where none is running. */
    private SteppedServer[] servers = {};

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
        for (SteppedServer server : servers) {
            if (server != null) {
                server.crash();
            }
        }
        members = ensembles.computeIfAbsent(count, Stepper::ensemble);
        servers = new SteppedServer[count + 1];
    }

    private int sid(String text) throws Refused {
        int me = Integer.parseInt(text);
        if (me < 1 || me >= servers.length) {
            throw new Refused("there is no server " + me);
        }
        return me;
    }

    private SteppedServer running(String text) throws Refused {
        int me = sid(text);
        if (servers[me] == null) {
            throw new Refused("server " + me + " is not running");
        }
        return servers[me];
    }

    private SteppedServer start(int me, long zxid, long epoch) throws IOException {
        if (servers[me] != null) {
            servers[me].crash();
        }
        servers[me] = null;
        servers[me] = new SteppedServer(members, idle, me, zxid, epoch);
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
    private SteppedServer carryOut(String[] fields) throws Throwable {
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
        SteppedServer server = running(fields[1]);
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
            SteppedServer server = carryOut(command.trim().split(" "));
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
        servers = new SteppedServer[0];
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
