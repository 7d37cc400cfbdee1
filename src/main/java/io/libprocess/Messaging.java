package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.actor.Handlers;
import io.libprocess.actor.ProcessCell;
import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.node.Answering;

/** The part of a {@link Process} that handles messages and links. */
abstract class Messaging {

  /** For processes. */
  Messaging() {}

  abstract ProcessCell cell();

  abstract Handlers handlers();

  private Node owner() {
    return Process.nodeOf(cell());
  }

  private static <T> byte[] encoded(String name, Codec<T> codec, T value) {
    try {
      return codec.encode(value);
    } catch (Throwable e) {
      throw new IllegalArgumentException("cannot encode the body of message '" + name + "'", e);
    }
  }

  /* ---------------- Receiving ---------------- */

  /**
   * Installs a handler for messages of a name, which receives their bytes; replaces the previous
   * handler.
   */
  protected final void install(String name, CheckedBiConsumer<UPID, byte[]> handler) {
    install(name, Codec.BYTES, handler);
  }

  /**
   * Installs a handler for messages of a name, which receives the value that a codec decodes from
   * their bytes; replaces the previous handler. A message that cannot be decoded is logged and
   * dropped.
   */
  protected final <T> void install(
      String name, Codec<T> codec, CheckedBiConsumer<UPID, ? super T> handler) {
    handlers().install(requireNonNull(name, "name"), requireNonNull(codec, "codec"), handler);
  }

  /**
   * Answers messages of a name: a function computes the reply from the value of the message, and a
   * message of the same name carries it to the sender. Replaces the previous handler. It serves
   * callers of {@linkplain #ask ask}. If the message cannot be decoded, the function throws or the
   * reply cannot be encoded, an asker on a node of this library is told so; for others it is
   * logged. The process continues. It is not told if an asker gives up, so what takes long should
   * have an end of its own.
   *
   * @param function takes the sender and the value
   */
  protected final <Q, A> void installCall(
      String name,
      Codec<Q> question,
      Codec<A> answer,
      CheckedBiFunction<UPID, ? super Q, ? extends A> function) {
    installCall(name, question, name, answer, function);
  }

  /**
   * Does the same as {@link #installCall(String, Codec, Codec, CheckedBiFunction)}, with another
   * name for the replies: C++ processes tell messages apart by their names, and {@code
   * ProtobufProcess} uses those of their types.
   */
  protected final <Q, A> void installCall(
      String name,
      Codec<Q> question,
      String replyName,
      Codec<A> answer,
      CheckedBiFunction<UPID, ? super Q, ? extends A> function) {
    requireNonNull(function, "function");
    installCallAsync(
        name, question, replyName, answer, (from, value) -> Future.of(function.apply(from, value)));
  }

  /**
   * Answers messages of a name with the outcome of the future that a function of their values
   * returns; see {@link #installCall(String, Codec, Codec, CheckedBiFunction)}. If the process ends
   * first, the asker is told.
   */
  protected final <Q, A> void installCallAsync(
      String name,
      Codec<Q> question,
      Codec<A> answer,
      CheckedBiFunction<UPID, ? super Q, Future<A>> function) {
    installCallAsync(name, question, name, answer, function);
  }

  /**
   * Does the same as {@link #installCallAsync(String, Codec, Codec, CheckedBiFunction)}, with
   * another name for the replies.
   */
  protected final <Q, A> void installCallAsync(
      String name,
      Codec<Q> question,
      String replyName,
      Codec<A> answer,
      CheckedBiFunction<UPID, ? super Q, Future<A>> function) {
    requireNonNull(question, "question");
    handlers()
        .install(
            requireNonNull(name, "name"),
            new Answering<>(
                cell(),
                question,
                requireNonNull(replyName, "replyName"),
                requireNonNull(answer, "answer"),
                requireNonNull(function, "function")));
  }

  /**
   * Sends a message to the sender of the one that is being handled; only inside its handler. A
   * handler that replies later keeps the sender, which it is given, and uses {@link #send}.
   *
   * @param body not to be changed afterwards
   * @throws IllegalStateException if no message is being handled
   */
  protected final void reply(String name, byte[] body) {
    send(handlers().sender(), name, body);
  }

  /**
   * Sends a message with an encoded value to the sender of the one that is being handled; see
   * {@link #reply(String, byte[])}.
   *
   * @throws IllegalArgumentException if the codec refuses the value
   */
  protected final <T> void reply(String name, Codec<T> codec, T value) {
    reply(name, encoded(name, codec, value));
  }

  /**
   * Passes messages of a name on to another process, with their original sender, unless a handler
   * is installed for them.
   */
  protected final void delegate(String name, UPID to) {
    handlers().delegate(requireNonNull(name, "name"), requireNonNull(to, "to"));
  }

  /**
   * Called with a message for which there is neither a handler nor a delegate. Unless overridden,
   * it tells a process that {@linkplain #ask asks} that there will be no answer, and otherwise does
   * nothing.
   *
   * @throws Exception any exception; the process then ends
   */
  protected void unhandled(Message message) throws Exception {
    Answering.refuse(cell(), message);
  }

  /* ---------------- Sending ---------------- */

  /** Sends a message without a body; see {@link #send(UPID, String, byte[])}. */
  protected final void send(UPID to, String name) {
    send(to, name, new byte[0]);
  }

  /**
   * Sends a message: one way, at most once, and in order to the same receiver while the connection
   * to its node lives. Does nothing if the receiver is {@link UPID#NONE}.
   *
   * @param body the bytes, which must not be changed afterwards
   */
  protected final void send(UPID to, String name, byte[] body) {
    owner().post(cell().pid(), to, name, body);
  }

  /**
   * Like {@link #send(UPID, String, byte[])}, and also reports the outcome of the message: see
   * {@link Node#postConfirmed}.
   */
  protected final Future<Delivery> sendConfirmed(UPID to, String name, byte[] body) {
    return owner().postConfirmed(cell().pid(), to, name, body);
  }

  /**
   * Sends a message with an encoded value.
   *
   * @throws IllegalArgumentException if the codec refuses the value
   */
  protected final <T> void send(UPID to, String name, Codec<T> codec, T value) {
    send(to, name, encoded(name, codec, value));
  }

  /**
   * Asks another process by a message: see {@link Node#ask}. If this process ends before there is a
   * reply, the future is discarded. Its callbacks run on the thread that brings the reply; use
   * {@link Process#defer} for callbacks that must run in this process.
   */
  protected final <Q, A> Future<A> ask(
      UPID to, String name, Codec<Q> question, Codec<A> answer, Q value) {
    return handlers().asking(owner().ask(to, name, question, answer, value));
  }

  /* ---------------- Links ---------------- */

  /**
   * Links to a process, so that {@link Process#exited} is called once when that process is gone.
   * For a process on another node this keeps a connection to that node, and {@link Process#exited}
   * is called when the connection breaks; unless the other node is one of C++ libprocess, it is
   * also called when the process ends or does not exist.
   */
  protected final void link(UPID to) {
    link(to, RemoteConnection.REUSE);
  }

  /** Like {@link #link(UPID)}, with the choice of using an existing connection or a new one. */
  protected final void link(UPID to, RemoteConnection connection) {
    owner().messages().link(cell(), to, connection);
  }

  /**
   * Removes a {@link #link(UPID)}; does nothing if there is none. If the end of the process has
   * already been noticed and waits in the mailbox, {@link Process#exited} is still called.
   * (libprocess has no such thing.)
   */
  protected final void unlink(UPID to) {
    owner().messages().unlink(cell(), requireNonNull(to, "to"));
  }
}
