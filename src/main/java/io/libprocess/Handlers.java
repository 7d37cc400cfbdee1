package io.libprocess;

import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.Log;
import java.util.HashMap;
import java.util.Map;

/** What a process does with messages and HTTP requests. Used in the process only. */
final class Handlers {

  private record MessageHandler<T>(Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action) {

    void handle(Process<?> process, Message message) throws Exception {
      T value;
      try {
        value = codec.decode(message.body());
      } catch (Exception e) {
        Log.warning("Dropped, cannot be decoded: " + message, e);
        return;
      }
      action.accept(message.from(), value);
    }
  }

  private final Map<String, MessageHandler<?>> messages = new HashMap<>();
  private final Map<String, UPID> delegates = new HashMap<>();
  private final Map<String, Route> routes = new HashMap<>();

  private final Map<String, Asset> assets = new HashMap<>();

  private Route rest; // For requests without a route; may be null.
  private Gate gate; // Made when first needed.

  <T> void install(String name, Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action) {
    messages.put(name, new MessageHandler<>(codec, action));
  }

  void delegate(String name, UPID to) {
    delegates.put(name, to);
  }

  /** Handles a message or passes it on; false if there is nobody for it. */
  boolean received(Process<?> process, Message message) throws Exception {
    MessageHandler<?> handler = messages.get(message.name());
    if (handler != null) {
      handler.handle(process, message);
      return true;
    }
    UPID delegate = delegates.get(message.name());
    if (delegate != null) {
      process
          .node()
          .messages()
          .send(new Message(message.from(), delegate, message.name(), message.body()));
    }
    return delegate != null;
  }

  void route(Route route) {
    routes.put(route.path(), route);
  }

  void rest(Route route) {
    rest = route;
  }

  void provide(String name, Asset asset) {
    assets.put(name, asset);
  }

  /** Answers a request without a route, from the files of the asset that its path names. */
  Response answer(Request request, String path) {
    int start = path.startsWith("/") ? 1 : 0;
    int slash = path.indexOf('/', start);
    int end = slash < 0 ? path.length() : slash;
    String name = Asset.decode(path.substring(start, end));
    Asset asset = name == null ? null : assets.get(name);
    return asset == null ? Response.notFound() : asset.answer(request, path.substring(end));
  }

  /**
   * Where a request for a route has to stand in line; null, as mostly, if nobody is to be asked
   * about it, and nobody waits.
   */
  Gate gateFor(Process<?> process, Route route) {
    boolean open =
        (gate == null || gate.isEmpty())
            && route.realm().isEmpty()
            && !process.node().security().hasAuthorization();
    if (!open && gate == null) {
      gate = new Gate(process);
    }
    return open ? null : gate;
  }

  /** Lets nobody in any more. */
  void close() {
    if (gate != null) {
      gate.close();
    }
  }

  /** The gate, if there ever was need of one, else null. */
  Gate gate() {
    return gate;
  }

  /**
   * The route for a path below the process, or for the longest part of it by whole segments. The
   * route {@code /} is only for the bare process.
   */
  Route find(String path) {
    String key = path;
    while (key.length() > 1 && key.endsWith("/")) {
      key = key.substring(0, key.length() - 1);
    }
    if (key.isEmpty() || key.equals("/")) {
      return routes.getOrDefault("/", rest);
    }
    for (int end = key.length(); end > 0; end = key.lastIndexOf('/', end - 1)) {
      Route route = routes.get(key.substring(0, end));
      if (route != null) {
        return route;
      }
    }
    return rest;
  }
}
