package org.apache.zookeeper.server.quorum;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread for calls of lookForLeader, one after the other. The driver waits while it runs, and it waits
 * while the driver runs; who has the turn runs.
 */
final class Coroutine implements Runnable {
    private final Thread driver = Thread.currentThread();
    private final Thread thread = new Thread(this, "lookForLeader");
    private volatile boolean turn;
    private SteppedServer server;

    Coroutine() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Of the driver: runs the server until its next poll, or until its lookForLeader ends. */
    void resume(SteppedServer next) {
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
