package io.libprocess.badhouse.net;

/** Does nothing wrong. */
public final class Wall {}
