package io.libprocess.actor;

import io.libprocess.Codec;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.internal.Log;
import io.libprocess.web.AccessControl;
import io.libprocess.web.Site;
import java.util.HashMap;
import java.util.Map;

/** The handlers of a process for messages and HTTP requests. Used only in the process. */
public final class Handlers {

  private record MessageHandler<T>(Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action) {

    void handle(Message message) throws Exception {
      T value;
      try {
        value = codec.decode(message.body());
      } catch (Throwable e) { // Whatever the bytes make a codec throw, the process does not fail.
        Log.warning(message + " is dropped: it cannot be decoded", e);
        return;
      }
      action.accept(message.from(), value);
    }
  }

  private final Map<String, MessageHandler<?>> messages = new HashMap<>();
  private final Map<String, UPID> delegates = new HashMap<>();
  private final Delays delays = new Delays();
  private Site site; // Made by the first route or asset.

  /** Makes the handlers of a process that has none yet. */
  public Handlers() {}

  /** Installs a handler for messages of a name. */
  public <T> void install(String name, Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action) {
    messages.put(name, new MessageHandler<>(codec, action));
  }

  /** Passes messages of a name on, unless they have a handler. */
  public void delegate(String name, UPID to) {
    delegates.put(name, to);
  }

  /**
   * Handles a message or passes it on; false if there is neither a handler nor a delegate.
   *
   * @param cell the process's cell
   * @throws Exception the exception of the handler
   */
  public boolean received(ProcessCell cell, Message message) throws Exception {
    MessageHandler<?> handler = messages.get(message.name());
    if (handler != null) {
      handler.handle(message);
      return true;
    }
    UPID delegate = delegates.get(message.name());
    if (delegate != null) {
      cell.processes()
          .messages()
          .send(new Message(message.from(), delegate, message.name(), message.body()));
    }
    return delegate != null;
  }

  /** The timers of the process. */
  public Delays delays() {
    return delays;
  }

  /**
   * The routes of the process, created on first use.
   *
   * @param access the access control
   * @param mostBody the most bytes of a body that are collected
   */
  public Site site(ProcessCell cell, AccessControl access, long mostBody) {
    if (site == null) {
      site = new Site(cell, access, mostBody);
    }
    return site;
  }

  /** The routes of the process; null if it has none. */
  public Site site() {
    return site;
  }
}
