package io.libprocess.service.filter;

import io.libprocess.context.Context;
import io.libprocess.context.ContextCodec;
import io.libprocess.context.ContextKey;
import io.libprocess.future.Future;

/**
 * How often a request was sent before, as its server sees it: it goes along with the request, and
 * no further.
 */
public final class AttemptNumber {

  private static final ContextKey<Integer> KEY =
      ContextKey.broadcast("com.twitter.finagle.Retries", new Codec());

  private AttemptNumber() {}

  /** That of the current request; 0 for the first attempt. */
  public static int current() {
    return KEY.current().orElse(0);
  }

  /** Calls something as an attempt. The number of who calls is never passed on. */
  static <R> Future<R> call(int number, Context.Body<Future<R>, RuntimeException> body) {
    if (number > 0) {
      return Context.with(KEY, number, body);
    }
    return KEY.current().isEmpty() ? body.call() : Context.clear(KEY, body);
  }

  /** A decimal number. */
  private static final class Codec implements ContextCodec<Integer> {

    @Override
    public String encode(Integer value) {
      return value.toString();
    }

    @Override
    public Integer decode(String text) {
      int number = Integer.parseInt(text);
      if (number < 0) {
        throw new IllegalArgumentException("attempt number < 0: " + number);
      }
      return number;
    }
  }
}
