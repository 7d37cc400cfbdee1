package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.client.ClientConnection;
import io.libprocess.http.client.ClientExchange;
import io.libprocess.http.http1.RequestEncoder;
import io.libprocess.net.NetworkAddress;

/**
 * A client's connection to one server, made by {@link HttpClient#connect}. Requests may be sent
 * before earlier ones are answered; the responses come in the order of the requests. All methods
 * may be called from any thread. (libprocess: {@code http::Connection}, which disconnects when its
 * last copy is gone; this one has to be closed.)
 *
 * <p>{@code Host} and what frames the body are set for each request, whatever its headers say about
 * these, except that a stream may state its {@code Content-Length}. {@code Connection: close} is
 * sent with a request after which the connection is not to be {@linkplain Request#withKeepAlive
 * kept}: nothing can be sent after it. The fragment of the target is not sent.
 *
 * <p><b>Failures.</b> When the connection ends, the requests that were not answered fail. It ends
 * when either side says so, after {@link #disconnect}, when the server sends what is no response or
 * when none is due, when a stream that is sent fails, and when a limit of the client is exceeded.
 * It also ends with the response to a request whose stream has not been sent to its end by then.
 */
public final class Connection implements AutoCloseable {

  private final ClientConnection connection;
  private final long mostInMemory;

  Connection(ClientConnection connection, long mostInMemory) {
    this.connection = connection;
    this.mostInMemory = mostInMemory;
  }

  /** The address of our end. */
  public NetworkAddress local() {
    return connection.channel().local();
  }

  /** The address of the server's end. */
  public NetworkAddress remote() {
    return connection.channel().remote();
  }

  /**
   * Sends a request behind those sent before, and reads the whole body of its response. With {@code
   * Expect: 100-continue} its body is held back until the server asks for it, or for a second.
   *
   * <p>A discard request takes back a request of which nothing was written. Otherwise the response
   * is still read, and dropped.
   */
  public Future<Response> send(Request request) {
    return BodyReader.whole(stream(request), mostInMemory);
  }

  /**
   * Does the same as {@link #send}, but ready as soon as the head of the response has arrived. Its
   * body may be a stream, which is to be read or closed: what is not read holds up the responses
   * behind it.
   */
  public Future<Response> stream(Request request) {
    String refusal = RequestEncoder.refusal(requireNonNull(request, "request"));
    if (refusal != null) {
      return Future.failed(refusal);
    }
    ClientExchange exchange = new ClientExchange(request);
    connection.submit(exchange);
    return exchange.response();
  }

  /**
   * Ends the connection at once; what is not answered fails with {@code Disconnected}. Idempotent.
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

  /** Where it leads, for people. */
  @Override
  public String toString() {
    return connection.toString();
  }
}
