package io.libprocess.stream.ends;

import static java.util.Objects.requireNonNull;

import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import java.util.Iterator;
import java.util.function.BiConsumer;

/**
 * A source that sends the elements of an iterator, which is asked for when the first element is.
 */
public final class IteratorSource<T> extends Emitter<T> {

  private final Iterable<? extends T> elements;
  private final BiConsumer<? super T, Throwable> disposal; // Null if they are not its own.
  private Iterator<? extends T> iterator; // Null before the first request.

  /**
   * Makes a source of the elements of an iterable.
   *
   * @param disposal is called for each element that is not sent, with the reason or null; null if
   *     they need no disposal
   */
  public IteratorSource(
      Run<?> run,
      Downstream<? super T> down,
      Iterable<? extends T> elements,
      BiConsumer<? super T, Throwable> disposal) {
    super(run, down);
    this.elements = elements;
    this.disposal = disposal;
  }

  /** Begins. */
  public void start() {
    begin();
  }

  /** Begins without waiting for a request: for an empty iterable. */
  public void startAtOnce() {
    begin();
    iterator = elements.iterator();
    ask();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {}

  @Override
  protected void dispose() {
    if (disposal == null) {
      return;
    }
    if (iterator == null) {
      iterator = elements.iterator();
    }
    while (iterator.hasNext()) {
      disposal.accept(iterator.next(), cause());
    }
  }

  @Override
  protected void step() {
    if (iterator == null) {
      if (!mayEmit()) {
        return;
      }
      iterator = elements.iterator();
    }
    while (iterator.hasNext()) {
      if (!claim()) {
        return;
      }
      down.next(requireNonNull(iterator.next(), "the element is null"));
    }
    complete();
  }
}
