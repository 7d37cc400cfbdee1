package io.libprocess.badhouse.http;

/** A class of the facade, which may use the values beside it. */
public final class HttpClient {
  Value value;

  static void call() {}
}
