package io.libprocess.http.http2;

import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.internal.Counted;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens on all connections of HTTP/2 of a server. For any thread. */
public final class Http2Counts implements Counted {

  private final LongAdder connections = new LongAdder();
  private final LongAdder streams = new LongAdder();
  private final LongAdder cut = new LongAdder();
  private final Map<ErrorCode, LongAdder> resetsHere = new EnumMap<>(ErrorCode.class);
  private final Map<ErrorCode, LongAdder> resetsByPeer = new EnumMap<>(ErrorCode.class);
  private final Map<ErrorCode, LongAdder> ends = new EnumMap<>(ErrorCode.class);

  /** Makes counts of nothing. */
  public Http2Counts() {
    for (ErrorCode code : ErrorCode.values()) {
      resetsHere.put(code, new LongAdder());
      resetsByPeer.put(code, new LongAdder());
      ends.put(code, new LongAdder());
    }
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

  /** Notes that a connection was cut because the peer takes no output. */
  public void cut() {
    cut.increment();
  }

  @Override
  public void showTo(Collector collector) {
    collector.gauge("http2_connections", "Connections that speak HTTP/2.", connections::sum);
    collector.counter("http2_streams", "Requests that came by HTTP/2.", streams::sum);
    collector.counter(
        "http2_cut", "Connections of HTTP/2 whose clients took no control frames.", cut::sum);
    show(collector, "http2_resets{by=\"server\",code=\"", "Streams that were reset.", resetsHere);
    show(collector, "http2_resets{by=\"client\",code=\"", "Streams that were reset.", resetsByPeer);
    show(collector, "http2_ends{code=\"", "Connections of HTTP/2 that the server ended.", ends);
  }

  private static void show(
      Collector collector, String name, String help, Map<ErrorCode, LongAdder> counts) {
    counts.forEach((code, count) -> collector.counter(name + code + "\"}", help, count::sum));
  }
}
