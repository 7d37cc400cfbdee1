package io.libprocess.context;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The way a server or client treats contexts: whether they come from and go to the other side, and
 * whether traces are recorded here. Immutable.
 *
 * <p>With HTTP requests and messages go the values of broadcast keys ({@code Finagle-Ctx-<id>}) and
 * the trace ({@code X-B3-TraceId} and so on). A server reads those, and also {@code b3} and {@code
 * traceparent}, into the context of the handler, which does not see these fields. What cannot be
 * read is dropped and logged; fields with ids that nobody has made a key for are dropped.
 *
 * @param trusting whether the other side belongs to the same system: if not, a server drops the
 *     fields of contexts, and a client sends none
 * @param traceparent whether the trace is also sent in the form of the W3C
 * @param recorder gets what is traced; empty if no trace begins here and none is recorded
 * @param sampling which part of the requests is recorded whose sampling nobody has decided, from 0
 *     to 1
 */
public record Propagation(
    boolean trusting, boolean traceparent, Optional<TraceRecorder> recorder, double sampling) {

  private static final Propagation TRUSTED = new Propagation(true, false, Optional.empty(), 0);
  private static final Propagation FOREIGN = new Propagation(false, false, Optional.empty(), 0);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the sampling is not within 0 to 1
   */
  public Propagation {
    requireNonNull(recorder, "recorder");
    if (!(sampling >= 0 && sampling <= 1)) {
      throw new IllegalArgumentException("not within 0 to 1: sampling = " + sampling);
    }
  }

  /** For another side that belongs to the same system. */
  public static Propagation trusted() {
    return TRUSTED;
  }

  /** For another side that does not: an edge of the system. */
  public static Propagation foreign() {
    return FOREIGN;
  }

  /** The same, and the trace is also sent as {@code traceparent}. */
  public Propagation withTraceparent() {
    return new Propagation(trusting, true, recorder, sampling);
  }

  /**
   * The same, and requests are traced here.
   *
   * @param part which part of them is recorded, where nobody has decided before; from 0 to 1
   */
  public Propagation withRecorder(TraceRecorder newRecorder, double part) {
    return new Propagation(trusting, traceparent, Optional.of(newRecorder), part);
  }
}
