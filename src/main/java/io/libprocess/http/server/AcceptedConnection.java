package io.libprocess.http.server;

import io.libprocess.http.exchange.ServedConnection;
import io.libprocess.http.http2.frame.Preface;
import io.libprocess.http.server.http2.Http2Connection;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An accepted connection, whatever version of HTTP it will speak. It speaks HTTP/1.1 unless TLS has
 * chosen HTTP/2, or the client's first octets are the preface of HTTP/2: while they may become the
 * preface nothing is passed on, and the first other octet decides. After that it only passes events
 * on.
 *
 * <p>The events of the channel come one at a time; the other methods may be called by any thread.
 */
final class AcceptedConnection implements ServedConnection {

  private static final String HTTP_2 = "h2";
  private static final long NEVER = Long.MAX_VALUE;

  private final HttpServer server;
  private final Transport.Channel channel;
  private volatile ServedConnection served;
  private volatile boolean draining;
  private volatile long partSince = NEVER; // When a part of the preface arrived, in server time.

  // Used by the events of the channel.
  private boolean decided;
  private int seen; // How many octets of the preface have arrived.

  AcceptedConnection(HttpServer server, Transport.Channel channel) {
    this.server = server;
    this.channel = channel;
    if (!server.speaksHttp2()) {
      served = new Http1Connection(server, channel);
      decided = true;
    } else if (channel.tls().isEmpty()) {
      served = new Http1Connection(server, channel);
    } else {
      boolean chosen = channel.tls().get().applicationProtocol().filter(HTTP_2::equals).isPresent();
      served = chosen ? new Http2Connection(server, channel) : new Http1Connection(server, channel);
      decided = true;
    }
  }

  @Override
  public void accepted() {
    served.accepted();
  }

  @Override
  public void received(ByteBuffer bytes) {
    if (!decided) {
      decide(bytes);
    }
    if (decided) {
      served.received(bytes);
    }
  }

  private void decide(ByteBuffer bytes) {
    int before = seen;
    for (int at = bytes.position(); at < bytes.limit(); at++) {
      if (!Preface.continues(seen, bytes.get(at))) {
        become(served, before);
        return;
      }
      if (++seen == Preface.LENGTH) {
        become(new Http2Connection(server, channel), before);
        return;
      }
    }
    if (before == 0 && seen > 0) {
      partSince = server.time();
    }
  }

  /** Decides, and passes on the octets that had arrived before. */
  private void become(ServedConnection now, int before) {
    decided = true;
    partSince = NEVER;
    if (now != served) {
      served = now;
      if (draining) {
        now.drain();
      }
    }
    if (before > 0) {
      now.received(Preface.start(before));
    }
  }

  @Override
  public void ended() {
    if (!decided) {
      become(served, seen);
    }
    served.ended();
  }

  @Override
  public void drained() {
    served.drained();
  }

  @Override
  public void outputEnded() {
    served.outputEnded();
  }

  @Override
  public void closed(Optional<IOException> failure) {
    server.closed(this);
    served.closed(failure);
  }

  @Override
  public boolean isExpendable() {
    return served.isExpendable();
  }

  @Override
  public void abort() {
    served.abort();
  }

  @Override
  public void drain() {
    draining = true;
    served.drain();
  }

  @Override
  public Look look() {
    return served.look();
  }

  @Override
  public void checkTime() {
    long since = partSince;
    if (since != NEVER && server.isOver(server.limits().headTime(), since)) {
      channel.close();
    } else {
      served.checkTime();
    }
  }
}
