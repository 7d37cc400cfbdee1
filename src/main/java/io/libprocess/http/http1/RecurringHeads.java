package io.libprocess.http.http1;

import io.libprocess.http.Response;
import java.util.Arrays;

/** The last heads of a connection that may recur. For one thread at a time. */
public final class RecurringHeads {

  /** How many different heads are remembered. */
  private static final int MOST = 8;

  private RecurringHead[] heads = {};
  private int oldest; // The next one to be replaced.
  private int held;

  /** Whether there are none. */
  public boolean isEmpty() {
    return heads.length == 0;
  }

  /** The bytes of memory that the heads take. */
  public int held() {
    return held;
  }

  /** Adds a head, replacing the oldest one if there are too many. */
  public void add(RecurringHead head) {
    held += head.held();
    if (heads.length < MOST) {
      heads = Arrays.copyOf(heads, heads.length + 1);
      heads[heads.length - 1] = head;
    } else {
      held -= heads[oldest].held();
      heads[oldest] = head;
      oldest = (oldest + 1) % MOST;
    }
  }

  /**
   * The response to the next request of a parser, if that request has a known head; otherwise null.
   */
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
