package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.http.grammar.Accepts;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.PathPattern;
import io.libprocess.internal.Ordered;
import io.libprocess.internal.json.JsonException;
import io.libprocess.json.JsonType;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request. Immutable except for the state of a streamed body; the {@code with} methods return
 * changed copies.
 *
 * <p>The target is the path with the query and the fragment, as in the request line. A server
 * accepts only targets whose query can be decoded, and reduces those that also name a host to these
 * parts.
 */
public final class Request {

  /** The time of receipt of a request that was not received. */
  private static final long NEVER = Long.MIN_VALUE;

  static final Future<Headers> NO_TRAILERS = Future.of(Headers.empty());

  private final String method;
  private final String target;
  private final int ends; // The path is the target up to here; ~here if the connection ends, too.
  private final Version version;
  private final Headers headers;
  private final Body body;
  private final Future<Headers> trailers;
  private final Address client; // Null if not known.
  private final long received; // In milliseconds.
  private final Map<String, String> variables; // The segments of the path by variable name.
  // Decoded on first use; the result is the same on every thread.
  private Map<String, String> query;
  private Object maker; // The principal, null if not known; of a copy the request it was made from.
  private volatile boolean silent; // The body has no limit of time.

  static {
    Access.give(Request.class, new Door());
  }

  private static final class Door
      implements RequestAccess<Request, Version, Headers, Body, Address, Principal> {
    @Override
    public Request request(
        String method,
        String target,
        int pathEnd,
        Version version,
        boolean keepAlive,
        Headers headers,
        Body body,
        Future<Headers> trailers,
        Address client,
        long received) {
      return new Request(
          method, target, pathEnd, version, keepAlive, headers, body, trailers, client, received,
          Map.of());
    }

    @Override
    public void identify(Request request, Principal principal) {
      request.original().maker = principal;
    }

    @Override
    public void allowSilence(Request request) {
      request.original().silent = true;
    }

    @Override
    public boolean mayBeSilent(Request request) {
      return request.original().silent;
    }
  }

  /** A request of parts that are known to be legal. */
  private Request(
      String method,
      String target,
      int pathEnd,
      Version version,
      boolean keepAlive,
      Headers headers,
      Body body,
      Future<Headers> trailers,
      Address client,
      long received,
      Map<String, String> variables) {
    this.variables = variables;
    this.method = method;
    this.target = target;
    this.ends = keepAlive ? pathEnd : ~pathEnd;
    this.version = version;
    this.headers = headers;
    this.body = body;
    this.trailers = trailers;
    this.client = client;
    this.received = received;
  }

  /**
   * A request without headers and body, of HTTP/1.1, after which the connection is kept.
   *
   * @param method such as {@code GET}
   * @param target a path, perhaps with a query and a fragment; or {@code *}
   * @throws IllegalArgumentException if the method is not a token, or the target is not valid
   */
  public static Request of(String method, String target) {
    checkMethod(method);
    checkTarget(target);
    return new Request(
        method,
        target,
        pathEnd(target),
        Version.HTTP_1_1,
        true,
        Headers.empty(),
        Body.empty(),
        NO_TRAILERS,
        null,
        NEVER,
        Map.of());
  }

  /** A GET request; see {@link #of}. */
  public static Request get(String target) {
    return of("GET", target);
  }

  /** A POST request with a body; see {@link #of}. */
  public static Request post(String target, Body body) {
    return of("POST", target).withBody(body);
  }

  static void checkMethod(String method) {
    if (method.isEmpty() || !method.chars().allMatch(c -> Ascii.isToken((char) c))) {
      throw new IllegalArgumentException("not a method: '" + method + "'");
    }
  }

  static void checkTarget(String target) {
    boolean legal =
        (target.startsWith("/") || target.equals("*"))
            && target.chars().allMatch(c -> c > ' ' && c < 0x7F);
    if (!legal) {
      throw new IllegalArgumentException("not a path with a query: '" + target + "'");
    }
    Query.decode(query(target, pathEnd(target)));
  }

