package org.apache.zookeeper.server.quorum;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.jute.BinaryInputArchive;
import org.apache.jute.BinaryOutputArchive;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.server.Request;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.quorum.QuorumPeer.QuorumServer;
import org.apache.zookeeper.server.quorum.flexible.QuorumMaj;
import org.apache.zookeeper.server.util.ZxidUtils;

/**
 * The unmodified Leader of three servers, s1, and a learner s2 that a script plays over a socket. s2 logs
 * the first transaction of epoch 1, and returns to s1 over a second connection. The argument says what
 * is late:
 *
 *   log    the log of s1 is held until s2 has returned; s2 has sent its ACK before
 *   ack    s2 sends its ACK over the first connection, after it has returned over the second
 *   apply  s1 has committed, and its database is held until s2 has returned
 *
 * Prints each packet (`s2 <- TRUNC 0x100000000`; the second connection is s2'), and what s1 has committed.
 */
public final class LeaderScript {
    private static final long FOLLOWER = 2;

    private final File directory = Files.createTempDirectory("fle-check-leader-").toFile();
    private final Map<Long, QuorumServer> view = new HashMap<>();
    private final FileTxnSnapLog log = new FileTxnSnapLog(directory, directory);
    private final ZKDatabase database = new ZKDatabase(log);
    private final LeaderZooKeeperServer server;
    private final Leader leader;

    private LeaderScript() throws Exception {
        for (long sid = 1; sid <= 3; sid++) {
            view.put(sid, new QuorumServer(sid, free(), free(), (InetSocketAddress) null));
        }
        File version = new File(directory, "version-2");
        for (String name : new String[] {"currentEpoch", "acceptedEpoch"}) {
            Files.write(new File(version, name).toPath(), "0".getBytes(StandardCharsets.US_ASCII));
        }
        new File(directory, "initialize").createNewFile();
        QuorumPeer peer = QuorumPeer.testingQuorumPeer();
        peer.tickTime = 2000;
        peer.initLimit = 20;
        peer.syncLimit = 20;
        peer.setMyid(1);
        peer.setQuorumVerifier(new QuorumMaj(view), false);
        peer.setTxnFactory(log);
        peer.setZKDatabase(database);
        database.loadDataBase();
        server = new LeaderZooKeeperServer(log, peer, database);
        leader = new Leader(peer, server);
        peer.leader = leader;
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("zookeeper.admin.enableServer", "false");
        LeaderScript script = new LeaderScript();
        try {
            script.run(args[0]);
        } finally {
            remove(script.directory);
        }
        System.exit(0);
    }

    private void run(String late) throws Exception {
        Thread leading = new Thread(this::lead);
        leading.setDaemon(true);
        leading.start();
        Connection first = new Connection("s2");
        first.register(0, 0, 0);
        long newLeader = first.readUntil(Leader.NEWLEADER);
        first.send(Leader.ACK, newLeader, null);
        first.readUntil(Leader.UPTODATE);
        first.send(Leader.ACK, newLeader, null);
        // Leader.startZkServer sets the zxid of the database after a learner may have read UPTODATE.
        await(() -> database.getDataTreeLastProcessedZxid() == newLeader);
        switch (late) {
            case "log":
                logIsLate(first);
                break;
            case "ack":
                ackIsLate(first);
                break;
            default:
                applyIsLate(first);
        }
        await(() -> database.getDataTreeLastProcessedZxid() > newLeader);
        told("in the end");
    }

    private void logIsLate(Connection first) throws Exception {
        synchronized (valueOf(FileTxnSnapLog.class, "txnLog", log)) {
            long txn = propose(first);
            first.send(Leader.ACK, txn, null);
            // s1 reads the ACK before the end of the connection.
            first.close();
            returnWith(txn);
            told("with its log held");
        }
    }

    private void ackIsLate(Connection first) throws Exception {
        long txn = propose(first);
        returnWith(txn);
        told("before the ACK");
        first.send(Leader.ACK, txn, null);
    }

    private void applyIsLate(Connection first) throws Exception {
        long txn = propose(first);
        synchronized (valueOf(ZooKeeperServer.class, "outstandingChanges", server)) {
            first.send(Leader.ACK, txn, null);
            first.readUntil(Leader.COMMIT);
            first.close();
            returnWith(txn);
            told("with its database held");
        }
    }

