package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.client.ClientConnection;
import io.libprocess.http.client.ClientExchange;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.net.NetworkAddress;

/**
 * A client's connection to one server, made by {@link HttpClient#connect}. Requests may be sent
 * before earlier ones are answered; the responses come in the order of the requests. All methods
 * may be called from any thread. (libprocess: {@code http::Connection}, which disconnects when its
 * last copy is gone; this one must be closed.)
 *
 * <p>{@code Host} and the headers that frame the body are set for each request, whatever its own
 * headers say, except that a stream may state its {@code Content-Length}. {@code Connection: close}
 * is sent with a request after which the connection is not to be {@linkplain Request#withKeepAlive
 * kept}: nothing can be sent after it. The fragment of the target is not sent.
 *
 * <p><b>Failures.</b> When the connection ends, the requests that were not answered fail. It ends
 * when either side closes it, after {@link #disconnect}, when the server sends something that is
 * not a response or a response that is not due, when a stream that is being sent fails, and when a
 * limit of the client is exceeded. It also ends with the response to a request whose stream has not
 * been sent to its end by then.
 */
public final class Connection implements AutoCloseable {

  private final ClientConnection connection;
  private final ContextWire contexts;
  private final long mostInMemory;

  Connection(ClientConnection connection, ContextWire contexts, long mostInMemory) {
    this.connection = connection;
    this.contexts = contexts;
    this.mostInMemory = mostInMemory;
  }

  /** The address of the client's end. */
  public NetworkAddress local() {
    return connection.channel().local();
  }

  /** The address of the server's end. */
  public NetworkAddress remote() {
    return connection.channel().remote();
  }

  /**
   * Sends a request after those sent before, and reads the whole body of its response. With {@code
   * Expect: 100-continue} the request's body is held back until the server asks for it, but at most
   * for a second.
   *
   * <p>A discard request withdraws a request of which nothing has been written. Otherwise the
   * response is still read, and dropped.
   */
  public Future<Response> send(Request request) {
    return BodyReader.whole(stream(request), mostInMemory);
  }

  /**
   * Like {@link #send}, but ready as soon as the head of the response has arrived. Its body may be
   * a stream, which must be read or closed: an unread body holds up the responses behind it.
   */
  public Future<Response> stream(Request request) {
    String refusal = RequestEncoder.refusal(requireNonNull(request, "request"));
    if (refusal != null) {
      return HttpClient.refused(request, refusal);
    }
    ContextWire.Sent sent = contexts.sent(request);
    ClientExchange exchange = new ClientExchange(sent == null ? request : sent.request());
    connection.submit(exchange);
    return sent == null ? exchange.response() : exchange.response().onAny(sent::ended);
  }

  /**
   * Ends the connection at once; unanswered requests fail with {@code Disconnected}, and a server
   * that is at work for one is told by a reset that nobody waits any more. Idempotent.
   */
  public void disconnect() {
    connection.disconnect();
  }

  /**
   * A future that is ready when the connection has ended, for whatever reason. A discard request
   * does nothing.
   */
  public Future<Void> disconnected() {
    return connection.disconnected();
  }

  /** The same as {@link #disconnect}. */
  @Override
  public void close() {
    disconnect();
  }

  /** A description for people: the server's address. */
  @Override
  public String toString() {
    return connection.toString();
  }
}
