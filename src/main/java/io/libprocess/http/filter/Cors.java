package io.libprocess.http.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.Ordered;
import io.libprocess.service.Service;
import io.libprocess.settings.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lets pages of other origins make requests and read the answers (the CORS protocol of the Fetch
 * standard). Preflight requests, by which a browser asks first, are answered here: no authenticator
 * and no handler sees them. Immutable.
 *
 * <p>Requests of other origins are passed on, too, without the header that lets a page read the
 * answer: browsers send some without asking first, so what must not be done for other origins has
 * to be refused where it is done.
 *
 * <pre>{@code
 * Route.at("/orders").realm("staff")
 *     .filter(Cors.origins("https://shop.example").headers("Authorization").build())
 * }</pre>
 */
public final class Cors implements HttpFilter {

  private static final String ALLOW_ORIGIN = "Access-Control-Allow-Origin";
  private static final String ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials";
  private static final String REQUEST_METHOD = "Access-Control-Request-Method";
  private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
  private static final String VARY = "Vary";
  private static final String ORIGIN = "Origin";
  private static final Pattern ORIGINS = Pattern.compile("null|[a-z][a-z0-9+.-]*://[^/?#@\\s]+");

  private final Set<String> origins; // Empty: all.
  private final String methods;
  private final String headers;
  private final String exposed; // Empty: none.
  private final boolean credentials;
  private final String maxAge;

  private Cors(Builder builder) {
    origins = Ordered.copyOf(builder.origins);
    methods = String.join(", ", builder.methods);
    headers = String.join(", ", builder.headers);
    exposed = String.join(", ", builder.exposed);
    credentials = builder.credentials;
    maxAge = Long.toString(builder.maxAge.toSeconds());
  }

  /**
   * For pages of some origins.
   *
   * @param origins as browsers name them: the scheme, the host, and the port unless it is the
   *     scheme's own, such as {@code https://shop.example}
   * @throws IllegalArgumentException if there is none, or one is no origin
   */
  public static Builder origins(String... origins) {
    if (origins.length == 0) {
      throw new IllegalArgumentException("no origin is named; anyOrigin() is for all");
    }
    for (String origin : origins) {
      if (!ORIGINS.matcher(origin).matches()) {
        throw new IllegalArgumentException(
            "not an origin such as https://shop.example:8080: '" + origin + "'");
      }
    }
    return new Builder(List.of(origins));
  }

  /** For pages of whatever origin: for what may be read by everybody. */
  public static Builder anyOrigin() {
    return new Builder(List.of());
  }

  /** Collects what is allowed. Not safe for use by several threads at once. */
  public static final class Builder {

    private final List<String> origins;
    private List<String> methods = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private final List<String> headers = new ArrayList<>(List.of("Content-Type"));
    private final List<String> exposed = new ArrayList<>();
    private boolean credentials;
    private Duration maxAge = Duration.ofMinutes(10);

    private Builder(List<String> origins) {
      this.origins = origins;
    }

    /** Allows these methods; without this GET, HEAD, POST, PUT, PATCH and DELETE. */
    public Builder methods(String... methods) {
      this.methods = List.of(methods);
      return this;
    }

    /** Allows these header fields in requests, beside {@code Content-Type}. */
    public Builder headers(String... names) {
      headers.addAll(List.of(names));
      return this;
    }

    /** Lets pages see these header fields of answers, beside those that they always see. */
    public Builder exposedHeaders(String... names) {
      exposed.addAll(List.of(names));
      return this;
    }

    /** Lets browsers send cookies and other credentials that they keep for this server. */
    public Builder credentials() {
      credentials = true;
      return this;
    }

    /** Lets browsers remember an answer for that long; without this for ten minutes. */
    public Builder maxAge(Duration time) {
      maxAge = Check.notNegative("maxAge", time);
      return this;
    }

    /**
     * The filter.
     *
     * @throws IllegalArgumentException if credentials are allowed to pages of whatever origin, so
     *     that any page could act as the user; or if a name is no legal header value
     */
    public Cors build() {
      if (credentials && origins.isEmpty()) {
        throw new IllegalArgumentException("credentials for any origin: name the origins");
      }
      Cors made = new Cors(this);
      String any = origins.isEmpty() ? "null" : origins.get(0);
      made.preflight(
          Request.get("/").withHeader(REQUEST_HEADERS, "a"), any); // Finds what is illegal.
      return made;
    }
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    Optional<String> origin = request.headers().first(ORIGIN);
    if (origin.isPresent()
        && request.method().equals("OPTIONS")
        && request.headers().contains(REQUEST_METHOD)) {
      return Future.of(preflight(request, origin.get()));
    }
    return next.call(request).map(response -> allowed(response, origin));
  }

  private boolean isAllowed(String origin) {
    return origins.isEmpty() || origins.contains(origin);
  }

  private Response preflight(Request request, String origin) {
    if (!isAllowed(origin)) {
      return varied(Response.forbidden("Pages of this origin may not ask."));
    }
    Headers.Builder fields = Headers.builder().add("Access-Control-Allow-Methods", methods);
    if (request.headers().contains(REQUEST_HEADERS)) {
      fields.add("Access-Control-Allow-Headers", headers);
    }
    fields.add("Access-Control-Max-Age", maxAge);
    return allowed(Response.of(204).withHeaders(fields.build()), Optional.of(origin));
  }

  private Response allowed(Response response, Optional<String> origin) {
    requireNonNull(response, "response");
    Headers.Builder fields = response.headers().toBuilder();
    if (origins.isEmpty()) {
      fields.set(ALLOW_ORIGIN, "*");
    } else {
      fields.add(VARY, ORIGIN); // Else a cache would give an answer to pages of other origins.
      if (origin.filter(this::isAllowed).isEmpty()) {
        return response.withHeaders(fields.build());
      }
      fields.set(ALLOW_ORIGIN, origin.get());
    }
    if (credentials) {
      fields.set(ALLOW_CREDENTIALS, "true");
    }
    if (!exposed.isEmpty()) {
      fields.set("Access-Control-Expose-Headers", exposed);
    }
    return response.withHeaders(fields.build());
  }

  private static Response varied(Response response) {
    return response.withHeaders(response.headers().adding(VARY, ORIGIN));
  }

  /** The allowed origins, for logs. */
  @Override
  public String toString() {
    return "Cors " + (origins.isEmpty() ? "*" : origins);
  }
}
