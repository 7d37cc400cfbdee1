package io.libprocess.service.filter;

import io.libprocess.context.Context;
import io.libprocess.context.ContextCodec;
import io.libprocess.context.ContextKey;
import io.libprocess.future.Future;
import io.libprocess.service.Filter;

/**
 * How often a request was sent before, as its server sees it. It goes along with the request and no
 * further: what a server has received it does not send.
 */
public final class AttemptNumber {

  private static final ContextKey<Attempt> KEY =
      ContextKey.broadcast("com.twitter.finagle.Retries", new Codec());

  private AttemptNumber() {}

  /**
   * An attempt.
   *
   * @param received whether it is that of the request being served, not of one to be sent
   */
  private record Attempt(int number, boolean received) {}

  /** That of the current request, received or to be sent; 0 for the first attempt. */
  public static int current() {
    return KEY.current().map(Attempt::number).orElse(0);
  }

  /** That of a request that is sent in a context; 0 for the first attempt. */
  public static int ofSending(Context context) {
    return context.get(KEY).filter(attempt -> !attempt.received()).map(Attempt::number).orElse(0);
  }

  /** That of a request that was received in a context; 0 for the first attempt. */
  public static int ofReceiving(Context context) {
    return context.get(KEY).filter(Attempt::received).map(Attempt::number).orElse(0);
  }

  /**
   * A filter that begins anew, for the outermost place of a client: what is sent because of another
   * request is a first attempt all the same.
   */
  public static <Q, R> Filter<Q, R, Q, R> fresh() {
    return (request, service) ->
        KEY.current().isEmpty()
            ? service.call(request)
            : Context.clear(KEY, () -> service.call(request));
  }

  /** Calls something as an attempt; the first has the number 0. */
  static <R> Future<R> call(int number, Context.Body<Future<R>, RuntimeException> body) {
    if (number > 0) {
      return Context.with(KEY, new Attempt(number, false), body);
    }
    return KEY.current().isEmpty() ? body.call() : Context.clear(KEY, body);
  }

  /** A decimal number. */
  private static final class Codec implements ContextCodec<Attempt> {

    @Override
    public boolean isSent(Attempt value) {
      return !value.received();
    }

    @Override
    public String encode(Attempt value) {
      return Integer.toString(value.number());
    }

    @Override
    public Attempt decode(String text) {
      int number = Integer.parseInt(text);
      if (number < 0) {
        throw new IllegalArgumentException("attempt number < 0: " + number);
      }
      return new Attempt(number, true);
    }
  }
}
