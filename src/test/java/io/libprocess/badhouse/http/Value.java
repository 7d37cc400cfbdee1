package io.libprocess.badhouse.http;

/** A value that uses the facade of its package. */
public final class Value {
  void reachesUp() {
    HttpClient.call();
  }
}
