package io.libprocess.http.http2;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The streams of a connection, which the peer opens: those that are open, by their ids, and what is
 * known of others. A hash table with linear probing, whose keys are odd numbers that grow, so that
 * neighbours seldom collide.
 *
 * <p>For one thread at a time, with one exception: {@link #forEach} may be called by another
 * thread, and then may miss streams that come or go.
 *
 * @param <S> a stream
 */
public final class StreamTable<S extends OpenStream> {

  private static final int FIRST_CAPACITY = 8; // A power of two.

  private int[] ids = new int[FIRST_CAPACITY]; // 0 in an empty place.
  private Object[] streams = new Object[FIRST_CAPACITY];
  private int size;

  private final ClosedStreams closed;
  private int highest; // The highest id that the peer has used.
  private int skippedFrom; // The ids that the peer has passed over last.
  private int skippedTo;

  /**
   * Makes a table without streams.
   *
   * @param time a time that never goes back, in milliseconds
   */
  public StreamTable(LongSupplier time) {
    closed = new ClosedStreams(time);
  }

  /** How many streams are open. */
  public int size() {
    return size;
  }

  /** Whether no stream is open. */
  public boolean isEmpty() {
    return size == 0;
  }

  private static int home(int id, int capacity) {
    return id >>> 1 & capacity - 1;
  }

  private int find(int id) {
    int mask = ids.length - 1;
    int place = home(id, ids.length);
    while (ids[place] != id && ids[place] != 0) {
      place = place + 1 & mask;
    }
    return place;
  }

  /** The stream with an id, if it is open; otherwise null. */
  @SuppressWarnings("unchecked") // Only add stores streams.
  public S get(int id) {
    return (S) streams[find(id)];
  }

  /** The state of the stream with an id. */
  public StreamState state(int id) {
    S stream = get(id);
    if (stream != null) {
      return stream.state();
    }
    return id > highest || id % 2 == 0 ? StreamState.IDLE : closed.reason(id);
  }

  /** Notes that the peer uses an id for a new stream; false if it must not do so. */
  public boolean use(int id) {
    if (id % 2 == 0 || id <= highest) {
      return false;
    }
    if (id > highest + 2) {
      skippedFrom = highest + 1;
      skippedTo = id;
    }
    highest = id;
    return true;
  }

  /** Whether the peer has passed over an id lately, so that it may not be used any more. */
  public boolean isSkipped(int id) {
    return id >= skippedFrom && id < skippedTo;
  }

  /** Adds a stream whose id is in use. */
  public void add(S stream) {
    if (2 * size >= ids.length) {
      grow();
    }
    int place = find(stream.id());
    ids[place] = stream.id();
    streams[place] = stream;
    size++;
  }

  private void grow() {
    int[] oldIds = ids;
    Object[] old = streams;
    ids = new int[2 * oldIds.length];
    Object[] grown = new Object[ids.length];
    for (int i = 0; i < oldIds.length; i++) {
      if (oldIds[i] != 0) {
        int place = find(oldIds[i]);
        ids[place] = oldIds[i];
        grown[place] = old[i];
      }
    }
    streams = grown;
  }

  /** Closes a stream. */
  public void close(S stream, StreamState reason) {
    stream.close(reason);
    remove(stream.id());
    closed.add(stream.id(), reason);
  }

  /** Notes that a stream which was not added is refused. */
  public void refuse(int id) {
    closed.add(id, StreamState.RESET_HERE);
  }

  /** Notes that a stream which is closed was reset here. */
  public void resetAgain(int id) {
    closed.change(id, StreamState.RESET_HERE);
  }

  /** Removes a stream, and moves those after it that would not be found any more. */
  private void remove(int id) {
    int hole = find(id);
    int mask = ids.length - 1;
    int place = hole;
    while (ids[place = place + 1 & mask] != 0) {
      int distance = place - home(ids[place], ids.length) & mask;
      if (distance >= (place - hole & mask)) {
        ids[hole] = ids[place];
        streams[hole] = streams[place];
        hole = place;
      }
    }
    ids[hole] = 0;
    streams[hole] = null;
    size--;
  }

  /** Shows the open streams, in no particular order. The action must not close any. */
  @SuppressWarnings("unchecked") // Only add stores streams.
  public void forEach(Consumer<? super S> action) {
    for (Object stream : streams) {
      if (stream != null) {
        action.accept((S) stream);
      }
    }
  }

  /** The open streams, the oldest first, for actions that may close some. */
  public List<S> all() {
    List<S> all = new ArrayList<>(size);
    forEach(all::add);
    all.sort((one, other) -> Integer.compare(one.id(), other.id()));
    return all;
  }

  /**
   * Remembers why the last streams of a connection were closed, for some seconds. Streams that were
   * closed earlier count as reset by this side, so that what still arrives for them is dropped. The
   * number bounds the memory even of a connection that closes thousands in a second.
   */
  private static final class ClosedStreams {

    private static final int REMEMBERED = 128; // A power of two.
    private static final long LONGEST = 10_000; // In milliseconds.
    private static final int REASONS = 8; // A power of two.
    private static final StreamState[] STATES = StreamState.values();

    private final LongSupplier time;
    private final int[] ids = new int[REMEMBERED]; // 0 in a place that was not used yet.
    private final long[] ends = new long[REMEMBERED]; // Time and reason of each.
    private int next;

    ClosedStreams(LongSupplier time) {
      this.time = time;
    }

    /** Notes that a stream was closed. */
    void add(int stream, StreamState reason) {
      ids[next] = stream;
      ends[next] = time.getAsLong() * REASONS + reason.ordinal();
      next = next + 1 & REMEMBERED - 1;
    }

    /** Changes the reason of a stream that was closed, if it is still remembered. */
    void change(int stream, StreamState reason) {
      int place = find(stream);
      if (place >= 0) {
        ends[place] = (ends[place] & -REASONS) + reason.ordinal();
      }
    }

    /** Why a stream was closed. */
    StreamState reason(int stream) {
      int place = find(stream);
      return place < 0 || time.getAsLong() - Math.floorDiv(ends[place], REASONS) > LONGEST
          ? StreamState.RESET_HERE
          : STATES[(int) (ends[place] & REASONS - 1)];
    }

    private int find(int stream) {
      for (int i = 0; i < REMEMBERED; i++) {
        if (ids[i] == stream) {
          return i;
        }
      }
      return -1;
    }
  }
}
