package io.libprocess.http.http1;

import io.libprocess.http.Response;
import java.util.Arrays;

/** The heads that were seen last on a connection and may recur. For one thread at a time. */
public final class RecurringHeads {

  /** How many different heads are recognized. */
  private static final int MOST = 8;

  private RecurringHead[] heads = {};
  private int oldest; // The next to go.

  /** Whether there is none. */
  public boolean isEmpty() {
    return heads.length == 0;
  }

  /** Adds a head, in the place of the oldest if there are many. */
  public void add(RecurringHead head) {
    if (heads.length < MOST) {
      heads = Arrays.copyOf(heads, heads.length + 1);
      heads[heads.length - 1] = head;
    } else {
      heads[oldest] = head;
      oldest = (oldest + 1) % MOST;
    }
  }

  /** The response to the next request of a parser, if that has such a head; otherwise null. */
  public Response answer(RequestParser parser) {
    for (RecurringHead head : heads) {
      Response response = parser.answer(head);
      if (response != null) {
        return response;
      }
    }
    return null;
  }
}
