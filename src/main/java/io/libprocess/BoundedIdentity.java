package io.libprocess;

/** The id of a process whose mailbox will be limited, or the number in place of one. */
record BoundedIdentity(Object idOrNumber, int limit) {

  static Object unlimited(Object identity) {
    return identity instanceof BoundedIdentity bounded ? bounded.idOrNumber : identity;
  }
}
