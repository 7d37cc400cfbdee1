package io.libprocess.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * When operations began and ended, and with what: what {@link Linearizable} judges. Processes and
 * the function of a world add to {@link World#history}; one that was made alone is for any threads,
 * so that real nodes can be judged too. All state is guarded by this object's lock.
 */
public final class History {

  private final World world; // Null if it belongs to none.
  private final List<Operation> operations = new ArrayList<>();
  private long number;

  /** A history of operations outside of a simulated world. */
  public History() {
    this(null);
  }

  History(World world) {
    this.world = world;
  }

  /** How an operation ended. */
  public enum End {
    /** It was done, and had the result that is known. */
    OK,
    /** It was not done and never will be. */
    FAILED,
    /** It may have been done, or may be done later. */
    UNKNOWN
  }

  /** One operation. */
  public final class Operation {
    private final String key;
    private final Object input;
    private final long begun;
    private long ended = Long.MAX_VALUE;
    private Object result;
    private End end = End.UNKNOWN;

    private Operation(String key, Object input) {
      this.key = key;
      this.input = input;
      begun = ++number;
    }

    /** It is done, with a result, which may be null. */
    public void ok(Object value) {
      end(End.OK, value);
    }

    /** It was not done. */
    public void failed() {
      end(End.FAILED, null);
    }

    private void end(End how, Object value) {
      synchronized (History.this) {
        ended = ++number;
        result = value;
        end = how;
      }
    }

    /** The key of the operation; operations on different keys are independent. */
    public String key() {
      return key;
    }

    /** The requested operation. */
    public Object input() {
      return input;
    }

    /** The result; null if there is none yet. */
    public Object result() {
      return result;
    }

    /** How it ended. */
    public End end() {
      return end;
    }

    long begun() {
      return begun;
    }

    long ended() {
      return ended;
    }

    /** For people. */
    @Override
    public String toString() {
      return key + " " + input + " → " + (end == End.OK ? result : end);
    }
  }

  /**
   * An operation begins.
   *
   * @param key what it concerns
   * @param input what is asked for, for the model to understand
   */
  public synchronized Operation invoke(String key, Object input) {
    Operation operation = new Operation(key, input);
    operations.add(operation);
    if (world != null) {
      world.engine().trace().hash().roll(operation.begun);
    }
    return operation;
  }

  /** All operations, in the order in which they began. */
  public synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }
}
