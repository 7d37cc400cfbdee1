package io.libprocess;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Response;
import io.libprocess.internal.Droppable;
import io.libprocess.web.PendingRequest;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Something in the mailbox of a process: at the same time the element of the mailbox's list. */
abstract class Event {

  private static final VarHandle NEXT;

  static {
    try {
      NEXT = MethodHandles.lookup().findVarHandle(Event.class, "next", Event.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Event next; // See ProcessCell.

  final Event next() {
    return (Event) NEXT.getAcquire(this);
  }

  final void link(Event later) {
    NEXT.setRelease(this, later);
  }

  /**
   * Serves the event in the process.
   *
   * @throws Exception to end the process
   */
  abstract void serve(Process<?> process) throws Exception;

  /** Releases whoever waits for an event that will not be served. */
  void drop() {}

  /**
   * Whether an event that came to the cell of an ended process is for the next one with the same
   * id. Not what was sent to the id in the first place, and not what was passed on before: the
   * sender's next event finds the new process at once, and would overtake it.
   */
  boolean isForSuccessor() {
    return false;
  }

  /** Whether the event comes from the runtime and goes into a full mailbox too. */
  boolean isControl() {
    return false;
  }

  /** Tells the sender that the mailbox is full, instead of dropping; false if nobody is to tell. */
  boolean refuse(UPID process, int limit) {
    return false;
  }

  /** What filters see; null if they must not see it. */
  EventView view(PID<?> process) {
    return null;
  }

  /** The first event of every process. */
  static final class Initialize extends Event {
    @Override
    void serve(Process<?> process) throws Exception {
      process.initialize();
    }

    @Override
    boolean isControl() {
      return true;
    }
  }

  /** The last event of every process, which {@link ProcessCell} handles. */
  static final class Terminate extends Event {
    @Override
    void serve(Process<?> process) {
      throw new AssertionError("handled by the cell");
    }

    @Override
    EventView view(PID<?> process) {
      return new EventView.TerminateEvent(process);
    }

    @Override
    boolean isControl() {
      return true;
    }
  }

  /** What a cell sends itself when its process has ended; {@link ProcessCell} handles it. */
  static final class Ended extends Event {
    /** One that is there if no memory is left. */
    private static final AtomicReference<Ended> SPARE = new AtomicReference<>(new Ended());

    private static final long WAIT_NANOS = 1_000_000;

    private Exit exit;

    /** The last event, whatever it takes: it must not be missing for want of memory. */
    static Ended of(Exit exit) {
      Ended made = null;
      while (made == null) {
        try {
          made = new Ended();
        } catch (OutOfMemoryError e) {
          made = SPARE.getAndSet(null);
          if (made == null) {
            LockSupport.parkNanos(WAIT_NANOS);
          }
        }
      }
      made.exit = exit;
      return made;
    }

    /** Puts back what was taken. */
    static void refill() {
      if (SPARE.get() == null) {
        SPARE.compareAndSet(null, new Ended());
      }
    }

    Exit exit() {
      return exit;
    }

    @Override
    void serve(Process<?> process) {
      throw new AssertionError("handled by the cell");
    }

    @Override
    boolean isControl() {
      return true;
    }
  }

  /** An event that came to the cell of an ended process, in the mailbox of the next one. */
  static final class PassedOn extends Event {
    private final Event event;

    PassedOn(Event event) {
      this.event = event;
    }

    @Override
    void serve(Process<?> process) throws Exception {
      event.serve(process);
    }

    @Override
    void drop() {
      event.drop();
    }

    @Override
    EventView view(PID<?> process) {
      return event.view(process);
    }

    @Override
    boolean refuse(UPID process, int limit) {
      return event.refuse(process, limit);
    }
  }

  /** A one-way dispatch. */
  static final class Dispatch extends Event {
    private final CheckedConsumer<?> action;

    Dispatch(CheckedConsumer<?> action) {
      this.action = action;
    }

    @Override
    @SuppressWarnings("unchecked") // The PID's type says that the process is of this type.
    void serve(Process<?> process) throws Exception {
      ((CheckedConsumer<Object>) action).accept(process);
    }

    @Override
    boolean isForSuccessor() {
      return true;
    }

    @Override
    EventView view(PID<?> process) {
      return new EventView.DispatchEvent(process, action);
    }
  }

  /** A task for the process as an executor. */
  static final class Execute extends Event {
    private final Runnable task;

    Execute(Runnable task) {
      this.task = task;
    }

    @Override
    void serve(Process<?> process) {
      task.run();
    }

    @Override
    void drop() {
      if (task instanceof Droppable droppable) {
        droppable.dropped();
      } else if (task instanceof java.util.concurrent.Future<?> future) {
        future.cancel(false); // Or else it would never be done.
      }
    }

    @Override
    boolean isForSuccessor() {
      return true;
    }

    @Override
    boolean refuse(UPID process, int limit) {
      return !(task instanceof Droppable); // The caller is told by an exception.
    }

    @Override
    EventView view(PID<?> process) {
      CheckedConsumer<Object> wrapped = target -> task.run();
      return new EventView.DispatchEvent(process, wrapped);
    }
  }

  /** The question what waits behind it, which goes into a full mailbox too. */
  static final class Inspect extends Event {
    private final Promise<List<EventView>> promise = new Promise<>();

    Future<List<EventView>> future() {
      return promise.future();
    }

    @Override
    void serve(Process<?> process) {
      promise.set(process.self().cell().waitingEvents());
    }

    @Override
    void drop() {
      promise.abandon();
    }

    @Override
    boolean isControl() {
      return true;
    }

    @Override
    EventView view(PID<?> process) {
      CheckedFunction<Process<?>, ?> question = asked -> asked.self().cell().waitingEvents();
      return new EventView.DispatchEvent(process, question);
    }
  }

  /** A dispatch with a result. */
  static final class Call extends Event {
    private final CheckedFunction<?, ?> function;
    private final Promise<Object> promise = new Promise<>();

    Call(CheckedFunction<?, ?> function) {
      this.function = function;
    }

    @SuppressWarnings("unchecked") // The function returns an R.
    <R> Future<R> future() {
      return (Future<R>) promise.future();
    }

    @Override
    @SuppressWarnings("unchecked") // The PID's type says that the process is of this type.
    void serve(Process<?> process) {
      Object result;
      try {
        result = ((CheckedFunction<Object, ?>) function).apply(process);
      } catch (Throwable thrown) {
        promise.fail(thrown);
        return;
      }
      promise.set(result);
    }

    @Override
    void drop() {
      promise.abandon();
    }

    @Override
    boolean isForSuccessor() {
      return true;
    }

    @Override
    EventView view(PID<?> process) {
      return new EventView.DispatchEvent(process, function);
    }

    @Override
    boolean refuse(UPID process, int limit) {
      return promise.fail(new MailboxFullException(process, limit));
    }
  }

  /** A dispatch with a result that comes later. */
  static final class CallAsync extends Event {
    private final CheckedFunction<?, ?> function;
    private final Promise<Object> promise = new Promise<>();

    CallAsync(CheckedFunction<?, ?> function) {
      this.function = function;
    }

    @SuppressWarnings("unchecked") // The function returns a Future<R>.
    <R> Future<R> future() {
      return (Future<R>) promise.future();
    }

    @Override
    @SuppressWarnings("unchecked") // The function takes the process and returns a future.
    void serve(Process<?> process) {
      Future<Object> result;
      try {
        result = ((CheckedFunction<Object, Future<Object>>) function).apply(process);
      } catch (Throwable thrown) {
        promise.fail(thrown);
        return;
      }
      if (result == null) {
        promise.fail(new NullPointerException("the function returned null instead of a future"));
      } else {
        promise.associate(result);
      }
    }

    @Override
    void drop() {
      promise.abandon();
    }

    @Override
    boolean isForSuccessor() {
      return true;
    }

    @Override
    EventView view(PID<?> process) {
      return new EventView.DispatchEvent(process, function);
    }

    @Override
    boolean refuse(UPID process, int limit) {
      return promise.fail(new MailboxFullException(process, limit));
    }
  }

  /** A message. */
  static class MessageArrived extends Event {
    private final Message message;

    MessageArrived(Message message) {
      this.message = message;
    }

    @Override
    void serve(Process<?> process) throws Exception {
      process.received(message);
    }

    @Override
    EventView view(PID<?> process) {
      return new EventView.MessageEvent(process, message);
    }
  }

  /** The end of a linked process. */
  static final class Exited extends Event {
    private final UPID pid;
    private final Exit exit;

    Exited(UPID pid, Exit exit) {
      this.pid = pid;
      this.exit = exit;
    }

    @Override
    void serve(Process<?> process) throws Exception {
      process.exited(pid, exit);
    }

    @Override
    EventView view(PID<?> process) {
      return new EventView.ExitedEvent(process, pid, exit);
    }

    @Override
    boolean isControl() {
      return true;
    }
  }

  /** An HTTP request; it comes a second time if its body has to be collected first. */
  static final class HttpRequested extends Event {
    private final PendingRequest request;

    HttpRequested(PendingRequest request) {
      this.request = request;
    }

    @Override
    void serve(Process<?> process) {
      process.requested(request);
    }

    @Override
    void drop() {
      request.answer(Response.internalServerError());
    }

    @Override
    EventView view(PID<?> process) {
      return process.cell().awaitsBody(request)
          ? null // Filters see it when all of it is there.
          : new EventView.HttpEvent(process, request.request(), request.below());
    }

    @Override
    boolean refuse(UPID process, int limit) {
      return request.answer(Response.serviceUnavailable());
    }
  }

  /** The next step of what the process itself has begun, which a full mailbox takes in too. */
  static final class Continued extends Event {
    private final Runnable step;

    Continued(Runnable step) {
      this.step = step;
    }

    @Override
    void serve(Process<?> process) {
      step.run();
    }

    @Override
    boolean isControl() {
      return true;
    }
  }
}
