package io.libprocess.http.http2;

import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.internal.Counted;
import io.libprocess.internal.Log;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Counts what happens on all connections of HTTP/2 of a server, and logs the limits that are
 * exceeded: for each limit a line a minute. For any thread.
 */
public final class Http2Counts implements Counted {

  private static final long MINUTE = 60_000;
  private static final long NANOS = 1_000_000_000; // Of a second.

  private final LongAdder connections = new LongAdder();
  private final LongAdder streams = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder connectionShut = new LongAdder(); // In nanoseconds.
  private final LongAdder streamShut = new LongAdder();
  private final Map<ErrorCode, LongAdder> resetsHere = adders(ErrorCode.class);
  private final Map<ErrorCode, LongAdder> resetsByPeer = adders(ErrorCode.class);
  private final Map<ErrorCode, LongAdder> ends = adders(ErrorCode.class);
  private final Map<AbuseRule, LongAdder> limits = adders(AbuseRule.class);
  private final Map<AbuseRule, AtomicLong> nextLine = new EnumMap<>(AbuseRule.class);

  /** Makes counts of nothing. */
  public Http2Counts() {
    for (AbuseRule rule : AbuseRule.values()) {
      nextLine.put(rule, new AtomicLong(Long.MIN_VALUE));
    }
  }

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    Map<E, LongAdder> adders = new EnumMap<>(type);
    for (E key : type.getEnumConstants()) {
      adders.put(key, new LongAdder());
    }
    return adders;
  }

  /** Notes that a connection has begun. */
  public void begun() {
    connections.increment();
  }

  /** Notes that a connection is over. */
  public void over() {
    connections.decrement();
  }

  /** Notes that a stream was opened. */
  public void opened() {
    streams.increment();
  }

  /** Notes that a request was not accepted, so that its client may send it again. */
  public void refused() {
    refused.increment();
  }

  /** Notes that this side has sent RST_STREAM. */
  public void reset(ErrorCode code) {
    resetsHere.get(code).increment();
  }

  /** Notes that the peer has sent RST_STREAM. */
  public void resetByPeer(ErrorCode code) {
    resetsByPeer.get(code).increment();
  }

  /** Notes that this side has sent its last GOAWAY. */
  public void ended(ErrorCode code) {
    ends.get(code).increment();
  }

  /** Notes how long a window of the peer has kept DATA back. */
  public void wasShut(boolean ofConnection, long nanos) {
    (ofConnection ? connectionShut : streamShut).add(nanos);
  }

  /**
   * Notes that a limit was exceeded.
   *
   * @param what the connection or stream, and what is done about it, for the log
   * @param now in milliseconds of the clock
   */
  public void exceeded(AbuseRule rule, Supplier<String> what, long now) {
    limits.get(rule).increment();
    AtomicLong next = nextLine.get(rule);
    long due = next.get();
    if (now >= due && next.compareAndSet(due, now + MINUTE)) {
      Log.warning(what.get() + " (limit " + rule.label() + ")");
    }
  }

  @Override
  public void showTo(Collector collector) {
    collector.gauge("http2_connections", "Connections that speak HTTP/2.", connections::sum);
    collector.counter("http2_streams", "Requests that came by HTTP/2.", streams::sum);
    collector.counter(
        "http2_refused", "Requests by HTTP/2 that clients may send again.", refused::sum);
    showShut(collector, "connection", connectionShut);
    showShut(collector, "stream", streamShut);
    String resets = "Streams that were reset.";
    show(collector, "http2_resets{by=\"server\",code=\"", resets, resetsHere);
    show(collector, "http2_resets{by=\"client\",code=\"", resets, resetsByPeer);
    show(collector, "http2_ends{code=\"", "Connections of HTTP/2 that the server ended.", ends);
    limits.forEach(
        (rule, count) ->
            collector.counter(
                "http2_limits{limit=\"" + rule.label() + "\"}",
                "How often a client of HTTP/2 has exceeded a limit.",
                count::sum));
  }

  private static void showShut(Collector collector, String window, LongAdder nanos) {
    collector.counter(
        "http2_shut_seconds{window=\"" + window + "\"}",
        "How long windows of clients have kept responses back.",
        () -> nanos.sum() / NANOS);
  }

  private static void show(
      Collector collector, String name, String help, Map<ErrorCode, LongAdder> counts) {
    counts.forEach((code, count) -> collector.counter(name + code + "\"}", help, count::sum));
  }
}
