package io.libprocess.grpc.interop;

import java.util.List;
import java.util.Map;

/** A call in progress, of whatever client. Its methods wait. */
interface Talk {

  /** The service of the cases. */
  String SERVICE = "test.Interop";

  /** The kinds of calls: the numbers of messages each way. */
  enum Kind {
    UNARY,
    SERVER_STREAMING,
    CLIENT_STREAMING,
    BIDIRECTIONAL
  }

  /**
   * What goes along with a call.
   *
   * @param texts metadata of texts
   * @param bytes metadata of bytes
   * @param timeoutMillis 0 for none
   * @param gzip whether the requests are compressed
   */
  record Options(
      Map<String, String> texts, Map<String, byte[]> bytes, long timeoutMillis, boolean gzip) {
    static final Options NONE = new Options(Map.of(), Map.of(), 0, false);
  }

  /**
   * How a call has ended.
   *
   * @param status its number
   * @param headers texts before the replies
   * @param trailers bytes after them
   */
  record End(
      int status, String message, Map<String, String> headers, Map<String, byte[]> trailers) {}

  /** A client. */
  interface Caller {
    Talk call(String service, String method, Kind kind, Options options, List<byte[]> requests)
        throws Exception;

    /** A call whose requests are sent one by one. */
    Talk talk(String method, Options options) throws Exception;

    /** Many unary calls at once; the sizes of the replies. */
    List<Integer> many(String method, byte[] request, int count) throws Exception;

    void stop() throws Exception;
  }

  void send(byte[] request) throws Exception;

  void halfClose() throws Exception;

  /** The next reply; null after the last one. */
  byte[] next() throws Exception;

  void cancel() throws Exception;

  /** How it has ended. */
  End end() throws Exception;
}
