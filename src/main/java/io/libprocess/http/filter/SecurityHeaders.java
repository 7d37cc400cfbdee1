package io.libprocess.http.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.service.Service;
import io.libprocess.settings.Check;
import java.time.Duration;

/**
 * Tells browsers to be careful, in header fields of all answers that do not have them already.
 * Immutable; the methods give changed copies.
 */
public final class SecurityHeaders implements HttpFilter {

  private final Headers fields;

  private SecurityHeaders(Headers fields) {
    this.fields = fields;
  }

  /**
   * {@code X-Content-Type-Options: nosniff}, {@code X-Frame-Options: DENY} and {@code
   * Referrer-Policy: no-referrer}: right for an API and for most pages.
   */
  public static SecurityHeaders standard() {
    return new SecurityHeaders(
        Headers.of(
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer"));
  }

  /**
   * With another field, or another value of one.
   *
   * @throws IllegalArgumentException if it is not legal
   */
  public SecurityHeaders with(String name, String value) {
    return new SecurityHeaders(fields.with(name, value));
  }

  /** Without a field. */
  public SecurityHeaders without(String name) {
    return new SecurityHeaders(fields.without(name));
  }

  /** With {@code Content-Security-Policy}: what pages may load, and from where. */
  public SecurityHeaders contentSecurityPolicy(String policy) {
    return with("Content-Security-Policy", policy);
  }

  /**
   * With {@code Strict-Transport-Security}: browsers use nothing but TLS for that time, for this
   * host and all below it. They do not forget it earlier.
   */
  public SecurityHeaders strictTransport(Duration time) {
    long seconds = Check.notNegative("time", requireNonNull(time, "time")).toSeconds();
    return with("Strict-Transport-Security", "max-age=" + seconds + "; includeSubDomains");
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    return next.call(request).map(this::secured);
  }

  private Response secured(Response response) {
    Headers.Builder all = response.headers().toBuilder();
    for (int i = 0; i < fields.size(); i++) {
      if (!response.headers().contains(fields.name(i))) {
        all.add(fields.name(i), fields.value(i));
      }
    }
    return response.withHeaders(all.build());
  }
}
