package io.libprocess.badhouse.http.client;

/** Does nothing wrong. */
public final class Room {}
