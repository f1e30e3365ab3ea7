package org.apache.zookeeper.server.quorum;

/** A command that cannot be carried out. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String why) {
        super(why, null, false, false);
    }
}
