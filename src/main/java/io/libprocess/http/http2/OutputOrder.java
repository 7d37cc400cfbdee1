package io.libprocess.http.http2;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The order in which streams send the next frames of their bodies: the most urgent first; of those,
 * incremental ones in turn, and the others one after the other by their ids, with the two groups
 * taking turns. Every 16th frame is for the stream that has waited longest, whatever its urgency,
 * so that none waits for ever. For one thread at a time.
 *
 * <p>A stream is taken out for each frame, and added again if it has more to send.
 *
 * @param <S> a stream
 */
public final class OutputOrder<S extends OpenStream> {

  private static final int URGENCIES = 8;
  private static final int FAIR = 16;

  private final Groups<?>[] groups = new Groups<?>[URGENCIES]; // Null where no stream has been.
  private int size;
  private long clock; // How many streams have been added.
  private int taken; // Since the last one that was taken because it had waited longest.

  /** The streams of one urgency. */
  private static final class Groups<S extends OpenStream> {
    final Queue<S> incremental = new ArrayDeque<>(4);
    final Queue<S> others = new PriorityQueue<>(4, Comparator.comparingInt(OpenStream::id));
    boolean othersNext;

    Queue<S> of(OpenStream stream) {
      return stream.priority().incremental() ? incremental : others;
    }

    boolean isEmpty() {
      return incremental.isEmpty() && others.isEmpty();
    }

    S poll() {
      boolean fromOthers = incremental.isEmpty() || othersNext && !others.isEmpty();
      othersNext = !fromOthers;
      return fromOthers ? others.poll() : incremental.poll();
    }
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** The stream that is there; null if there are none, or more than one. */
  public S only() {
    return size == 1 ? longestWaiting() : null;
  }

  /** The streams of an urgency; null if there have been none. */
  @SuppressWarnings("unchecked") // Only the next method makes the elements.
  private Groups<S> seen(int urgency) {
    return (Groups<S>) groups[urgency];
  }

  private Groups<S> groups(int urgency) {
    if (groups[urgency] == null) {
      groups[urgency] = new Groups<S>();
    }
    return seen(urgency);
  }

  /** Adds a stream; does nothing if it is there. */
  public void add(S stream) {
    if (stream.waitsSince == 0) {
      stream.waitsSince = ++clock;
      groups(stream.priority().urgency()).of(stream).add(stream);
      size++;
    }
  }

  /** Removes a stream, if it is there. */
  public void remove(S stream) {
    if (stream.waitsSince != 0) {
      groups(stream.priority().urgency()).of(stream).remove(stream);
      taken(stream);
    }
  }

  private S taken(S stream) {
    stream.waitsSince = 0;
    size--;
    return stream;
  }

  /** Takes out the next stream, of which there must be one. */
  public S poll() {
    if (++taken >= FAIR) {
      taken = 0;
      S longest = longestWaiting();
      remove(longest);
      return longest;
    }
    for (int urgency = 0; ; urgency++) {
      Groups<S> group = seen(urgency);
      if (group != null && !group.isEmpty()) {
        return taken(group.poll());
      }
    }
  }

  private S longestWaiting() {
    S longest = null;
    for (int urgency = 0; urgency < URGENCIES; urgency++) {
      Groups<S> group = seen(urgency);
      if (group == null) {
        continue;
      }
      S first = group.incremental.peek(); // Has waited longest of its group.
      if (first != null && (longest == null || first.waitsSince < longest.waitsSince)) {
        longest = first;
      }
      for (S stream : group.others) {
        if (longest == null || stream.waitsSince < longest.waitsSince) {
          longest = stream;
        }
      }
    }
    return longest;
  }

  /** Changes the priority of a stream, which may be here. */
  public void change(S stream, Priority priority) {
    if (stream.waitsSince == 0) {
      stream.priority(priority);
    } else {
      remove(stream);
      stream.priority(priority);
      add(stream);
    }
  }
}
