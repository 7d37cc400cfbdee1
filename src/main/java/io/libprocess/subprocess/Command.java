package io.libprocess.subprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.Ordered;
import io.libprocess.internal.Reason;
import io.libprocess.internal.scheduler.WaitsForTasks;
import io.libprocess.subprocess.child.Child;
import io.libprocess.subprocess.child.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A description of a child process to start: a line for the shell or a program with its arguments.
 * Immutable; each method that changes something returns a new command. (libprocess: the arguments
 * of {@code subprocess}.)
 *
 * <pre>{@code
 * Future<String> head = Command.of("git", "rev-parse", "HEAD").directory(checkout).output();
 *
 * Future<ExitStatus> done =
 *     Command.shell("make test 2>&1").out(Stdio.path(log)).start().then(Subprocess::status);
 * }</pre>
 *
 * <p>By default the child shares standard input, output and error, the environment and the working
 * directory with this JVM.
 */
public final class Command {

  private static final int MOST_OUTPUT = 16 << 20;
  private static final int MOST_ERROR_TEXT = 1000;

  private final List<String> arguments;
  private final boolean isShell;
  private final Stdio in;
  private final Stdio out;
  private final Stdio err;
  private final Optional<Map<String, String>> replacement;
  private final Map<String, String> extension;
  private final Optional<Path> directory;
  private final Optional<Executor> executor;
  private final List<CheckedConsumer<? super Long>> parentHooks;

  private Command(Draft draft) {
    arguments = draft.arguments;
    isShell = draft.isShell;
    in = draft.in;
    out = draft.out;
    err = draft.err;
    replacement = draft.replacement;
    extension = draft.extension;
    directory = draft.directory;
    executor = draft.executor;
    parentHooks = draft.parentHooks;
  }

  /** The fields of a command that is being built. */
  private static final class Draft {
    List<String> arguments;
    boolean isShell;
    Stdio in = Stdio.inherit();
    Stdio out = Stdio.inherit();
    Stdio err = Stdio.inherit();
    Optional<Map<String, String>> replacement = Optional.empty();
    Map<String, String> extension = Map.of();
    Optional<Path> directory = Optional.empty();
    Optional<Executor> executor = Optional.empty();
    List<CheckedConsumer<? super Long>> parentHooks = List.of();

    Draft(List<String> arguments, boolean isShell) {
      this.arguments = arguments;
      this.isShell = isShell;
    }
  }

  private Draft draft() {
    Draft draft = new Draft(arguments, isShell);
    draft.in = in;
    draft.out = out;
    draft.err = err;
    draft.replacement = replacement;
    draft.extension = extension;
    draft.directory = directory;
    draft.executor = executor;
    draft.parentHooks = parentHooks;
    return draft;
  }

  /**
   * Makes a command of a line for the shell: {@code sh -c line}. A command that is not found exits
   * with 127.
   */
  public static Command shell(String line) {
    return new Command(new Draft(List.of("sh", "-c", requireNonNull(line, "line")), true));
  }

  /**
   * Makes a command of a program and its arguments, without a shell. A program without a slash is
   * searched for in the {@code PATH} of the child's environment.
   */
  public static Command of(String program, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(0, requireNonNull(program, "program"));
    return of(all);
  }

