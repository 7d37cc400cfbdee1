package io.libprocess.http;

import io.libprocess.http.access.Access;
import io.libprocess.http.access.ClientAccess;
import io.libprocess.http.client.ClientConnection;
import io.libprocess.http.client.ClientPool;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;

/** What tests do with clients and users cannot. */
public final class HttpClients {

  private static final ClientAccess<HttpClient, Transport, ClientSettings> DOOR =
      Access.to(HttpClient.class);

  private HttpClients() {}

  /** A client that blocks the caller with what blocks. */
  public static HttpClient on(Transport transport, Clock clock, ClientSettings settings) {
    return DOOR.client(transport, Runnable::run, clock, settings);
  }

  /** A connection made of its engine. */
  public static Connection connection(ClientConnection engine, long mostInMemory) {
    return new Connection(engine, mostInMemory);
  }

  /** The connections of a client. */
  public static ClientPool pool(HttpClient client) {
    return client.pool();
  }
}
