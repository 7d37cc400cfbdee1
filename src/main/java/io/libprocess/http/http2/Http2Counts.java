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
 * Counts what happens on all connections of HTTP/2 of a server or client, and logs the limits that
 * are exceeded: for each limit a line a minute. For any thread.
 */
public final class Http2Counts implements Counted {

  private static final long MINUTE = 60_000;
  private static final long NANOS = 1_000_000_000; // Of a second.

  /** Which end of the connections this is. */
  private enum Side {
    SERVER("http2_", "server", "client"),
    CLIENT("http2_client_", "client", "server");

    final String prefix; // Of the names of metrics.
    final String own;
    final String peer;

    Side(String prefix, String own, String peer) {
      this.prefix = prefix;
      this.own = own;
      this.peer = peer;
    }
  }

  private final Side side;
  private final LongAdder connections = new LongAdder();
  private final LongAdder streams = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder connectionShut = new LongAdder(); // In nanoseconds.
  private final LongAdder streamShut = new LongAdder();
  private final Map<ErrorCode, LongAdder> resetsHere = adders(ErrorCode.class);
  private final Map<ErrorCode, LongAdder> resetsByPeer = adders(ErrorCode.class);
  private final Map<ErrorCode, LongAdder> endsHere = adders(ErrorCode.class);
  private final Map<ErrorCode, LongAdder> endsByPeer = adders(ErrorCode.class);
  private final Map<AbuseRule, LongAdder> limits = adders(AbuseRule.class);
  private final Map<AbuseRule, AtomicLong> nextLine = new EnumMap<>(AbuseRule.class);

  private Http2Counts(Side side) {
    this.side = side;
    for (AbuseRule rule : AbuseRule.values()) {
      nextLine.put(rule, new AtomicLong(Long.MIN_VALUE));
    }
  }

  /** Makes counts for the connections of a server. */
  public static Http2Counts ofServer() {
    return new Http2Counts(Side.SERVER);
  }

  /** Makes counts for the connections of a client. */
  public static Http2Counts ofClient() {
    return new Http2Counts(Side.CLIENT);
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
    endsHere.get(code).increment();
  }

  /** Notes that the peer has sent its first GOAWAY. */
  public void endedByPeer(ErrorCode code) {
    endsByPeer.get(code).increment();
  }

  /** Notes how long a window of the peer has kept DATA back. */
  public void wasShut(boolean ofConnection, long nanos) {
    (ofConnection ? connectionShut : streamShut).add(nanos);
  }

  /**
   * Notes that a limit was exceeded.
   *
   * @param what the peer, and what is done about it, for the log
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
    collector.gauge(
        side.prefix + "connections", "Connections that speak HTTP/2.", connections::sum);
    collector.counter(side.prefix + "streams", "Requests by HTTP/2.", streams::sum);
    collector.counter(
        side.prefix + "refused", "Requests by HTTP/2 that clients may send again.", refused::sum);
    showShut(collector, "connection", connectionShut);
    showShut(collector, "stream", streamShut);
    String resets = "Streams that were reset.";
    show(collector, "resets", side.own, resets, resetsHere);
    show(collector, "resets", side.peer, resets, resetsByPeer);
    String ends = "Connections of HTTP/2 that were ended with GOAWAY.";
    show(collector, "ends", side.own, ends, endsHere);
    show(collector, "ends", side.peer, ends, endsByPeer);
    limits.forEach(
        (rule, count) ->
            collector.counter(
                side.prefix + "limits{limit=\"" + rule.label() + "\"}",
                "How often a peer has exceeded a limit of HTTP/2.",
                count::sum));
  }

  private void showShut(Collector collector, String window, LongAdder nanos) {
    collector.counter(
        side.prefix + "shut_seconds{window=\"" + window + "\"}",
        "How long windows of peers have kept bodies back.",
        () -> nanos.sum() / NANOS);
  }

  private void show(
      Collector collector, String name, String by, String help, Map<ErrorCode, LongAdder> counts) {
    counts.forEach(
        (code, count) ->
            collector.counter(
                side.prefix + name + "{by=\"" + by + "\",code=\"" + code + "\"}",
                help,
                count::sum));
  }
}
