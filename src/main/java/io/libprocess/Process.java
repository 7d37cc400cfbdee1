package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.actor.BoundedCell;
import io.libprocess.actor.Handlers;
import io.libprocess.actor.ProcessCell;
import io.libprocess.actor.Processes;
import io.libprocess.future.CheckedBiConsumer;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.Ordered;
import io.libprocess.internal.scheduler.NameCounters;
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
 * after the other. What the process does in answer to an event sees the effects of all events
 * before, whichever thread runs it, so its fields need no lock.
 *
 * <p>A process lives on a {@link Node} from {@link Node#spawn} to {@link Node#terminate}. Others
 * reach it through its {@link PID} or, from other nodes, by messages ({@link #install}) and HTTP
 * ({@link #route}).
 *
 * <p>Handlers must not block: they hold a worker. Wrap blocking calls in {@link Async#async}. An
 * exception in {@link #initialize}, in a one-way dispatch, a message handler, a timer or {@link
 * #exited} ends the process; it is logged, and linked processes are told. An exception in a {@link
 * PID#call} fails the caller's future, and in an HTTP handler it is answered with status 500; the
 * process lives on.
 *
 * <p>The protected methods are for the process itself: they may be called while it serves an event,
 * and nowhere else.
 *
 * @param <P> the type of the process itself, so that {@link #self} knows it
 */
public abstract class Process<P extends Process<P>> {

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

  // The id or number, perhaps with a limit, until there is a cell that knows: processes are many.
  private Object identity;
  private Handlers handlers; // Made by the first install or route.
  private volatile int attention; // What makes the next events special.

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

  private static Node nodeOf(ProcessCell cell) {
    return (Node) cell.processes().node();
  }

  /** The node's clock; while it is paused it tells this process its own time. */
  protected final Clock clock() {
    return node().clock();
  }

  private ProcessCell cell() {
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

  /** Sets or clears a flag; by any thread. */
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
   * @throws Exception anything; the process then ends
   */
  protected void initialize() throws Exception {}

  /**
   * Called in the process as the last thing. (libprocess: {@code finalize}, a name that Java has
   * taken.)
   *
   * @throws Exception anything; it is logged
   */
  protected void finish() throws Exception {}

  /**
   * Called when a process that this one has linked to is gone, once for each {@link #link}ed name.
   *
   * @param pid the name that was linked to
   * @param exit why it is gone
   * @throws Exception anything; the process then ends
   */
  protected void exited(UPID pid, Exit exit) throws Exception {}

  /**
   * How many events of a kind wait for this process behind the one that it serves just now.
   *
   * @param kind one of the records in {@link EventView}, or that itself for events of all kinds
   * @throws IllegalStateException if called elsewhere than in this process
   */
  protected final int eventCount(Class<? extends EventView> kind) {
    return (int) cell().waitingEvents(EventViews.ALL).stream().filter(kind::isInstance).count();
  }

  /* ---------------- A limited mailbox ---------------- */

  /**
   * Limits how many events may wait for this process; to be called in the constructor. Without this
   * there is no limit.
   *
   * <p>While the mailbox is full, {@link PID#call} and {@link PID#callAsync} fail with a {@link
   * MailboxFullException}, HTTP requests are answered with status 503, and messages and one-way
   * dispatches are dropped, counted ({@link #mailboxDrops}) and logged once until the mailbox has
   * been empty again. To those belong {@link #delay} and {@link #defer}; {@link PID#execute}
   * throws, and who wants to know of a message is told: {@link Node#postConfirmed}. The request to
   * end, and what {@link #exited} is told, always come in and do not count. As many HTTP requests
   * as that may wait for authentication.
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

  /** How many one-way events were dropped because the mailbox was full. Any thread may ask. */
  public final long mailboxDrops() {
    return identity instanceof BoundedCell bounded ? bounded.drops() : 0;
  }

  /* ---------------- Messages ---------------- */

  /** Handles messages of a name with their bytes; replaces the handler there was. */
  protected final void install(String name, CheckedBiConsumer<UPID, byte[]> handler) {
    install(name, Codec.BYTES, handler);
  }

  /**
   * Handles messages of a name with the value that a codec finds in their bytes; replaces the
   * handler there was. A message that cannot be decoded is logged and dropped.
   */
  protected final <T> void install(
      String name, Codec<T> codec, CheckedBiConsumer<UPID, ? super T> handler) {
    handlers().install(requireNonNull(name, "name"), requireNonNull(codec, "codec"), handler);
  }

  /**
   * Passes messages of a name on to another process, with their original sender, unless there is a
   * handler for them.
   */
  protected final void delegate(String name, UPID to) {
    handlers().delegate(requireNonNull(name, "name"), requireNonNull(to, "to"));
  }

  /**
   * Called with a message for which there is neither a handler nor a delegate. Does nothing unless
   * overridden.
   *
   * @throws Exception anything; the process then ends
   */
  protected void unhandled(Message message) throws Exception {}

  /** Sends a message without a body; see {@link #send(UPID, String, byte[])}. */
  protected final void send(UPID to, String name) {
    send(to, name, new byte[0]);
  }

  /**
   * Sends a message: one way, at most once, and in order to the same receiver while the connection
   * to its node lives. To {@link UPID#NONE} it does nothing.
   *
   * @param body not to be changed afterwards
   */
  protected final void send(UPID to, String name, byte[] body) {
    node().post(self(), to, name, body);
  }

  /**
   * Does the same as {@link #send(UPID, String, byte[])}, and tells the outcome: {@link
   * Node#postConfirmed}.
   */
  protected final Future<Delivery> sendConfirmed(UPID to, String name, byte[] body) {
    return node().postConfirmed(self(), to, name, body);
  }

  /**
   * Sends a message with an encoded value.
   *
   * @throws IllegalArgumentException if the codec refuses the value
   */
  protected final <T> void send(UPID to, String name, Codec<T> codec, T value) {
    byte[] body;
    try {
      body = codec.encode(value);
    } catch (Throwable e) {
      throw new IllegalArgumentException("cannot encode the body of message '" + name + "'", e);
    }
    send(to, name, body);
  }

  /**
   * Asks to be told, once, when a process is gone: see {@link #exited}. For a process on another
   * node this keeps a connection to that node and tells when it breaks; unless that is a node of
   * C++ libprocess, also when the process ends or is not there.
   */
  protected final void link(UPID to) {
    link(to, RemoteConnection.REUSE);
  }

  /** Does the same as {@link #link(UPID)}, over the connection that there is or over a new one. */
  protected final void link(UPID to, RemoteConnection connection) {
    node().messages().link(cell(), to, connection);
  }

  final void received(Message message) throws Exception {
    if (handlers == null || !handlers.received(cell(), message)) {
      unhandled(message);
    }
  }

  /* ---------------- HTTP ---------------- */

  /**
   * Answers requests of all methods for a path below {@code /id} and everything below that: short
   * for {@code route(Route.at(path).help(help), handler)}.
   *
   * @param path {@code /} for the process itself, or something like {@code /a/b}
   * @param help one line or a page of Markdown for {@code /help}; it must not begin with a slash,
   *     so that the two texts cannot be taken for each other
   * @throws IllegalArgumentException if one of the texts is not as it must be: see {@link Route#at}
   */
  protected final void route(
      String path, String help, CheckedFunction<Request, Future<Response>> handler) {
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
   * @throws IllegalStateException if nobody has configured the route's realm: see {@link
   *     Config.Builder#authenticator} and {@link Security#openRealm}
   */
  protected final void route(Route route, CheckedFunction<Request, Future<Response>> handler) {
    addRoute(BoundRoute.of(route, handler), true);
  }

  /**
   * Does the same as {@link #route(Route, CheckedFunction)}, and tells the handler who makes the
   * request: nobody if the route has no realm, or one that is open. The requests of a process come
   * to their handlers in the order in which they have arrived with their bodies, so a slow
   * authenticator holds up all of them; see {@link Security}.
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
   * Answers requests for {@code /id/name} with a file, or those for paths below that with the files
   * of a directory, unless there is a route for them. Types of content go by the extensions of the
   * files' names. Requests can only name what is below the path, but symbolic links are followed.
   * For directories the answer is 404, and for methods other than GET and HEAD 405.
   *
   * @param name one segment of a path, not percent-encoded; empty for {@code /id} itself
   * @throws IllegalArgumentException if the name has a slash
   * @see Response#file(Path)
   */
  protected final void provide(String name, Path path) {
    site().provide(name, path.toAbsolutePath(), null);
  }

  /**
   * Does the same as {@link #provide(String, Path)}, with types of content of its own.
   *
   * @param types by extension, case-sensitive and without the dot
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

  /** Whether a request will come again when its body has arrived. */
  final boolean awaitsBody(PendingRequest request) {
    Site site = handlers == null ? null : handlers.site();
    return site != null && site.awaitsBody(request);
  }

  /** The process is over: nobody will be let in any more, nor told what it answers. */
  final void release() {
    if (handlers == null) {
      return;
    }
    handlers.delays().close();
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

  private Handlers handlers() {
    if (handlers == null) {
      handlers = new Handlers();
    }
    return handlers;
  }

  /* ---------------- Later, elsewhere ---------------- */

  /**
   * Runs an action in this process after a time; not if it has ended by then.
   *
   * @return the timer, which may be cancelled
   */
  protected final Timer delay(Duration duration, CheckedConsumer<? super P> action) {
    return handlers().delays().start(cell(), duration, requireNonNull(action, "action"));
  }

  /** A callback that runs an action in this process, for callbacks of futures. */
  protected final <T> CheckedConsumer<T> defer(CheckedConsumer<? super T> action) {
    return self().defer((process, value) -> action.accept(value));
  }

  /** A function that runs another in this process, for {@link Future#then}. */
  protected final <T, R> CheckedFunction<T, Future<R>> deferCall(
      CheckedFunction<? super T, ? extends R> function) {
    return self().deferCall((process, value) -> function.apply(value));
  }

  /** A function that runs an asynchronous one in this process, for {@link Future#then}. */
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
