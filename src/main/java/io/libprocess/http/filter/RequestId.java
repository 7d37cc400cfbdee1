package io.libprocess.http.filter;

import io.libprocess.future.Future;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.runtime.SharedRandom;
import io.libprocess.service.Service;
import java.util.Optional;

/**
 * Gives each request an id, in a header that the handler finds in the request and the client in the
 * answer: what a user reports can be found in the logs of all who had to do with it. For any
 * thread.
 */
public final class RequestId implements HttpFilter {

  /** The header field. */
  public static final String HEADER = "X-Request-Id";

  private static final int MOST_CHARACTERS = 128;

  private final boolean trusts;
  private final SharedRandom random = SharedRandom.unseeded();

  private RequestId(boolean trusts) {
    this.trusts = trusts;
  }

  /** A new id for each request, whatever it brings: where requests come from everywhere. */
  public static RequestId fresh() {
    return new RequestId(false);
  }

  /**
   * The id that a request brings, or a new one: behind a proxy that gives ids. One of over 128
   * characters, or with others than letters, digits and {@code - _ . : = + /}, is replaced.
   */
  public static RequestId kept() {
    return new RequestId(true);
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    Optional<String> brought =
        trusts ? request.headers().first(HEADER).filter(RequestId::isId) : Optional.empty();
    String id = brought.orElseGet(this::made);
    return next.call(request.withHeader(HEADER, id))
        .map(response -> response.withHeader(HEADER, id));
  }

  private String made() {
    return String.format("%016x", random.nextLong());
  }

  private static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= MOST_CHARACTERS
        && text.chars().allMatch(RequestId::isLegal);
  }

  private static boolean isLegal(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || "-_.:=+/".indexOf(c) >= 0;
  }
}
