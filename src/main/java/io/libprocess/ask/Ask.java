package io.libprocess.ask;

import io.libprocess.AskException;
import io.libprocess.AskException.Reason;
import io.libprocess.Codec;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.Receipt;
import io.libprocess.time.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One question under way. The caller that takes it out of the {@link Asks} decides its future.
 *
 * @param <A> the type of the answer
 */
final class Ask<A> implements Receipt {

  final String id;
  final UPID to;
  final ProcessName target;
  final String name;

  private final Asks asks;
  private final Codec<A> codec;
  private final Promise<A> promise = new Promise<>();
  private volatile Timer timer; // Null if there is no deadline.

  Ask(Asks asks, String id, UPID to, String name, Codec<A> codec) {
    this.asks = asks;
    this.id = id;
    this.to = to;
    this.target = new ProcessName(to.id(), to.address());
    this.name = name;
    this.codec = codec;
  }

  Future<A> future() {
    return promise.future();
  }

  void discardOnRequest() {
    promise
        .future()
        .onDiscard(
            () -> {
              if (asks.take(this)) {
                promise.discard();
              }
            });
  }

  /** Sets the time after which the asker stops waiting. */
  void limit(Duration left) {
    timer = asks.clock().timer(left, this::late);
  }

  private void late() {
    if (asks.take(this)) {
      fail(Reason.DEADLINE_EXCEEDED, null);
    }
  }

  /** Cleans up after the question was taken out. */
  void over() {
    Timer set = timer;
    if (set != null) {
      set.cancel();
    }
  }

  /* ---------------- The outcome, once the question was taken out ---------------- */

  void reply(Message message) {
    if (message.name().equals(Asks.FAILED)) {
      String why = new String(message.body(), StandardCharsets.UTF_8);
      fail(new AskException(Reason.FAILED, text(Reason.FAILED) + ": " + why, null));
      return;
    }
    A value;
    try {
      value = codec.decode(message.body());
    } catch (Throwable thrown) {
      fail(Reason.UNDECODABLE, thrown);
      return;
    }
    promise.set(value);
  }

  void fail(Reason reason, Throwable cause) {
    fail(new AskException(reason, text(reason), cause));
  }

  void fail(Throwable thrown) {
    FailureWatch.fail(promise, thrown, asks.unnoticed(), name);
  }

  private String text(Reason reason) {
    String what =
        switch (reason) {
          case NO_PROCESS -> "there is no such process";
          case REFUSED -> "too much waits for it";
          case GONE -> "it has ended, or the connection to it has, before it replied";
          case FAILED -> "it has failed to answer";
          case DEADLINE_EXCEEDED -> "there is no reply before the deadline";
          case UNDECODABLE -> "its reply cannot be decoded";
        };
    return to + " was asked '" + name + "': " + what;
  }

  /* ---------------- The fate of the message, if it goes to another node ---------------- */

  @Override
  public void answered(Answer answer) {
    if (!answer.isSuccess()) {
      end(answer.isNoProcess() ? Reason.NO_PROCESS : Reason.REFUSED);
    }
  }

  @Override
  public void lost(boolean written) {
    end(written ? Reason.GONE : Reason.REFUSED);
  }

  /** Ends the question; called where no user code may run. */
  private void end(Reason reason) {
    if (asks.take(this)) {
      RunLoop.apart(() -> fail(reason, null));
    }
  }

  @Override
  public boolean isForMessage() {
    return true;
  }
}
