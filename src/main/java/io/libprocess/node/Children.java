package io.libprocess.node;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.internal.OrderedSet;
import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.ExitStatus;
import io.libprocess.subprocess.Subprocess;
import java.util.List;
import java.util.concurrent.Executor;

/** The set of the child processes that a node has started: none of them outlives it. */
public final class Children {

  private final Executor executor;
  private final OrderedSet<Subprocess> living = new OrderedSet<>();
  private volatile boolean closed;

  /** Makes an empty set; children are started on an executor. */
  public Children(Executor executor) {
    this.executor = executor;
  }

  /** Starts a child, and keeps it until it ends. */
  public Future<Subprocess> start(Command command) {
    return command.executor(executor).start().map(this::keep);
  }

  private Subprocess keep(Subprocess child) {
    living.add(child);
    child.status().onAny(ended -> living.remove(child));
    if (closed) {
      end(child); // Either this sees the end, or close sees the child.
    }
    return child;
  }

  /** The number of live children. */
  int size() {
    return living.list().size();
  }

  /** Kills the live children, with their descendants; ready when they have ended. */
  public Future<List<Future<ExitStatus>>> close() {
    closed = true;
    return Futures.await(living.list().stream().map(Children::end).toList());
  }

  private static Future<ExitStatus> end(Subprocess child) {
    child.close();
    child.killTree();
    return child.status();
  }
}
