package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.web.PendingRequest;

/**
 * The actor core's access to a process and its PID, whose classes are above this package: the core
 * knows a process only as an object. The class of processes registers the one implementation when
 * it is initialized, and this package keeps it in a constant, so that a call through it costs no
 * more than a direct one.
 *
 * <p>The methods that take a process are for the thread that owns it, except {@link #attend}.
 */
public abstract class ProcessAccess {

  /** The process was terminated by a request that jumps the queue. */
  public static final int PURGED = 1;

  /** Event filters are installed. */
  public static final int FILTERED = 2;

  /** The cell counts the events that are taken out. */
  public static final int BOUNDED = 4;

  private static ProcessAccess given; // Written once, while the class of processes is initialized.

  /** For the one implementation. */
  protected ProcessAccess() {}

  /** Registers the implementation; called before the first process is made. */
  public static synchronized void give(ProcessAccess access) {
    if (given != null) {
      throw new IllegalStateException("the access to processes was given before");
    }
    given = access;
  }

  private static synchronized ProcessAccess given() {
    if (given == null) {
      throw new IllegalStateException("there is no process yet");
    }
    return given;
  }

  /** The registered implementation. */
  static ProcessAccess get() {
    return Constant.ACCESS;
  }

  private static final class Constant {
    static final ProcessAccess ACCESS = given();
  }

  /* ---------------- Names ---------------- */

  /** The PID of a process, which has the given cell. */
  protected abstract UPID pid(Object idOrNumber, ProcessCell cell);

  /** The cell that a PID reaches; null for a plain UPID. */
  protected abstract ProcessCell cell(UPID pid);

  /** The cell of a process that was spawned. */
  protected abstract ProcessCell cellOf(Object process);

  /** The key for the id of a process in a table. */
  protected abstract Object key(UPID pid);

  /** The key for an id in a table. */
  protected abstract Object key(String id);

  /** The failure of a call to a process whose mailbox is full. */
  protected abstract RuntimeException mailboxFull(UPID process, int limit);

  /* ---------------- Processes ---------------- */

  /** The flags that make the next events special: see above. */
  protected abstract int attention(Object process);

  /** Sets or clears a flag. Any thread may call it. */
  protected abstract void attend(Object process, int flag, boolean set);

  /**
   * Calls the method that users override.
   *
   * @throws Exception to end the process
   */
  protected abstract void initialize(Object process) throws Exception;

  /**
   * Calls the method that users override.
   *
   * @throws Exception any exception
   */
  protected abstract void finish(Object process) throws Exception;

  /**
   * Releases what the process holds when it has ended: no further requests are admitted, and
   * nothing waits for its answers.
   */
  protected abstract void release(Object process);

  /**
   * Passes it a message.
   *
   * @throws Exception to end the process
   */
  protected abstract void received(Object process, Message message) throws Exception;

  /**
   * Tells it of the end of a process that it has linked to.
   *
   * @throws Exception to end the process
   */
  protected abstract void exited(Object process, UPID pid, Exit exit) throws Exception;

  /** Passes it a request. */
  protected abstract void requested(Object process, PendingRequest request);

  /** Whether a request will come again when its body has arrived. */
  protected abstract boolean awaitsBody(Object process, PendingRequest request);
}
