package io.libprocess.net;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A transport whose connections stay pending unless the test completes them. For one thread. */
public final class PendingTransport implements Transport {

  /** The connections that were asked for, the first one first. */
  public final List<Promise<Channel>> connections = new ArrayList<>();

  /** What makes the handlers of these connections. */
  public final List<Function<Channel, Handler>> connected = new ArrayList<>();

  /** What makes the handlers of accepted connections; null before something listens. */
  public Function<Channel, Handler> accepted;

  /** Whether what listened was closed. */
  public boolean listenerClosed;

  /** Completed by the test when what listens is to tell of its end. */
  public final Promise<Void> listenerEnd = new Promise<>();

  /** For how many of the next connections there is no memory. */
  public int failures;

  @Override
  public Future<Channel> connect(NetworkAddress to, Function<Channel, Handler> opened) {
    if (failures > 0) {
      failures--;
      throw new OutOfMemoryError("of a test");
    }
    Promise<Channel> connection = new Promise<>();
    connections.add(connection);
    connected.add(opened);
    return connection.future();
  }

  @Override
  public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> made) {
    accepted = made;
    return new Listener() {
      @Override
      public NetworkAddress address() {
        return address;
      }

      @Override
      public Future<Void> closed() {
        return listenerEnd.future();
      }

      @Override
      public void close() {
        listenerClosed = true;
      }
    };
  }

  @Override
  public void close() {}
}
