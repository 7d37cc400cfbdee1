package io.libprocess.example.cluster;

import io.libprocess.example.cluster.Protocol.Result;
import io.libprocess.future.Promise;

/** A command in the book of a master, which alone uses it. */
final class Work {

  /** What is known of it. */
  enum State {
    /** No agent has it. */
    WAITING,
    /** An agent was asked to run it. */
    ASSIGNED,
    /** An agent says that it runs. */
    RUNNING,
    /** It has ended, and there is a result. */
    FINISHED
  }

  final long id;
  final String command;
  final Promise<Result> result = Promise.undiscardable();

  State state = State.WAITING;
  int attempts;

  Work(long id, String command) {
    this.id = id;
    this.command = command;
  }
}