  /**
   * Makes a command of a program, which comes first, and its arguments; see {@link #of(String,
   * String...)}.
   *
   * @throws IllegalArgumentException if the list is empty
   */
  public static Command of(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program: " + arguments);
    }
    return new Command(new Draft(List.copyOf(arguments), false));
  }

  /**
   * Appends the argument {@code --name=value}.
   *
   * @throws IllegalStateException if this is a line for the shell, which would have to be quoted
   */
  public Command flag(String name, Object value) {
    String flag = "--" + requireNonNull(name, "name") + "=" + requireNonNull(value, "value");
    if (isShell) {
      throw new IllegalStateException("a line for the shell takes no flags: " + flag);
    }
    Draft draft = draft();
    List<String> all = new ArrayList<>(arguments);
    all.add(flag);
    draft.arguments = List.copyOf(all);
    return new Command(draft);
  }

  /** Sets the source of the child's standard input. */
  public Command in(Stdio stdio) {
    Draft draft = draft();
    draft.in = requireNonNull(stdio, "stdio");
    return new Command(draft);
  }

  /** Sets the destination of the child's standard output. */
  public Command out(Stdio stdio) {
    Draft draft = draft();
    draft.out = requireNonNull(stdio, "stdio");
    return new Command(draft);
  }

  /** Sets the destination of the child's standard error. */
  public Command err(Stdio stdio) {
    Draft draft = draft();
    draft.err = requireNonNull(stdio, "stdio");
    return new Command(draft);
  }

  /** Gives the child these variables and no others; an empty map is an empty environment. */
  public Command environment(Map<String, String> variables) {
    Draft draft = draft();
    draft.replacement = Optional.of(Ordered.copyOf(variables));
    draft.extension = Map.of();
    return new Command(draft);
  }

  /** Adds variables to the child's environment; they override existing ones. */
  public Command extendEnvironment(Map<String, String> variables) {
    Map<String, String> all = new LinkedHashMap<>(extension);
    all.putAll(variables);
    Draft draft = draft();
    draft.extension = Ordered.copyOf(all);
    return new Command(draft);
  }

  /** Sets the working directory of the child. (libprocess: {@code ChildHook::CHDIR}.) */
  public Command directory(Path path) {
    Draft draft = draft();
    draft.directory = Optional.of(requireNonNull(path, "path"));
    return new Command(draft);
  }

  /**
   * Sets the executor on which the child is started, which takes as long as a fork, and on which
   * callbacks run. The default is platform threads, of the node for a caller on a node's threads
   * and otherwise of the JVM, which calls of {@code Async} do not hold up. The pipes are served by
   * a few threads of the JVM however many children there are, and one more for each child that is
   * behind on its input.
   */
  public Command executor(Executor executor) {
    Draft draft = draft();
    draft.executor = Optional.of(requireNonNull(executor, "executor"));
    return new Command(draft);
  }

  /**
   * Adds a hook that gets the pid of a started child before any other code sees the child; it may
   * move the child into a control group, for instance. Hooks run one after the other, on the
   * command's executor, where they may block. If a hook throws, the child and all its descendants
   * are killed, and when the child is gone the result of {@link #start} fails; later hooks do not
   * run.
   *
   * <p>The child is already running. (libprocess: {@code ParentHook}, which holds it back before
   * exec.) A child that must not run yet has to wait for a line, which is written when the hooks
   * are done:
   *
   * <pre>{@code
   * Command.of("sh", "-c", "read -r go && exec \"$@\"", "sh", "make", "test")
   *     .in(Stdio.pipe())
   *     .parentHook(pid -> Files.writeString(group.resolve("cgroup.procs"), pid.toString()))
   *     .start()
   *     .onReady(make -> make.in().orElseThrow().write(Chunk.utf8("go\n")));
   * }</pre>
   */
  public Command parentHook(CheckedConsumer<? super Long> hook) {
    Draft draft = draft();
    List<CheckedConsumer<? super Long>> all = new ArrayList<>(parentHooks);
    all.add(requireNonNull(hook, "hook"));
    draft.parentHooks = List.copyOf(all);
    return new Command(draft);
  }

  /* ---------------- Starting ---------------- */

  /**
   * Starts the command; may be called any number of times. The result fails with {@code Failed to
   * execute 'program': reason} if the program or the working directory does not exist, with {@code
   * Failed to open 'path': reason} if a file cannot be opened, and with {@code Failed to execute a
   * parent hook of 'command (pid 42)': reason} if a hook throws; nothing is then left open. If a
   * discard is requested before the child runs, it is not started, or is killed, and the result is
   * discarded. A simulated world has no programs of the system: there the result fails with
   * UnsupportedOperationException, unless something stands for the program on the simulated host.
   */
  public Future<Subprocess> start() {
    Executor threads = executor.orElseGet(BlockingThreads::current);
    if (Thread.currentThread() instanceof WaitsForTasks && !(threads instanceof Programs)) {
      return Future.failed(
          new UnsupportedOperationException(
              "a simulated world has no programs of the system: '" + this + "'"));
    }
    Promise<Subprocess> started = new Promise<>();
    Runnable start = () -> start(threads, started);
    if (StartLine.isFor(threads, in, out, err)) {
      StartLine.shared().enter(threads, start, refusal -> refused(started, refusal));
      return started.future();
    }
    try {
      threads.execute(start);
    } catch (RejectedExecutionException e) {
      refused(started, e);
    }
    return started.future();
  }

  private void refused(Promise<Subprocess> started, Throwable refusal) {
    String reason = refusal.getMessage() == null ? "" : ": " + refusal.getMessage();
    String text = "the executor of '" + this + "' takes no call" + reason;
    started.fail(new IllegalStateException(text, refusal));
  }

  private void start(Executor threads, Promise<Subprocess> started) {
    Subprocess subprocess;
    try {
      subprocess = started.future().hasDiscard() ? null : new Subprocess(this, child(threads));
    } catch (Throwable thrown) {
      started.fail(thrown);
      return;
    } finally {
      if (StartLine.isFor(threads, in, out, err)) {
        StartLine.shared().leave(); // Before code of users, which may block.
      }
    }
    if (subprocess == null) {
      started.discard();
      return;
    }
    try {
      for (CheckedConsumer<? super Long> hook : parentHooks) {
        hook.accept(subprocess.pid());
      }
    } catch (Throwable thrown) {
      giveUp(subprocess, thrown, started);
      return;
    }
    if (!started.setUnlessDiscardRequested(subprocess)) {
      subprocess.kill();
      subprocess.close();
      started.discard();
    }
  }

  private Child child(Executor threads) {
    if (!(threads instanceof Programs programs)) {
      return SystemChild.start(this, threads);
    }
    for (Stdio stdio : List.of(in, out, err)) {
      if (stdio.file().isPresent()) {
        throw new UnsupportedOperationException(
            "a simulated world has no files of the system: '" + stdio + "'");
      }
    }
    return programs.start(new Programs.Request(arguments, in.isPipe(), out.isPipe(), err.isPipe()));
  }

  private static void giveUp(Subprocess child, Throwable thrown, Promise<Subprocess> started) {
    String reason = thrown instanceof Failure ? Reason.message(thrown) : Reason.description(thrown);
    String text = "Failed to execute a parent hook of '" + child + "': " + reason;
    child.status().onReady(ended -> started.fail(new Failure(text, thrown)));
    child.killTree();
    child.close();
  }

  /**
   * Starts the command and waits for its end, with standard output and error captured. A discard
   * kills the child and its descendants.
   *
   * @param limit how many bytes each of the two may have; if there are more, the child is killed
   *     and the result fails
   * @throws IllegalArgumentException if the limit is negative
   */
  public Future<Captured> capture(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit < 0: " + limit);
    }
    return out(Stdio.pipe()).err(Stdio.pipe()).start().then(child -> Capture.of(child, limit));
  }

  /**
   * Starts the command and waits for its end. The result is its standard output, as UTF-8 and at
   * most 16 MiB of it. It fails if the exit status is not 0, with the beginning of the standard
   * error. Otherwise like {@link #capture}.
   */
  public Future<String> output() {
    return capture(MOST_OUTPUT)
        .map(
            captured -> {
              if (!captured.status().isSuccess()) {
                String error = captured.err().utf8().strip();
                throw new Failure(
                    "'"
                        + this
                        + "' "
                        + captured.status()
                        + (error.isEmpty() ? "" : ": ")
                        + error.substring(0, Math.min(error.length(), MOST_ERROR_TEXT)));
              }
              return captured.out().utf8();
            });
  }

  /* ---------------- For Launch ---------------- */

  String program() {
    return arguments.get(0);
  }

  List<String> arguments() {
    return arguments;
  }

  Stdio in() {
    return in;
  }

  Stdio out() {
    return out;
  }

  Stdio err() {
    return err;
  }

  Optional<Map<String, String>> replacement() {
    return replacement;
  }

  Map<String, String> extension() {
    return extension;
  }

  Optional<Path> directory() {
    return directory;
  }

  /** A description for people: the line, or the program and its arguments with spaces between. */
  @Override
  public String toString() {
    return isShell ? arguments.get(2) : String.join(" ", arguments);
  }
}
