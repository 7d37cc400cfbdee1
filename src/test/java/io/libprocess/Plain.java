package io.libprocess;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.support.Expect;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A process without behaviour: tests dispatch functions to it. */
class Plain extends Process<Plain> {

  /** One call of {@code exited}. */
  record Gone(UPID pid, Exit.Reason reason) {}

  final BlockingQueue<Gone> gone = new LinkedBlockingQueue<>();
  final BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();
  final BlockingQueue<String> lifeCycle = new LinkedBlockingQueue<>();
  final BlockingQueue<Message> unhandled = new LinkedBlockingQueue<>();

  private final CheckedConsumer<? super Plain> initialize;

  Plain() {
    this(Id.generate("plain"));
  }

  Plain(String id) {
    this(id, plain -> {});
  }

  Plain(String id, CheckedConsumer<? super Plain> initialize) {
    super(id);
    this.initialize = initialize;
  }

  /** A process that runs an action when it is initialized. */
  static Plain with(CheckedConsumer<? super Plain> initialize) {
    return new Plain(Id.generate("plain"), initialize);
  }

  /** Makes a process link to another one; returns when it has. */
  static void link(PID<Plain> linking, UPID to, RemoteConnection mode) throws Exception {
    Expect.ready(
        linking.call(
            p -> {
              p.link(to, mode);
              return p;
            }));
  }

  @Override
  protected void initialize() throws Exception {
    lifeCycle.add("initialize");
    initialize.accept(this);
  }

  @Override
  protected void finish() {
    lifeCycle.add("finish");
  }

  @Override
  protected void exited(UPID pid, Exit exit) {
    gone.add(new Gone(pid, exit.reason()));
    exits.add(exit);
  }

  @Override
  protected void unhandled(Message message) {
    unhandled.add(message);
  }
}
