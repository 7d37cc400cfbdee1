package io.libprocess.http.http2.peers;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What the tests ask of each implementation. */
final class Peer {

  /** The trailer of a request; a server answers with {@link #SEEN}. */
  static final String SENT = "x-sent";

  /** The trailer of a response. */
  static final String SEEN = "x-seen";

  /** The path of requests that are answered with their body, fields of their own, and trailer. */
  static final String ECHO = "/echo";

  /** The path of requests that are never answered. */
  static final String WAIT = "/wait";

  /** Fields whose names begin like this come back in the response. */
  static final String PREFIX = "x-field-";

  private Peer() {}

  /**
   * A POST request.
   *
   * @param fields in lower case
   * @param trailer the value of {@link #SENT}; null for none
   */
  record Question(String path, Map<String, String> fields, byte[] body, String trailer) {}

  /**
   * A response.
   *
   * @param trailer the value of {@link #SEEN}; null for none
   */
  record Answer(int status, Map<String, String> fields, byte[] body, String trailer) {}

  /**
   * A request that was sent.
   *
   * @param giveUp gives it up
   */
  record Call(CompletableFuture<Answer> answer, Runnable giveUp) {
    void cancel() {
      giveUp.run();
    }
  }

  /** What has to be closed. */
  interface Part {
    void close() throws Exception;
  }

  /** A client with one connection, or with the few that it wants. */
  interface Client extends Part {
    Call send(Question question) throws Exception;
  }

  /** A server on a port of the loopback address. */
  interface Server extends Part {
    int port();
  }
}
