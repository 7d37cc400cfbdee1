package io.libprocess.http;

import io.libprocess.http.access.Access;
import io.libprocess.http.access.ClientAccess;
import io.libprocess.http.client.ClientConnection;
import io.libprocess.http.client.ClientPool;
import io.libprocess.http.client.Dialer;
import io.libprocess.http.context.ContextWire;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.net.Transport;
import io.libprocess.runtime.Runtime;
import io.libprocess.time.Clock;
import io.libprocess.world.StepScheduler;

/** Operations on clients for tests, which users cannot perform. */
public final class HttpClients {

  private static final ClientAccess<HttpClient, ClientSettings, Dialer> DOOR =
      Access.to(HttpClient.class);

  private HttpClients() {}

  /** A client whose blocking work blocks the caller. */
  public static HttpClient on(Transport transport, Clock clock, ClientSettings settings) {
    Scheduler scheduler =
        new StepScheduler(
            clock,
            task -> {
              throw new IllegalStateException("nothing is scheduled by a client: " + task);
            },
            Runnable::run,
            (done, nanos) -> done.isDone());
    return DOOR.client(new Runtime(scheduler, clock, transport, () -> 0), settings);
  }

  /** A connection made of its engine. */
  public static Connection connection(ClientConnection engine, long mostInMemory) {
    return new Connection(engine, ContextWire.foreign(Clock.system()), mostInMemory);
  }

  /** The connections of a client. */
  public static ClientPool pool(HttpClient client) {
    return client.pool();
  }
}
