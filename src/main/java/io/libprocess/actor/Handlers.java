package io.libprocess.actor;

import io.libprocess.Codec;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.future.Future;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.web.AccessControl;
import io.libprocess.web.Site;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The handlers of a process for messages and HTTP requests. Used only in the process. */
public final class Handlers {

  /** The action of a process on messages of one name. */
  @FunctionalInterface
  public interface MessageHandler {

    /**
     * Handles one message, in the process.
     *
     * @throws Exception to end the process
     */
    void handle(Message message) throws Exception;
  }

  private record Typed<T>(Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action)
      implements MessageHandler {

    @Override
    public void handle(Message message) throws Exception {
      T value;
      try {
        value = codec.decode(message.body());
      } catch (Throwable e) { // Whatever a codec throws, the process does not fail.
        Log.warning(message + " is dropped: it cannot be decoded", e);
        return;
      }
      action.accept(message.from(), value);
    }
  }

  private final Map<String, MessageHandler> messages = new HashMap<>();
  private final Map<String, UPID> delegates = new HashMap<>();
  private final Delays delays = new Delays();
  private Set<Future<?>> asks; // Others remove from it. Null before the first.
  private UPID sender; // The sender of the current message, or null.
  private Site site; // Made by the first route or asset; null before.

  /** Makes the handlers of a process that has none yet. */
  public Handlers() {}

  /** Installs a handler for messages of a name. */
  public <T> void install(String name, Codec<T> codec, CheckedBiConsumer<UPID, ? super T> action) {
    install(name, new Typed<>(codec, action));
  }

  /** Handles messages of a name. */
  public void install(String name, MessageHandler handler) {
    messages.put(name, handler);
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
    MessageHandler handler = messages.get(message.name());
    if (handler != null) {
      sender = message.from();
      try {
        handler.handle(message);
      } finally {
        sender = null;
      }
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

  /**
   * The sender of the message that is being handled.
   *
   * @throws IllegalStateException if none is
   */
  public UPID sender() {
    if (sender == null) {
      throw new IllegalStateException("no message is being handled to which there is a reply");
    }
    return sender;
  }

  /** Records an answer that the process waits for; returns it. */
  public <A> Future<A> asking(Future<A> answer) {
    if (answer.isPending()) {
      if (asks == null) {
        asks = ConcurrentHashMap.newKeySet();
      }
      Set<Future<?>> all = asks;
      all.add(answer);
      ContextSlot.outside(() -> answer.onAny(all::remove));
    }
    return answer;
  }

  /** The answers that the process waits for. */
  public Set<Future<?>> asks() {
    return asks == null ? Set.of() : asks;
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
