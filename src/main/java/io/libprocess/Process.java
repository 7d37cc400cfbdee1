package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.actor.BoundedCell;
import io.libprocess.actor.Handlers;
import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.security.Security;
import io.libprocess.internal.Ordered;
import io.libprocess.internal.scheduler.NameCounters;
import io.libprocess.service.Service;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import io.libprocess.web.BoundRoute;
import io.libprocess.web.PendingRequest;
import io.libprocess.web.Site;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * An actor: state that only its own methods touch, and a mailbox of events that are served one
 * after the other. The handler of an event sees the effects of all earlier events, whichever thread
 * runs it, so the fields of a process need no lock.
 *
 * <p>A process lives on a {@link Node} from {@link Node#spawn} to {@link Node#terminate}. Others
 * reach it through its {@link PID} or, from other nodes, by messages ({@link #install}) and HTTP
 * ({@link #route}).
 *
 * <p>Handlers must not block: they hold a worker. Wrap blocking calls in {@link Async#async}. An
 * exception in {@link #initialize}, in a one-way dispatch, a message handler, a timer or {@link
 * #exited} ends the process; it is logged, and linked processes are told. An exception in a {@link
 * PID#call} fails the caller's future and is not logged, and an exception in an HTTP handler is
 * answered with status 500; in both cases the process lives on.
 *
 * <p>The number of events in a mailbox has no limit unless {@link #mailboxLimit} sets one.
 *
 * <p>The protected methods are for the process itself: they may be called while it serves an event,
 * and nowhere else.
 *
 * @param <P> the type of the process itself, so that {@link #self} knows it
 */
public abstract class Process<P extends Process<P>> extends Messaging {

  private static final VarHandle IDENTITY;
  private static final VarHandle ATTENTION;

  static {
    ProcessDoor.open();
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      IDENTITY = lookup.findVarHandle(Process.class, "identity", Object.class);
      ATTENTION = lookup.findVarHandle(Process.class, "attention", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // The id or number, perhaps with a limit, until there is a cell that holds them: there may be
  // many processes, so one field serves for all.
  private Object identity;
  private Handlers handlers; // Made by the first install or route.
  private volatile int attention; // Flags that make the next events special.

  /** Makes a process named {@code (1)}, {@code (2)} and so on. */
  protected Process() {
    this.identity = NameCounters.current().next();
  }

  /**
   * Makes a process with a name.
   *
   * @param id unique on its node while it lives; see {@link Id#generate}
   * @throws IllegalArgumentException if {@code id} is empty or contains {@code /}, {@code @} or a
   *     control character
   */
  protected Process(String id) {
    this.identity = Id.checked(id);
  }

  /** The name of this process on its node. */
  public final String id() {
    Object known = identity;
    return known instanceof ProcessCell cell
        ? cell.pid().id()
        : Id.text(BoundedCell.Identity.unlimited(known));
  }

  /**
   * The PID of this process.
   *
   * @throws IllegalStateException before it is spawned: use {@link Node#pid} then
   */
  @SuppressWarnings("unchecked") // P is the type of this.
  public final PID<P> self() {
    return (PID<P>) cell().pid();
  }

  /**
   * The node on which this process lives.
   *
   * @throws IllegalStateException before it is spawned
   */
  public final Node node() {
    return nodeOf(cell());
  }

  static Node nodeOf(ProcessCell cell) {
    return (Node) cell.processes().node();
  }

  /** The node's clock; while it is paused this process sees its own time. */
  protected final Clock clock() {
    return node().clock();
  }

  @Override
  final ProcessCell cell() {
    if (identity instanceof ProcessCell cell) {
      return cell;
    }
    throw new IllegalStateException("process '" + id() + "' has not been spawned");
  }

  /** The cell on a node, made on first use. */
  final ProcessCell cellOn(Processes processes) {
    Object known = IDENTITY.getAcquire(this);
    if (!(known instanceof ProcessCell)) {
      ProcessCell made = ProcessCell.of(processes, known, this);
      Object before = IDENTITY.compareAndExchange(this, known, made);
      known = before == known ? made : before;
    }
    ProcessCell cell = (ProcessCell) known;
    if (cell.processes() != processes) {
      throw new IllegalArgumentException(
          "process '" + cell.pid().id() + "' belongs to the node at " + cell.pid().address());
    }
    return cell;
  }

  final int attention() {
    return attention;
  }

  /** Sets or clears a flag. Any thread may call it. */
  final void attend(int flag, boolean set) {
    if (set) {
      ATTENTION.getAndBitwiseOr(this, flag);
    } else {
      ATTENTION.getAndBitwiseAnd(this, ~flag);
    }
  }

  /* ---------------- Life cycle ---------------- */

  /**
   * Called in the process before the first event.
   *
   * @throws Exception any exception; the process then ends
   */
  protected void initialize() throws Exception {}

  /**
   * Called in the process before it ends, after its last event. (libprocess: {@code finalize}, a
   * name that Java has taken.)
   *
   * @throws Exception any exception; it is logged
   */
  protected void finish() throws Exception {}

  /**
   * Called when a process that this one has linked to is gone, once for each {@link #link}ed name.
   *
   * @param pid the name that was linked to
   * @param exit why it is gone
   * @throws Exception any exception; the process then ends
   */
  protected void exited(UPID pid, Exit exit) throws Exception {}

  /**
   * Counts the events of a kind that wait for this process behind the one that it is serving.
   *
   * @param kind one of the records in {@link EventView}, or {@link EventView} itself for events of
   *     all kinds
   * @throws IllegalStateException if called elsewhere than in this process
   */
  protected final int eventCount(Class<? extends EventView> kind) {
    return (int) cell().waitingEvents(EventViews.ALL).stream().filter(kind::isInstance).count();
  }

  /* ---------------- A limited mailbox ---------------- */

  /**
   * Limits how many events may wait for this process. Must be called in the constructor; there is
   * no limit by default.
   *
   * <p>While the mailbox is full, {@link PID#call} and {@link PID#callAsync} fail with a {@link
   * MailboxFullException}, HTTP requests are answered with status 503, and messages and one-way
   * dispatches are dropped, counted ({@link #mailboxDrops}) and logged once until the mailbox has
   * been empty again. Actions of {@link #delay} and {@link #defer} are dispatches in this sense;
   * {@link PID#execute} throws, and {@link Node#postConfirmed} tells that a message was refused.
   * The request to end and the events for {@link #exited} are always accepted and do not count. The
   * same number of HTTP requests may wait for authentication.
   *
   * @param limit at least 1; the event being served does not count
   * @throws IllegalStateException if the process has a PID already
   */
  protected final void mailboxLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit < 1: " + limit);
    }
    if (identity instanceof ProcessCell cell) {
      throw new IllegalStateException("too late to limit the mailbox of " + cell.pid());
    }
    identity = new BoundedCell.Identity(BoundedCell.Identity.unlimited(identity), limit);
  }

  /**
   * The number of one-way events that were dropped because the mailbox was full. Any thread may
   * call this.
   */
  public final long mailboxDrops() {
    return identity instanceof BoundedCell bounded ? bounded.drops() : 0;
  }

  /* ---------------- Messages: see Messaging ---------------- */

  final void received(Message message) throws Exception {
    if (handlers == null || !handlers.received(cell(), message)) {
      unhandled(message);
    }
  }

  /* ---------------- HTTP ---------------- */

  /**
   * Answers requests of all methods for a path below {@code /id} and for everything below it; the
   * path {@code /} means only the process itself, as described at {@link Route}. Short for {@code
   * route(Route.at(path).help(help), handler)}.
   *
   * @param path {@code /} for the process itself, or something like {@code /a/b}
   * @param help one line or a page of Markdown for {@code /help}; it must not begin with a slash,
   *     so that the two texts cannot be confused
   * @throws IllegalArgumentException if one of the texts is not valid: see {@link Route#at}
   */
  protected final void route(String path, String help, Service<? super Request, Response> handler) {
    if (help.startsWith("/")) {
      throw new IllegalArgumentException(
          "the help of " + path + " begins with '/', as a path: '" + help + "'");
    }
    route(Route.at(path).help(help), handler);
  }

  /**
   * Answers the requests of a route, in place of the routes of the same path and methods. The
   * handler runs in the process when the whole body has arrived, unless the route streams.
   *
   * @throws IllegalStateException if the route's realm has not been configured: see {@link
   *     Config.Builder#authenticator} and {@link Security#openRealm}
   */
  protected final void route(Route route, Service<? super Request, Response> handler) {
    addRoute(BoundRoute.of(route, handler), true);
  }

  /**
   * Does the same as {@link #route(Route, Service)}, and tells the handler who makes the request:
   * nobody if the route has no realm, or one that is open. The requests of a process come to their
   * handlers in the order in which they have arrived with their bodies, so a slow authenticator
   * holds up all of them; see {@link Security}.
   */
  protected final void route(
      Route route, CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler) {
    addRoute(BoundRoute.of(route, handler), true);
  }

  final void addRoute(BoundRoute bound, boolean isListed) {
    site().route(bound);
    if (isListed) {
      node().help().add(id(), bound.route());
    }
  }

  /**
   * Answers requests for {@code /id/name} with a file, or requests for paths below that with the
   * files of a directory, unless there is a route for them. Content types are chosen by file name
   * extension. Requests can only name files below the path, but symbolic links are followed. For
   * directories the answer is 404, and for methods other than GET and HEAD 405.
   *
   * @param name one segment of a path, not percent-encoded; empty for {@code /id} itself
   * @throws IllegalArgumentException if the name has a slash
   * @see Response#file(Path)
   */
  protected final void provide(String name, Path path) {
    site().provide(name, path.toAbsolutePath(), null);
  }

  /**
   * Like {@link #provide(String, Path)}, with the given content types.
   *
   * @param types the content types by extension, case-sensitive and without the dot
   */
  protected final void provide(String name, Path path, Map<String, String> types) {
    site().provide(name, path.toAbsolutePath(), Ordered.copyOf(types));
  }

  final void requested(PendingRequest request) {
    Site site = handlers == null ? null : handlers.site();
    if (site == null) {
      request.answer(Response.notFound());
    } else {
      site.serve(request);
    }
  }

  /** Whether a request will be seen again when its body has arrived. */
  final boolean awaitsBody(PendingRequest request) {
    Site site = handlers == null ? null : handlers.site();
    return site != null && site.awaitsBody(request);
  }

  /**
   * Releases what the process holds when it has ended: no further requests are admitted to it, and
   * nothing waits for its answers.
   */
  final void release() {
    if (handlers == null) {
      return;
    }
    handlers.delays().close();
    handlers.asks().forEach(Future::discard);
    Site site = handlers.site();
    if (site != null) {
      site.close();
      node().help().remove(id());
    }
  }

  private Site site() {
    Node node = node();
    return handlers().site(cell(), node.access(), node.config().httpLimits().body());
  }

  @Override
  final Handlers handlers() {
    if (handlers == null) {
      handlers = new Handlers();
    }
    return handlers;
  }

  /* ---------------- Later, elsewhere ---------------- */

  /**
   * Runs an action in this process after a time, unless the process has ended by then.
   *
   * @return the timer, which may be cancelled
   */
  protected final Timer delay(Duration duration, CheckedConsumer<? super P> action) {
    return handlers().delays().start(cell(), duration, requireNonNull(action, "action"));
  }

  /** Makes a callback that runs an action in this process, for callbacks of futures. */
  protected final <T> CheckedConsumer<T> defer(CheckedConsumer<? super T> action) {
    return self().defer((process, value) -> action.accept(value));
  }

  /** Makes a function that runs another one in this process, for {@link Future#then}. */
  protected final <T, R> CheckedFunction<T, Future<R>> deferCall(
      CheckedFunction<? super T, ? extends R> function) {
    return self().deferCall((process, value) -> function.apply(value));
  }

  /** Makes a function that runs an asynchronous one in this process, for {@link Future#then}. */
  protected final <T, R> CheckedFunction<T, Future<R>> deferCallAsync(
      CheckedFunction<? super T, Future<R>> function) {
    return self().deferCallAsync((process, value) -> function.apply(value));
  }

  @Override
  public String toString() {
    return getClass().getSimpleName()
        + " "
        + (identity instanceof ProcessCell cell ? cell.pid().toString() : id());
  }
}
