package io.libprocess;

import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.internal.Log;
import io.libprocess.web.Site;
import java.util.HashMap;
import java.util.Map;

/** What a process does with messages and HTTP requests. Used in the process only. */
final class Handlers {

  private record MessageHandler<T>(Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action) {

    void handle(Process<?> process, Message message) throws Exception {
      T value;
      try {
        value = codec.decode(message.body());
      } catch (
          Throwable e) { // Whatever the bytes make a codec do, it is not the process that fails.
        Log.warning(message + " is dropped, it cannot be decoded", e);
        return;
      }
      action.accept(message.from(), value);
    }
  }

  private final Map<String, MessageHandler<?>> messages = new HashMap<>();
  private final Map<String, UPID> delegates = new HashMap<>();
  private final Delays delays = new Delays();
  private Site site; // Made by the first route or asset; null before.

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

  /** The timers of the process. */
  Delays delays() {
    return delays;
  }

  /** The routes of the process, made if there are none. */
  Site site(Process<?> process) {
    if (site == null) {
      Node node = process.node();
      site = new Site(process.self().cell(), node.access(), node.config().httpLimits().body());
    }
    return site;
  }

  /** The routes of the process; null if it has none. */
  Site site() {
    return site;
  }
}