    /** A client opens a session, which is a transaction. */
    private long propose(Connection first) throws Exception {
        ByteBuffer timeout = ByteBuffer.allocate(4);
        timeout.putInt(30_000).flip();
        server.submitRequest(new Request(null, 7, 0, OpCode.createSession, timeout, null));
        return first.readUntil(Leader.PROPOSAL);
    }

    /** s2 comes back in the same epoch, with that transaction as its last. */
    private void returnWith(long txn) throws Exception {
        Connection second = new Connection("s2'");
        second.register(1, txn, -1);
        second.readUntil(Leader.NEWLEADER);
    }

    private void lead() {
        try {
            leader.lead();
        } catch (IOException | InterruptedException e) {
            System.out.println("s1 leads no more: " + e);
        }
    }

    private static void await(BooleanSupplier isSo) throws InterruptedException {
        for (int i = 0; i < 500 && !isSo.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
    }

    private void told(String when) {
        String committed = Long.toHexString(leader.lastCommitted);
        String applied = Long.toHexString(database.getDataTreeLastProcessedZxid());
        System.out.println("s1 has committed 0x" + committed + " and applied 0x" + applied + " " + when);
    }

    private static Object valueOf(Class<?> type, String name, Object of) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    private static InetSocketAddress free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new InetSocketAddress("127.0.0.1", socket.getLocalPort());
        }
    }

    private static void remove(File file) {
        File[] files = file.listFiles();
        if (files != null) {
            for (File each : files) {
                remove(each);
            }
        }
        file.delete();
    }

    /** A connection of s2 to its leader. */
    private final class Connection {
        private final String name;
        private final Socket socket;
        private final BinaryInputArchive in;
        private final BufferedOutputStream buffer;
        private final BinaryOutputArchive out;

        Connection(String name) throws IOException {
            this.name = name;
            socket = new Socket();
            socket.connect(view.get(1L).addr.getOne());
            in = BinaryInputArchive.getArchive(new BufferedInputStream(socket.getInputStream()));
            buffer = new BufferedOutputStream(socket.getOutputStream());
            out = BinaryOutputArchive.getArchive(buffer);
        }

        /** FOLLOWERINFO, LEADERINFO, ACKEPOCH. */
        void register(long acceptedEpoch, long lastZxid, int currentEpoch) throws IOException {
            ByteArrayOutputStream info = new ByteArrayOutputStream();
            LearnerInfo learner = new LearnerInfo(FOLLOWER, 0x10000, 0);
            BinaryOutputArchive.getArchive(info).writeRecord(learner, "LearnerInfo");
            send(Leader.FOLLOWERINFO, ZxidUtils.makeZxid(acceptedEpoch, 0), info.toByteArray());
            readUntil(Leader.LEADERINFO);
            send(Leader.ACKEPOCH, lastZxid, ByteBuffer.allocate(4).putInt(currentEpoch).array());
        }

        void send(int type, long zxid, byte[] data) throws IOException {
            out.writeRecord(new QuorumPacket(type, zxid, data, null), "packet");
            buffer.flush();
            System.out.println(name + " -> " + nameOf(type) + " 0x" + Long.toHexString(zxid));
        }

        /** The zxid of the first packet of this type. PINGs are read and not printed. */
        long readUntil(int type) throws IOException {
            QuorumPacket packet = new QuorumPacket();
            do {
                in.readRecord(packet, "packet");
                if (packet.getType() != Leader.PING) {
                    String zxid = Long.toHexString(packet.getZxid());
                    System.out.println(name + " <- " + nameOf(packet.getType()) + " 0x" + zxid);
                }
            } while (packet.getType() != type);
            return packet.getZxid();
        }

        void close() throws IOException {
            socket.close();
            System.out.println(name + " closes the connection");
        }

        private String nameOf(int type) {
            switch (type) {
                case Leader.PROPOSAL: return "PROPOSAL";
                case Leader.ACK: return "ACK";
                case Leader.COMMIT: return "COMMIT";
                case Leader.NEWLEADER: return "NEWLEADER";
                case Leader.FOLLOWERINFO: return "FOLLOWERINFO";
                case Leader.UPTODATE: return "UPTODATE";
                case Leader.DIFF: return "DIFF";
                case Leader.TRUNC: return "TRUNC";
                case Leader.SNAP: return "SNAP";
                case Leader.LEADERINFO: return "LEADERINFO";
                case Leader.ACKEPOCH: return "ACKEPOCH";
                default: return "packet of type " + type;
            }
        }
    }
}
