package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.internal.OrderedSet;
import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.ExitStatus;
import io.libprocess.subprocess.Subprocess;
import java.util.List;
import java.util.concurrent.Executor;

/** The children that a node has started: none of them outlives it. */
final class Children {

  private final Executor executor;
  private final OrderedSet<Subprocess> living = new OrderedSet<>();
  private volatile boolean closed;

  Children(Executor executor) {
    this.executor = executor;
  }

  Future<Subprocess> start(Command command) {
    return command.executor(executor).start().map(this::keep);
  }

  private Subprocess keep(Subprocess child) {
    living.add(child);
    child.status().onAny(ended -> living.remove(child));
    if (closed) {
      end(child); // Either this sees that, or close sees the child.
    }
    return child;
  }

  /** Kills those that live, with their descendants; ready when they have ended. */
  Future<List<Future<ExitStatus>>> close() {
    closed = true;
    return Futures.await(living.list().stream().map(Children::end).toList());
  }

  private static Future<ExitStatus> end(Subprocess child) {
    child.close();
    child.killTree();
    return child.status();
  }
}
