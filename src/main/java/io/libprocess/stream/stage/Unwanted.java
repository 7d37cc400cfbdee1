package io.libprocess.stream.stage;

/** The receiver of a source that nobody wants: cancels it before it has done anything. */
public final class Unwanted extends Downstream<Object> {

  private final Throwable cause;

  private Unwanted(Throwable cause) {
    this.cause = cause;
  }

  /**
   * Starts a source and cancels it at once, so that it releases what it holds.
   *
   * @param cause null if nothing has failed
   */
  public static void cancel(Source<?> source, Run<?> run, Throwable cause) {
    Start.source(source, run, new Unwanted(cause));
  }

  @Override
  public void begin(Upstream up) {
    up.cancel(cause);
  }

  @Override
  public void next(Object element) {
    Elements.release(element);
  }

  @Override
  public void complete() {}

  @Override
  public void fail(Throwable failure) {} // Nobody wants to know.
}
