package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.web.PendingRequest;

/**
 * What the actor core does with a process and its PID, whose classes are above this room: it knows
 * a process as an object. The class of processes gives the one implementation when it is
 * initialized, and this room keeps it in a constant, so that a call through it costs what a direct
 * one does.
 *
 * <p>The methods that take a process are for the thread that owns it, apart from {@link #attend}.
 */
public abstract class ProcessAccess {

  /** The process was terminated by a request that jumps the queue. */
  public static final int PURGED = 1;

  /** Event filters are installed. */
  public static final int FILTERED = 2;

  /** The cell counts what is taken out. */
  public static final int BOUNDED = 4;

  private static ProcessAccess given; // Written once, while the class of processes is initialized.

  /** For the one implementation. */
  protected ProcessAccess() {}

  /** Gives the implementation; before the first process is made. */
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

  /** The one that was given. */
  static ProcessAccess get() {
    return Constant.ACCESS;
  }

  private static final class Constant {
    static final ProcessAccess ACCESS = given();
  }

  /* ---------------- Names ---------------- */

  /** The PID of a process, whose cell this is. */
  protected abstract UPID pid(Object idOrNumber, ProcessCell cell);

  /** The cell that a PID reaches; null if it is a UPID only. */
  protected abstract ProcessCell cell(UPID pid);

  /** What stands for the id of a process in a table. */
  protected abstract Object key(UPID pid);

  /** What stands for an id in a table. */
  protected abstract Object key(String id);

  /** Why a call fails whose process can take no more. */
  protected abstract RuntimeException mailboxFull(UPID process, int limit);

  /* ---------------- Processes ---------------- */

  /** What makes the next events special: flags from above. */
  protected abstract int attention(Object process);

  /** Sets or clears a flag; by any thread. */
  protected abstract void attend(Object process, int flag, boolean set);

  /**
   * Calls what users override.
   *
   * @throws Exception to end the process
   */
  protected abstract void initialize(Object process) throws Exception;

  /**
   * Calls what users override.
   *
   * @throws Exception anything
   */
  protected abstract void finish(Object process) throws Exception;

  /** The process is over: nobody will be let in any more, nor told what it answers. */
  protected abstract void release(Object process);

  /**
   * Gives it a message.
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

  /** Gives it a request. */
  protected abstract void requested(Object process, PendingRequest request);

  /** Whether a request will come again when its body has arrived. */
  protected abstract boolean awaitsBody(Object process, PendingRequest request);
}