  static int pathEnd(String target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) == '?' || target.charAt(i) == '#') {
        return i;
      }
    }
    return target.length();
  }

  static String query(String target, int pathEnd) {
    if (pathEnd == target.length() || target.charAt(pathEnd) == '#') {
      return "";
    }
    int fragment = target.indexOf('#', pathEnd);
    return target.substring(pathEnd + 1, fragment < 0 ? target.length() : fragment);
  }

  /* ------ Parts ------ */

  /** The method, such as {@code GET}. */
  public String method() {
    return method;
  }

  /** The path with the query and the fragment, percent-encoded. */
  public String target() {
    return target;
  }

  private int pathEnd() {
    return ends < 0 ? ~ends : ends;
  }

  /** The path, percent-encoded. */
  public String path() {
    return target.substring(0, pathEnd()); // The string itself if there is nothing to cut off.
  }

  /**
   * Matches the path against a pattern such as {@code /books/{isbn}} and returns its segments by
   * name. A name in braces matches any segment, which is percent-decoded; any other name must occur
   * literally, and is its own key. The path may be shorter than the pattern. Trailing and repeated
   * slashes are ignored. A process uses a {@link Route} for this; this method is for handlers
   * without one. (libprocess: {@code http::path::parse}.)
   *
   * @param pattern for the whole path, which a process gets with its id
   * @throws StatusException of status 404, saying what is wrong, if the path does not match: a
   *     handler that lets it pass gives that answer
   */
  public Map<String, String> segments(String pattern) {
    try {
      return PathPattern.parse(pattern, path());
    } catch (IllegalArgumentException e) {
      throw new StatusException(Status.NOT_FOUND, e.getMessage());
    }
  }

  /**
   * The segment of the path that matches a variable of the {@link Route}, percent-decoded.
   *
   * @param variable its name, without the braces
   * @throws IllegalArgumentException if the route of this request has no such variable
   */
  public String segment(String variable) {
    String segment = variables.get(requireNonNull(variable, "variable"));
    if (segment == null) {
      throw new IllegalArgumentException(
          "the route of " + this + " has no variable {" + variable + "}");
    }
    return segment;
  }

  /** The query, decoded; see {@link Query#decode}. */
  public Map<String, String> query() {
    Map<String, String> decoded = query;
    if (decoded == null) {
      decoded = Query.decode(query(target, pathEnd()));
      query = decoded;
    }
    return decoded;
  }

  /** The decoded value of a key of the query. */
  public Optional<String> query(String key) {
    return Optional.ofNullable(query().get(key));
  }

  /** All decoded values of a key of the query, in their order; empty if there are none. */
  public List<String> queryAll(String key) {
    return Query.decodeAll(query(target, pathEnd())).getOrDefault(key, List.of());
  }

  /** The cookies that the client sends, by name; of several with one name the first. */
  public Map<String, String> cookies() {
    return Cookie.sent(headers.all("Cookie"));
  }

  /** The text after the {@code #} of the target. */
  public Optional<String> fragment() {
    int start = target.indexOf('#', pathEnd());
    return start < 0 ? Optional.empty() : Optional.of(target.substring(start + 1));
  }

  /** The version of HTTP in which the request is written. */
  public Version version() {
    return version;
  }

  /** Whether the connection is to stay open after the response. */
  public boolean keepAlive() {
    return ends >= 0;
  }

  /** The header fields. */
  public Headers headers() {
    return headers;
  }

  /** The body. */
  public Body body() {
    return body;
  }

  /**
   * The fields that come after the body; usually there are none. For a received request they are
   * ready once the body has arrived, and for a streamed body not before it has been read. A client
   * waits for them and sends them after a stream without a stated length.
   */
  public Future<Headers> trailers() {
    return trailers.isPending() ? trailers.discardable() : trailers; // Other callers may wait, too.
  }

  /** The address of the client, if a server received the request over IP. */
  public Optional<Address> client() {
    return Optional.ofNullable(client);
  }

  /**
   * The maker of the request: empty until the authenticator of the route's realm has found out, and
   * if there is none. Filters that were given the request earlier see it once the answer is there.
   */
  public Optional<Principal> principal() {
    return original().maker instanceof Principal known ? Optional.of(known) : Optional.empty();
  }

  private Request original() {
    return maker instanceof Request first ? first : this;
  }

  /**
   * The time at which the first bytes of the request arrived, by the clock of the server that
   * received it.
   */
  public Optional<Instant> received() {
    return received == NEVER ? Optional.empty() : Optional.of(Instant.ofEpochMilli(received));
  }

  /**
   * The bytes of the body.
   *
   * @throws IllegalStateException if the body is a stream: see {@link #buffered}
   */
  public Chunk bytes() {
    return BodyReader.bytes(body, this);
  }

  /**
   * The body as text in UTF-8.
   *
   * @throws IllegalStateException if the body is a stream: see {@link #buffered}
   */
  public String text() {
    return bytes().utf8();
  }

  /**
   * The body as a value of a class, from JSON: mostly a record, from an object.
   *
   * @throws StatusException of status 400, saying what is wrong where, if the body is no JSON or
   *     does not fit: a handler that lets it pass answers so
   * @throws IllegalArgumentException if the class has no JSON form: see {@link JsonType}
   * @throws IllegalStateException if the body is a stream: see {@link #buffered}
   */
  public <T> T json(Class<T> type) {
    return json(JsonType.of(type));
  }

  /**
   * The body as a value of a type, from JSON: {@code
   * request.json(JsonType.of(Order.class).list())}. See {@link #json(Class)}.
   */
  public <T> T json(JsonType<T> type) {
    byte[] content = bytes().toArray();
    try {
      return type.parse(content);
    } catch (JsonException e) {
      throw new StatusException(
          Status.BAD_REQUEST, "The body is not as expected. " + e.getMessage());
    }
  }

  /**
   * The body as a stream, whatever its kind; see {@link Body#stream}.
   *
   * @throws IllegalStateException if it came as a stream and was streamed before
   */
  public Stream<Chunk> stream() {
    return body.stream();
  }

  /**
   * This request with its body read to the end. Fails if reading fails, and with a {@link
   * StatusException} of status 413 if there is more than {@code most}, when the rest is not read. A
   * discard request stops the reading.
   *
   * @param most bytes
   */
  public Future<Request> buffered(long most) {
    if (body instanceof Body.Streamed streamed) {
      return BodyReader.read(streamed, headers, most)
          .map(content -> withBody(content.isEmpty() ? Body.empty() : Body.of(content)));
    }
    int size = bytes().size();
    return size <= most ? Future.of(this) : Future.failed(BodyReader.tooLarge(most));
  }

  /* ------ What the client accepts ------ */

  /**
   * Whether the client wants a content coding such as {@code gzip}: whether it is listed in {@code
   * Accept-Encoding}, or if not, {@code *} is, and not with a {@code q} of 0.
   */
  public boolean acceptsEncoding(String encoding) {
    requireNonNull(encoding, "encoding");
    return headers
        .joined("Accept-Encoding")
        .map(accept -> Accepts.encoding(accept, encoding))
        .orElse(false);
  }

  /**
   * Whether the client wants a media type such as {@code text/html}: whether it, or else its range
   * {@code text/*}, or else {@code *}{@code /*}, is listed in {@code Accept} and not with a {@code
   * q} of 0. True if there is no such header, false if {@code mediaType} is not a media type.
   */
  public boolean acceptsMediaType(String mediaType) {
    return acceptsMediaType("Accept", mediaType);
  }

  /** Like {@link #acceptsMediaType(String)}, for another header. */
  public boolean acceptsMediaType(String header, String mediaType) {
    return Accepts.isMediaType(mediaType)
        && headers.joined(header).map(accept -> Accepts.mediaType(accept, mediaType)).orElse(true);
  }

  /* ------ Copies ------ */

  /**
   * A copy with another target.
   *
   * @throws IllegalArgumentException as in {@link #of}
   */
  public Request withTarget(String target) {
    checkTarget(target);
    int end = pathEnd(target);
    return copy(target, end, keepAlive(), headers, body, trailers, Map.of());
  }

  /** A copy with other header fields. */
  public Request withHeaders(Headers headers) {
    requireNonNull(headers, "headers");
    return copy(target, pathEnd(), keepAlive(), headers, body, trailers, variables);
  }

  /** A copy with one field of a name: see {@link Headers#with}. */
  public Request withHeader(String name, String value) {
    return withHeaders(headers.with(name, value));
  }

  /** A copy with another body. */
  public Request withBody(Body body) {
    requireNonNull(body, "body");
    return copy(target, pathEnd(), keepAlive(), headers, body, trailers, variables);
  }

  /** A copy with fields that come after the body; if the future fails, the request fails. */
  public Request withTrailers(Future<Headers> trailers) {
    requireNonNull(trailers, "trailers");
    return copy(target, pathEnd(), keepAlive(), headers, body, trailers, variables);
  }

  /** A copy with another choice of whether to keep the connection. */
  public Request withKeepAlive(boolean keepAlive) {
    return copy(target, pathEnd(), keepAlive, headers, body, trailers, variables);
  }

  /** A copy that is made by a principal, as far as those know who are given it. */
  public Request withPrincipal(Principal principal) {
    requireNonNull(principal, "principal");
    Request copy = copy(target, pathEnd(), keepAlive(), headers, body, trailers, variables);
    copy.maker = principal;
    return copy;
  }

  /**
   * A copy with variables of its path, as {@link Route}s give them to the requests that they
   * answer.
   */
  public Request withSegments(Map<String, String> variables) {
    Map<String, String> copied = Ordered.copyOf(variables);
    return copy(target, pathEnd(), keepAlive(), headers, body, trailers, copied);
  }

  private Request copy(
      String target,
      int pathEnd,
      boolean keepAlive,
      Headers headers,
      Body body,
      Future<Headers> trailers,
      Map<String, String> variables) {
    Request copy =
        new Request(
            method, target, pathEnd, version, keepAlive, headers, body, trailers, client, received,
            variables);
    copy.maker = original();
    return copy;
  }

  /** A description for people: the method and the target. */
  @Override
  public String toString() {
    return method + " " + target;
  }
}
