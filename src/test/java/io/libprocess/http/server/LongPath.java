package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.ACK;
import static io.libprocess.http.server.Http2Wire.data;
import static io.libprocess.http.server.Http2Wire.ping;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A path of a given rate and round trip, in simulated time, over which a peer sends one body as
 * fast as windows and the path allow. Its time is that of the receiver's clock, in milliseconds.
 */
public final class LongPath {

  /** The bytes of a frame of the body. */
  public static final int FRAME = 16_384;

  /** What receives the body. */
  public interface Receiver {
    /** Lets a millisecond pass, and the reader of the body read. */
    void passTime();

    /** Frames arrive. */
    void receive(byte[] frames);

    /** What the receiver has sent since the last call. */
    Sent sent();
  }

  /**
   * What a receiver has sent.
   *
   * @param credited by how much the window of the stream was opened
   * @param measures whether there is a ping that measures
   */
  public record Sent(long credited, boolean measures) {}

  private record Flight(long at, int frames, Sent back, boolean answer) {}

  private static final byte[] PIECE = data(1, 0, "x".repeat(FRAME));
  private static final byte[] ANSWER = ping(ACK, "\0\0\0\0grow");

  private final Receiver receiver;
  private final int perMillisecond; // Frames.
  private final int oneWay; // Milliseconds.
  private final ArrayDeque<Flight> path = new ArrayDeque<>();
  private final List<Long> pings = new ArrayList<>();
  private long window;
  private long now;

  /**
   * Makes a path that is empty.
   *
   * @param window the window of the stream
   * @param perMillisecond how many frames it carries in a millisecond
   * @param roundTrip in milliseconds
   */
  public LongPath(Receiver receiver, long window, int perMillisecond, int roundTrip) {
    this.receiver = receiver;
    this.window = window;
    this.perMillisecond = perMillisecond;
    this.oneWay = roundTrip / 2;
  }

  /** Lets time pass; returns the bytes of the body that arrive in it. */
  public long pass(int milliseconds) {
    long arrived = 0;
    for (long end = now + milliseconds; now < end; now++) {
      receiver.passTime();
      int frames = (int) Math.min(perMillisecond, window / FRAME);
      if (frames > 0) {
        path.add(new Flight(now + oneWay, frames, null, false));
        window -= (long) frames * FRAME;
      }
      while (!path.isEmpty() && path.peek().at <= now) { // All take as long: they stay in order.
        arrived += arrive(path.poll());
      }
      Sent sent = receiver.sent();
      if (sent.measures) {
        pings.add(now);
      }
      if (sent.measures || sent.credited > 0) {
        path.add(new Flight(now + oneWay, 0, sent, false));
      }
    }
    return arrived;
  }

  private long arrive(Flight flight) {
    if (flight.answer) {
      receiver.receive(ANSWER);
    } else if (flight.back == null) {
      for (int i = 0; i < flight.frames; i++) {
        receiver.receive(PIECE);
      }
    } else {
      window += flight.back.credited;
      if (flight.back.measures) {
        path.add(new Flight(now + oneWay, 0, null, true));
      }
    }
    return (long) flight.frames * FRAME;
  }

  /** The times from each ping that measured to the next. */
  public List<Long> pauses() {
    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < pings.size(); i++) {
      pauses.add(pings.get(i) - pings.get(i - 1));
    }
    return pauses;
  }
}
