package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.UPID;

/** An event that the runtime itself sends to a process. It is admitted even to a full mailbox. */
abstract class Control extends Event {

  @Override
  final boolean isControl() {
    return true;
  }

  /** The first event of every process. */
  static final class Initialize extends Control {
    @Override
    void serve(Object process) throws Exception {
      ProcessAccess.get().initialize(process);
    }
  }

  /** The last event of every process, which {@link ProcessCell} handles. */
  static final class Terminate extends Control {
    @Override
    void serve(Object process) {
      throw new AssertionError("handled by the cell");
    }

    @Override
    <V> V view(ProcessCell cell, EventViewer<V> viewer) {
      return viewer.terminate(cell.pid());
    }
  }

  /** The end of a linked process. */
  static final class Exited extends Control {
    private final UPID pid;
    private final Exit exit;

    Exited(UPID pid, Exit exit) {
      this.pid = pid;
      this.exit = exit;
    }

    @Override
    void serve(Object process) throws Exception {
      ProcessAccess.get().exited(process, pid, exit);
    }

    @Override
    <V> V view(ProcessCell cell, EventViewer<V> viewer) {
      return viewer.exited(cell.pid(), pid, exit);
    }
  }

  /** The next step of an activity that the process itself has begun. */
  static final class Continued extends Control {
    private final Runnable step;

    Continued(Runnable step) {
      this.step = step;
    }

    @Override
    void serve(Object process) {
      step.run();
    }
  }
}
