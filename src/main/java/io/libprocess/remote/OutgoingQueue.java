package io.libprocess.remote;

import io.libprocess.net.Transport;
import io.libprocess.remote.wire.Outgoing;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The queue of the requests to one node that have not been written. They wait here until there is a
 * connection, and while the channel has enough to send. Guarded by the lock of the {@link Peer}.
 */
final class OutgoingQueue {

  /**
   * How many bytes the channel gets at a time; well above the mark at which it reports that they
   * are sent.
   */
  private static final long HIGH_WATER = 256 << 10;

  /** The largest size of one buffer, in bytes. */
  private static final long MOST_GATHERED = 64 << 10;

  private final ArrayDeque<Outgoing> requests = new ArrayDeque<>(2);
  private final byte[] credentials; // A line for each head; empty if none is needed.
  private long bytes;

  OutgoingQueue(byte[] credentials) {
    this.credentials = credentials;
  }

  void add(Outgoing unsigned) {
    Outgoing outgoing = unsigned.with(credentials);
    requests.add(outgoing);
    bytes += outgoing.size();
  }

  /** Adds a request before all others. */
  void addFirst(Outgoing unsigned) {
    Outgoing outgoing = unsigned.with(credentials);
    requests.addFirst(outgoing);
    bytes += outgoing.size();
  }

  boolean isEmpty() {
    return requests.isEmpty();
  }

  int size() {
    return requests.size();
  }

  long bytes() {
    return bytes;
  }

  /** Gives the channel as much as it should have, and records the written requests. */
  void flush(Transport.Channel channel, Unanswered unanswered) {
    while (!requests.isEmpty() && channel.queued() <= HIGH_WATER) {
      int count = 0;
      long size = 0;
      for (Outgoing outgoing : requests) {
        size += outgoing.size();
        if (size > MOST_GATHERED) {
          size -= outgoing.size();
          break;
        }
        count++;
      }
      if (count > 1) {
        writeTogether(channel, count, (int) size, unanswered);
      } else {
        next(unanswered).write(channel);
      }
    }
  }

  private void writeTogether(
      Transport.Channel channel, int count, int size, Unanswered unanswered) {
    ByteBuffer together = ByteBuffer.allocate(size);
    for (int i = 0; i < count; i++) {
      next(unanswered).put(together);
    }
    channel.write(together.flip());
  }

  private Outgoing next(Unanswered unanswered) {
    Outgoing outgoing = requests.poll();
    bytes -= outgoing.size();
    unanswered.written(outgoing.receipt());
    return outgoing;
  }

  /** Gives the channel all requests. */
  void writeAll(Transport.Channel channel, Unanswered unanswered) {
    while (!requests.isEmpty()) {
      next(unanswered).write(channel);
    }
  }

  /** Removes and returns all requests, in order. */
  List<Outgoing> takeAll() {
    List<Outgoing> all = all();
    clear();
    return all;
  }

  /** All requests, in order. */
  List<Outgoing> all() {
    return List.copyOf(requests);
  }

  /** Drops all requests. */
  void clear() {
    requests.clear();
    bytes = 0;
  }
}
