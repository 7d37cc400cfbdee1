package io.libprocess.http.exchange;

import io.libprocess.http.Limits;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.http.http2.UnfinishedBodies;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * What the connections of a server need of it, whatever version of HTTP they speak. All methods may
 * be called from any thread.
 */
public interface ServerContext {

  /** The handler of all requests. */
  RequestHandler handler();

  /** The limits for what clients send. */
  Limits limits();

  /** The reader of the contexts of requests. */
  ContextWire contexts();

  /** The answers if the handler fails. */
  FailureAnswers failures();

  /** The memory for bodies, and for answers that were not sent. */
  MemoryBudget memory();

  /** The object that knows the connections of other nodes; null if there are none. */
  NodeConnections nodes();

  /** Runs what blocks, such as the opening of files. */
  Executor blocking();

  /**
   * Tells of an answer to what was no request.
   *
   * @param client its address; null if it has no IP
   */
  void refused(Address client, Response answer);

  /* ------ HTTP/2 ------ */

  /** The counts of what happens by HTTP/2. */
  Http2Counts http2Counts();

  /** The account of the bodies that arrive by HTTP/2. */
  UnfinishedBodies bodies();

  /** The value of the field {@code date} of responses. */
  String date();

  /* ------ Time ------ */

  Clock clock();

  /** The clock's elapsed time in milliseconds as of the last period; cheap to read. */
  long time();

  /** The clock's elapsed time in milliseconds, exactly. */
  long now();

  /** The clock's elapsed time in nanoseconds. */
  long nanoTime();

  /** Whether a limit is exceeded, given that the noted time may be up to a period early. */
  boolean isOver(Duration limit, long start);
}
