package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.endpoints.WaitingEvent;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks all processes of a node what waits for them, for {@code /__processes__}. */
public final class Inspection
    implements Supplier<List<Future<Optional<WaitingEvent.Queue>>>>, EventViewer<WaitingEvent> {

  private final Processes processes;

  /** Asks those processes that there are each time. */
  public Inspection(Processes processes) {
    this.processes = processes;
  }

  /** One answer for each process, when it is served; empty for one that ends before. */
  @Override
  public List<Future<Optional<WaitingEvent.Queue>>> get() {
    return processes.all().stream().map(this::ask).toList();
  }

  private Future<Optional<WaitingEvent.Queue>> ask(ProcessCell cell) {
    Question question = new Question(cell, this);
    cell.enqueue(question);
    return question.answer.future();
  }

  @Override
  public WaitingEvent message(UPID process, Message message) {
    return WaitingEvent.of(
        "MESSAGE",
        Map.of(
            "body", new String(message.body(), StandardCharsets.UTF_8),
            "from", message.from().toString(),
            "name", message.name(),
            "to", message.to().toString()));
  }

  @Override
  public WaitingEvent http(UPID process, Request request, String path) {
    return WaitingEvent.of("HTTP", Map.of("method", request.method(), "url", request.target()));
  }

  @Override
  public WaitingEvent dispatch(UPID process, Object function) {
    return WaitingEvent.of("DISPATCH", Map.of());
  }

  @Override
  public WaitingEvent exited(UPID process, UPID linkee, Exit exit) {
    return WaitingEvent.of("EXITED", Map.of());
  }

  @Override
  public WaitingEvent terminate(UPID process) {
    return WaitingEvent.of("TERMINATE", Map.of());
  }

  /** The question what waits behind it. */
  private static final class Question extends Control {

    private final ProcessCell cell;
    private final Inspection inspection;
    private final Promise<Optional<WaitingEvent.Queue>> answer = new Promise<>();

    Question(ProcessCell cell, Inspection inspection) {
      this.cell = cell;
      this.inspection = inspection;
    }

    private WaitingEvent.Queue queue() {
      return new WaitingEvent.Queue(cell.pid().id(), cell.waitingEvents(inspection));
    }

    @Override
    void serve(Object process) {
      answer.set(Optional.of(queue()));
    }

    @Override
    void drop() {
      answer.set(Optional.empty());
    }

    @Override
    <V> V view(ProcessCell asked, EventViewer<V> viewer) {
      CheckedFunction<Object, ?> question = process -> queue();
      return viewer.dispatch(asked.pid(), question);
    }
  }
}
