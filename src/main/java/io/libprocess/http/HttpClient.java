package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.context.Propagation;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.ClientAccess;
import io.libprocess.http.client.ClientCall;
import io.libprocess.http.client.ClientConnection;
import io.libprocess.http.client.ClientPool;
import io.libprocess.http.client.Dialer;
import io.libprocess.http.client.DownloadSource;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.http.http2.Http2Counts;
import io.libprocess.internal.ContextSlot;
import io.libprocess.runtime.DefaultRuntime;
import io.libprocess.runtime.Runtime;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import io.libprocess.stream.access.Streams;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends requests to servers over connections that it keeps open, as far as its {@link
 * ClientSettings} allow. A node has one; {@link #start} makes one for programs without a node. All
 * methods may be called from any thread, and callbacks of the futures run on runtime threads, which
 * they must not block. (libprocess: {@code http::get}, {@code http::post} and so on, which open a
 * connection for each request.)
 *
 * <p><b>Responses.</b> Any response is a success, whatever its status. {@link #send} reads the body
 * into memory; {@link #stream} leaves it as a stream. Gzip is asked for and decoded, unless the
 * request has its own {@code Accept-Encoding} that does not name it; a decoded response has no
 * {@code Content-Encoding} and {@code Content-Length}.
 *
 * <p><b>Failures.</b> The future fails if the server cannot be reached, violates HTTP, closes the
 * connection too early, or exceeds a limit; if that was a limit of time, with a {@link
 * java.util.concurrent.TimeoutException}. A request is repeated only if a connection that was used
 * before is dead, nothing was answered on it, its method is idempotent (or nothing was sent of it),
 * and its body is not a stream.
 *
 * <p><b>Discarding</b> a response that has not arrived ends the connection. An unwanted streamed
 * body must be closed; its remainder is then read if it is short, and otherwise the connection
 * ends, too.
 */
public final class HttpClient implements AutoCloseable {

  static {
    Access.give(HttpClient.class, new Door());
  }

  private static final int HUNDRED = 100;
  private static final String CLOSED = "the client is closed";

  private final Dialer dialer;
  private final ClientPool pool;
  private final ClientSettings settings;
  private final int redirects;
  private final CookieJar cookies; // Null if none are kept.
  private final HttpClient parent; // The client that this is derived from; may be null.
  private final Set<ClientConnection> lent = // Made by connect().
      Collections.synchronizedSet(new LinkedHashSet<>());
  private final Runnable afterClose;
  private volatile boolean closed;

  /** What the engine may do. */
  private static final class Door implements ClientAccess<HttpClient, ClientSettings, Dialer> {
    @Override
    public HttpClient client(Runtime runtime, ClientSettings settings) {
      return new HttpClient(runtime, settings, () -> {});
    }

    @Override
    public Dialer dialer(HttpClient client) {
      return client.dialer;
    }
  }

  private HttpClient(Runtime runtime, ClientSettings settings, Runnable afterClose) {
    this.dialer =
        new Dialer(
            runtime.transport(),
            runtime.clock(),
            requireNonNull(settings, "settings"),
            Http2Counts.ofClient());
    this.pool =
        new ClientPool(
            dialer,
            settings,
            ContextWire.of(settings.propagation().orElse(Propagation.trusted()), runtime));
    this.settings = settings;
    this.redirects = 0;
    this.cookies = null;
    this.parent = null;
    this.afterClose = afterClose;
  }

  /** A client derived from another, whose connections it shares. */
  private HttpClient(HttpClient other, int redirects, CookieJar cookies) {
    this.dialer = other.dialer;
    this.pool = other.pool;
    this.settings = other.settings;
    this.redirects = redirects;
    this.cookies = cookies;
    this.parent = other;
    this.afterClose = () -> {};
  }

  /** Starts a client with its own threads, which are daemons; {@link #close} ends them. */
  public static HttpClient start(ClientSettings settings) {
    requireNonNull(settings, "settings");
    Runtime runtime = DefaultRuntime.startWithoutNode("libprocess-client", 1);
    try {
      return new HttpClient(runtime, settings, runtime::close);
    } catch (Throwable thrown) {
      runtime.close();
      throw thrown;
    }
  }

  /**
   * Derives a client that follows redirects; it shares the connections of this one. Closing it ends
   * only the connections that it {@linkplain #connect gave away}, and this client goes on; closing
   * this client ends both. After 301, 302 and 303 a POST becomes a GET. Credentials in headers are
   * sent to no other server, and a redirect never leads from {@code https} to another scheme. A
   * redirect that is not followed, such as one too many, is the response.
   *
   * @param most how many redirects to follow for one request
   * @throws IllegalArgumentException if that is negative
   */
  public HttpClient followingRedirects(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("redirects < 0: " + most);
    }
    return new HttpClient(this, most, cookies);
  }

  /**
   * This client, but keeping the cookies that servers give, and sending them back, also when it
   * follows redirects; it shares the connections, as {@link #followingRedirects} says. Cookies that
   * a request has itself stand before those of the jar.
   */
  public HttpClient withCookies(CookieJar jar) {
    return new HttpClient(this, redirects, requireNonNull(jar, "jar"));
  }

  /* ------ Requests ------ */

  /** Sends a GET request. */
  public Future<Response> get(Url url) {
    return send(url, Request.of("GET", url.target()));
  }

  /**
   * Sends a POST request.
   *
   * @param contentType the type of the body; may be empty if the body is
   */
  public Future<Response> post(Url url, Body body, String contentType) {
    return sendBody("POST", url, body, contentType);
  }

  /**
   * Sends a PUT request.
   *
   * @param contentType the type of the body; may be empty if the body is
   */
  public Future<Response> put(Url url, Body body, String contentType) {
    return sendBody("PUT", url, body, contentType);
  }

  /** Sends a DELETE request. (libprocess: {@code requestDelete}.) */
  public Future<Response> delete(Url url) {
    return send(url, Request.of("DELETE", url.target()));
  }

  private Future<Response> sendBody(String method, Url url, Body body, String contentType) {
    if (!contentType.isEmpty() && body instanceof Body.Empty) {
      return Future.failed("Attempted to do a " + method + " with a Content-Type but no body");
    }
    Request request = Request.of(method, url.target()).withBody(body);
    return send(
        url, contentType.isEmpty() ? request : request.withHeader("Content-Type", contentType));
  }

  /**
   * Sends any request and reads the whole body of its response, up to {@link Limits#body}. The URL
   * determines the target, the {@code Host}, and the server.
   */
  public Future<Response> send(Url url, Request request) {
    return BodyReader.whole(stream(url, request), settings.limits().body());
  }

  /**
   * Like {@link #send}, but ready as soon as the head of the response has arrived. Its body may be
   * a stream, which must be read to its end or closed; until then it occupies the connection.
   */
  public Future<Response> stream(Url url, Request request) {
    requireNonNull(url, "url");
    String refusal = RequestEncoder.refusal(requireNonNull(request, "request"));
    if (refusal != null || isClosed()) {
      return refused(request, refusal == null ? CLOSED : refusal);
    }
    return new ClientCall(pool, settings.gzip(), cookies, url, request, redirects).start();
  }

  /** Fails a request that is not sent, and gives up its body. */
  static Future<Response> refused(Request request, String why) {
    giveUp(request.body());
    return Future.failed(why);
  }

  private static void giveUp(Body body) {
    if (body instanceof Body.Streamed streamed) {
      streamed.refuse();
    }
  }

  /**
   * The body of the response to a GET request, as a stream: the request is sent when the first
   * bytes are asked for, and the server is held back while no more are. Fails if the request does,
   * and with a {@link StatusException} of the response's status if that does not mean success.
   */
  public Stream<Chunk> download(Url url) {
    requireNonNull(url, "url");
    return Streams.stream(
        new DownloadSource(() -> stream(url, Request.get(url.target())), HttpClient::content));
  }

  private static Stream<Chunk> content(Response response) {
    int code = response.status().code();
    if (code / HUNDRED != 2) {
      giveUp(response.body());
      throw new StatusException(response.status(), "The server answered " + response.status());
    }
    return response.stream();
  }

  /** Opens a connection that belongs to the caller and does not count toward the limits. */
  public Future<Connection> connect(Url url) {
    if (isClosed()) {
      return Future.failed(CLOSED);
    }
    Promise<Connection> promise = new Promise<>();
    requireNonNull(url, "url"); // The connection outlives the request that opens it.
    Future<ClientConnection> dial = ContextSlot.outside(() -> dialer.dial(url, new Lender()));
    promise.future().onDiscard(dial::discard);
    ContextSlot.outside(() -> dial.onAny(done -> lend(promise, done)));
    return promise.future();
  }

  private void lend(Promise<Connection> promise, Future<ClientConnection> dial) {
    if (dial.isFailed()) {
      promise.fail(dial.failure());
    } else if (dial.isDiscarded()) {
      promise.discard();
    } else {
      ClientConnection made = dial.get();
      for (HttpClient client = this; client != null; client = client.parent) {
        Set<ClientConnection> counted = client.lent;
        counted.add(made);
        made.disconnected().onReady(done -> counted.remove(made));
      }
      if (isClosed()) {
        made.disconnect(); // No other code may have seen it.
      }
      if (!promise.setUnlessDiscardRequested(
          new Connection(made, pool.contexts(), settings.limits().body()))) {
        made.disconnect();
        promise.discard();
      }
    }
  }

  /** The owner of a connection that was given away: it is of no use to other requests. */
  private static final class Lender implements ClientConnection.Owner {
    @Override
    public void idle(ClientConnection connection) {}

    @Override
    public void gone(ClientConnection connection) {}
  }

  private boolean isClosed() {
    return closed || parent != null && parent.isClosed();
  }

  /**
   * Takes no more requests and ends all connections at once; unanswered requests fail. A
   * {@linkplain #followingRedirects derived} client ends no shared connection, and requests sent
   * before are still answered. Idempotent.
   */
  @Override
  public void close() {
    closed = true;
    if (parent == null) {
      pool.close();
    }
    List<ClientConnection> open;
    synchronized (lent) {
      open = List.copyOf(lent);
    }
    open.forEach(ClientConnection::disconnect);
    afterClose.run();
  }

  /** The pool, for tests. */
  ClientPool pool() {
    return pool;
  }
}
