package io.libprocess;

import io.libprocess.future.CheckedBiConsumer;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/** What a process does with messages and HTTP requests. Used in the process only. */
final class Handlers {

  private static final System.Logger LOGGER = System.getLogger("io.libprocess");

  private record MessageHandler<T>(Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action) {

    void handle(Process<?> process, Message message) throws Exception {
      T value;
      try {
        value = codec.decode(message.body());
      } catch (Exception e) {
        LOGGER.log(Level.WARNING, "Dropped, cannot be decoded: " + message, e);
        return;
      }
      action.accept(message.from(), value);
    }
  }

  private final Map<String, MessageHandler<?>> messages = new HashMap<>();
  private final Map<String, UPID> delegates = new HashMap<>();
  private final Map<String, Route> routes = new HashMap<>();

  private Route rest; // For requests without a route; may be null.

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
      process.node().send(new Message(message.from(), delegate, message.name(), message.body()));
    }
    return delegate != null;
  }

  void route(Route route) {
    routes.put(route.path(), route);
  }

  void rest(Route route) {
    rest = route;
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
