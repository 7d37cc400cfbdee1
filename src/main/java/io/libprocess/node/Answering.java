package io.libprocess.node;

import io.libprocess.Codec;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.actor.Handlers;
import io.libprocess.actor.ProcessCell;
import io.libprocess.ask.Asks;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.internal.Log;
import io.libprocess.internal.Reason;
import java.nio.charset.StandardCharsets;

/**
 * Answers the messages of one name to a process.
 *
 * @param <Q> the type of the questions
 * @param <A> the type of the answers
 */
public final class Answering<Q, A> implements Handlers.MessageHandler {

  private final ProcessCell cell;
  private final Codec<Q> question;
  private final String replyName;
  private final Codec<A> answer;
  private final CheckedBiFunction<UPID, ? super Q, Future<A>> function;

  /** Makes a handler that runs a function and sends what becomes of its result. */
  public Answering(
      ProcessCell cell,
      Codec<Q> question,
      String replyName,
      Codec<A> answer,
      CheckedBiFunction<UPID, ? super Q, Future<A>> function) {
    this.cell = cell;
    this.question = question;
    this.replyName = replyName;
    this.answer = answer;
    this.function = function;
  }

  @Override
  public void handle(Message message) {
    Future<A> result;
    try {
      Q value = question.decode(message.body());
      result = function.apply(message.from(), value);
    } catch (Throwable thrown) {
      fail(message, thrown);
      return;
    }
    if (result == null) {
      fail(message, new NullPointerException("the function returned null instead of a future"));
      return;
    }
    result
        .onReady(value -> reply(message, value))
        .onFailed(failure -> fail(message, failure))
        .onDiscarded(() -> fail(message, new Failure("the answer was discarded")))
        .onAbandoned(() -> fail(message, new Failure("the answer was abandoned")));
  }

  private void reply(Message message, A value) {
    try {
      send(cell, message.from(), replyName, answer.encode(value));
    } catch (Throwable thrown) {
      fail(message, thrown);
    }
  }

  private void fail(Message message, Throwable failure) {
    String text = failure instanceof Failure ? Reason.of(failure) : Reason.description(failure);
    if (!isTold(cell, message, text)) {
      Log.warning(message + " is not answered", failure);
    }
  }

  /** Tells the sender of a message that nobody handles, if it waits for an answer. */
  public static void refuse(ProcessCell cell, Message message) {
    isTold(cell, message, "it has no handler for messages '" + message.name() + "'");
  }

  /** Tells the sender why there is no answer; false if it does not understand that. */
  private static boolean isTold(ProcessCell cell, Message message, String why) {
    boolean understands = Asks.isAsker(message.from().id());
    if (understands) {
      send(cell, message.from(), Asks.FAILED, why.getBytes(StandardCharsets.UTF_8));
    }
    return understands;
  }

  private static void send(ProcessCell cell, UPID to, String name, byte[] body) {
    cell.processes().messages().post(cell.pid(), to, name, body);
  }
}
