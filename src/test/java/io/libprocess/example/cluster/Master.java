package io.libprocess.example.cluster;

import io.libprocess.AskException;
import io.libprocess.Exit;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.example.cluster.Protocol.Registration;
import io.libprocess.example.cluster.Protocol.Result;
import io.libprocess.example.cluster.Protocol.Running;
import io.libprocess.example.cluster.Protocol.Task;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.json.JsonType;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Has commands run by agents, each as often as it takes to get one result. A command may run twice,
 * if an agent is cut off that goes on with it; its result counts once.
 */
final class Master extends Process<Master> {

  /** An agent that is there. */
  private static final class Registered {
    final UPID pid;
    final Registration registration;
    final Set<Work> assigned = new LinkedHashSet<>();

    Registered(UPID pid, Registration registration) {
      this.pid = pid;
      this.registration = registration;
    }

    boolean hasRoom() {
      return assigned.size() < registration.slots();
    }
  }

  /** A line of the book, for {@code GET /master/tasks}. */
  record Line(long id, String command, Work.State state, int attempts) {}

  private static final JsonType<List<Line>> LINES = JsonType.of(Line.class).list();

  private final Map<Long, Work> book = new TreeMap<>();
  private final Deque<Work> waiting = new ArrayDeque<>();
  private final Map<UPID, Registered> agents = new HashMap<>();
  private final Map<UPID, Long> lost = new HashMap<>(); // The last incarnation given up.
  private int finished;

  Master() {
    super("master");
  }

  @Override
  protected void initialize() {
    install(Protocol.REGISTER, Protocol.REGISTRATION, this::register);
    install(Protocol.RUNNING, Protocol.STATE, (from, running) -> running(running));
    route(
        Route.get("/tasks").help("All commands and their states."),
        request -> Future.of(Response.json(LINES, lines())));
  }

  /** Has a command of the shell run. */
  Future<Result> submit(String command) {
    Work work = new Work(book.size() + 1, command);
    book.put(work.id, work);
    waiting.add(work);
    assign();
    return work.result.future();
  }

  /** All commands and their states. */
  List<Line> lines() {
    return book.values().stream()
        .map(work -> new Line(work.id, work.command, work.state, work.attempts))
        .toList();
  }

  /** How many agents are there. */
  int agents() {
    return agents.size();
  }

  /** How often a command was entered as finished. */
  int finished() {
    return finished;
  }

  /* ---------------- Agents ---------------- */

  private void register(UPID from, Registration registration) {
    Registered known = agents.get(from);
    if (known != null && known.registration.equals(registration)) {
      return;
    }
    if (registration.incarnation() <= lost.getOrDefault(from, 0L)) {
      send(from, Protocol.LOST, Protocol.REGISTRATION, registration);
      return;
    }
    if (known != null) {
      lose(known); // It has begun anew, so what it ran is gone.
    }
    agents.put(from, new Registered(from, registration));
    link(from);
    assign();
  }

  @Override
  protected void exited(UPID pid, Exit exit) {
    Registered agent = agents.get(pid);
    if (agent != null) {
      lose(agent);
    }
  }

  /** Gives an agent up, in this incarnation, and has its work done by others. */
  private void lose(Registered agent) {
    if (!agents.remove(agent.pid, agent)) {
      return;
    }
    lost.put(agent.pid, agent.registration.incarnation());
    for (Work work : agent.assigned) {
      work.state = Work.State.WAITING;
      waiting.addFirst(work);
    }
    agent.assigned.clear();
    assign();
  }

  /* ---------------- Work ---------------- */

  private void assign() {
    while (!waiting.isEmpty()) {
      Optional<Registered> free =
          agents.values().stream()
              .filter(Registered::hasRoom)
              .min(Comparator.comparingInt(agent -> agent.assigned.size()));
      if (free.isEmpty()) {
        return;
      }
      assign(waiting.remove(), free.get());
    }
  }

  private void assign(Work work, Registered agent) {
    work.state = Work.State.ASSIGNED;
    work.attempts++;
    agent.assigned.add(work);
    long incarnation = agent.registration.incarnation();
    Task task = new Task(work.id, work.attempts, incarnation, work.command);
    ask(agent.pid, Protocol.RUN, Protocol.TASK, Protocol.RESULT, task)
        .onAny(defer(answer -> answered(work, agent, answer)));
  }

  private void running(Running running) {
    Work work = book.get(running.id());
    if (work.state == Work.State.ASSIGNED && work.attempts == running.attempt()) {
      work.state = Work.State.RUNNING;
    }
  }

  private void answered(Work work, Registered agent, Future<Result> answer) {
    if (!agent.assigned.contains(work)) {
      return; // The agent was given up, and somebody else has it.
    }
    if (answer.isReady()) {
      finish(work, agent, answer.get());
    } else if (hasFailedThere(answer)) {
      finish(work, agent, new Result(-1, answer.failure().getMessage()));
    } else {
      lose(agent); // Before long it would be noticed by the link.
    }
  }

  /** Whether the agent says that the command cannot be run. */
  private static boolean hasFailedThere(Future<Result> answer) {
    return answer.isFailed()
        && answer.failure() instanceof AskException failure
        && failure.reason() == AskException.Reason.FAILED;
  }

  private void finish(Work work, Registered agent, Result result) {
    agent.assigned.remove(work);
    work.state = Work.State.FINISHED;
    finished++;
    work.result.set(result);
    assign();
  }
}
