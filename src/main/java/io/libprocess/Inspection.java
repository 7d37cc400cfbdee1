package io.libprocess;

import io.libprocess.endpoints.WaitingEvent;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks all processes of a node what waits for them, for {@code /__processes__}. */
final class Inspection implements Supplier<List<Future<Optional<WaitingEvent.Queue>>>> {

  private final Processes processes;

  Inspection(Processes processes) {
    this.processes = processes;
  }

  /** One answer for each process, when it is served; empty for one that ends before. */
  @Override
  public List<Future<Optional<WaitingEvent.Queue>>> get() {
    return processes.all().stream().map(Inspection::ask).toList();
  }

  private static Future<Optional<WaitingEvent.Queue>> ask(ProcessCell cell) {
    Promise<Optional<WaitingEvent.Queue>> answer = new Promise<>();
    Event.Inspect question = new Event.Inspect();
    question
        .future()
        .onReady(events -> answer.set(Optional.of(queue(cell, events))))
        .onAbandoned(() -> answer.set(Optional.empty()));
    cell.enqueue(question);
    return answer.future();
  }

  private static WaitingEvent.Queue queue(ProcessCell cell, List<EventView> events) {
    return new WaitingEvent.Queue(
        cell.pid().id(), events.stream().map(Inspection::described).toList());
  }

  private static WaitingEvent described(EventView event) {
    if (event instanceof EventView.MessageEvent arrived) {
      Message message = arrived.message();
      return WaitingEvent.of(
          "MESSAGE",
          Map.of(
              "body", new String(message.body(), StandardCharsets.UTF_8),
              "from", message.from().toString(),
              "name", message.name(),
              "to", message.to().toString()));
    }
    if (event instanceof EventView.HttpEvent http) {
      return WaitingEvent.of(
          "HTTP", Map.of("method", http.request().method(), "url", http.request().target()));
    }
    if (event instanceof EventView.DispatchEvent) {
      return WaitingEvent.of("DISPATCH", Map.of());
    }
    return WaitingEvent.of(
        event instanceof EventView.ExitedEvent ? "EXITED" : "TERMINATE", Map.of());
  }
}
