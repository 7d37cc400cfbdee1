package io.libprocess.badhouse.attic;

/** Lives in a room that the plan does not know. */
final class Stranger {}
