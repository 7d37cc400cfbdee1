package io.libprocess;

import io.libprocess.actor.Messages;
import io.libprocess.config.MessageLimits;
import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import java.util.Map;

/** The part of a {@link Node} that sends messages from outside of any process. */
abstract class NodeMessages {

  /** For the node. */
  NodeMessages() {}

  abstract Messages messages();

  /** Sends a message from outside any process; see {@link #post(UPID, UPID, String, byte[])}. */
  public final void post(UPID to, String name, byte[] body) {
    post(UPID.NONE, to, name, body);
  }

  /**
   * Sends a message: one way, at most once, and in order to the same receiver while the connection
   * to its node lives. Does nothing if the receiver is {@link UPID#NONE}. The message is dropped if
   * more bytes or messages wait for the receiver's node than {@link MessageLimits} allow.
   *
   * @param from the sender as the receiver sees it
   * @param name the kind of message, without blanks and control characters because it is sent
   *     unencoded. A C++ node cuts it at a question mark or a number sign
   * @param body the bytes, which must not be changed afterwards
   * @throws IllegalArgumentException if the name has blanks or control characters, if {@code from}
   *     has control characters, or if the body is larger than {@link MessageLimits#size}
   */
  public final void post(UPID from, UPID to, String name, byte[] body) {
    messages().post(from, to, name, body);
  }

  /**
   * Like {@link #post(UPID, UPID, String, byte[])}, and also reports the outcome of the message.
   * The future never fails; a discard request is ignored. (libprocess has no such thing.)
   */
  public final Future<Delivery> postConfirmed(UPID from, UPID to, String name, byte[] body) {
    return messages().postConfirmed(from, to, name, body);
  }

  /**
   * Asks a process, on this or another node, by a message from outside any process; for the
   * replying side see {@link Process#installCall} and {@link Process#reply}. The message has its
   * own sender, and any message to that sender is the reply, so processes of C++ nodes can be asked
   * too. (libprocess: {@code Protocol} and {@code ReqResProcess}.)
   *
   * <p>The future fails with an {@link AskException}: at once when there is no such process, when
   * it ends, or when the connection to its node breaks; when the process reports that it has
   * failed; and after the deadline of the current {@link io.libprocess.context.Context}. Without a
   * deadline there is no limit. If a process of a C++ node does not exist, or ends, only the loss
   * of the connection reveals that. A discard request discards the future; the process is not told.
   *
   * @param name as for {@link #post(UPID, UPID, String, byte[])}
   * @param question encodes the value; if it throws, the future fails
   * @param answer decodes the reply, whatever its name
   */
  public final <Q, A> Future<A> ask(
      UPID to, String name, Codec<Q> question, Codec<A> answer, Q value) {
    return messages().asks().ask(to, name, question, answer, value);
  }

  /**
   * Makes a service of the questions of one kind to a process, on this or another node, so that
   * filters can be put before it: see {@link #ask}. A question that certainly has not reached the
   * process fails with an {@link AskException} flagged {@link FailureFlag#RETRYABLE}, which holds
   * for filters: {@link io.libprocess.service.stack.ClientStack} does not show it to the
   * application.
   *
   * @param name the name of the questions
   * @param question encodes requests
   * @param answer decodes responses
   */
  public final <Q, A> Service<Q, A> service(
      UPID to, String name, Codec<Q> question, Codec<A> answer) {
    return value -> ask(to, name, question, answer, value).repair(NodeMessages::flagged);
  }

  private static <A> Future<A> flagged(Future<A> failed) {
    return failed.failure() instanceof AskException asked && !asked.mayHaveArrived()
        ? Future.failed(FlaggedFailure.with(asked, FailureFlag.RETRYABLE))
        : failed;
  }

  /**
   * The numbers of messages to other nodes by outcome, under their names in {@link Node#metrics}:
   * all messages given to be sent ({@code libprocess/messages_sent}), and of these the {@code
   * dropped} (too much was waiting), {@code unanswered} (the connection broke), {@code no_process}
   * and {@code refused}.
   */
  public final Map<String, Long> messageCounts() {
    return messages().remote().counts().all();
  }
}
