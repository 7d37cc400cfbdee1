package io.libprocess;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** {@code /__processes__}: which processes there are, and what waits for each. */
final class ProcessesProcess extends Process<ProcessesProcess> {

  ProcessesProcess() {
    super("__processes__");
  }

  @Override
  protected void initialize() {
    routeRest(this::answer);
  }

  /** Asks all processes; each answers when it is its turn, and those that end do not. */
  private Future<Response> answer(Request request) {
    String path = request.path();
    int slash = path.indexOf('/', 1);
    if (slash >= 0 && slash < path.length() - 1) {
      return Future.of(Response.notFound());
    }
    List<Future<Optional<Waiting>>> asked =
        node().processes().all().stream().map(ProcessesProcess::ask).toList();
    return Futures.collect(asked).map(answers -> Response.json(json(answers)));
  }

  /** What waits for a process. */
  private record Waiting(String id, List<EventView> events) {}

  private static Future<Optional<Waiting>> ask(ProcessCell cell) {
    Promise<Optional<Waiting>> answer = new Promise<>();
    Event.Inspect question = new Event.Inspect();
    question
        .future()
        .onReady(events -> answer.set(Optional.of(new Waiting(cell.pid().id(), events))))
        .onAbandoned(() -> answer.set(Optional.empty()));
    cell.enqueue(question);
    return answer.future();
  }

  private static String json(List<Optional<Waiting>> answers) {
    JsonWriter writer = new JsonWriter().beginArray();
    answers.stream().flatMap(Optional::stream).forEach(waiting -> write(waiting, writer));
    return writer.endArray().text();
  }

  private static void write(Waiting waiting, JsonWriter writer) {
    writer.beginObject().name("events").beginArray();
    waiting.events.forEach(event -> write(event, writer));
    writer.endArray().name("id").value(waiting.id).endObject();
  }

  /** The members are in the order of their names, as in the original. */
  private static void write(EventView event, JsonWriter writer) {
    writer.beginObject();
    if (event instanceof EventView.MessageEvent arrived) {
      Message message = arrived.message();
      writer.name("body").value(new String(message.body(), StandardCharsets.UTF_8));
      writer.name("from").value(message.from().toString());
      writer.name("name").value(message.name());
      writer.name("to").value(message.to().toString());
      writer.name("type").value("MESSAGE");
    } else if (event instanceof EventView.HttpEvent http) {
      writer.name("method").value(http.request().method());
      writer.name("type").value("HTTP");
      writer.name("url").value(http.request().target());
    } else if (event instanceof EventView.DispatchEvent) {
      writer.name("type").value("DISPATCH");
    } else if (event instanceof EventView.ExitedEvent) {
      writer.name("type").value("EXITED");
    } else {
      writer.name("type").value("TERMINATE");
    }
    writer.endObject();
  }
}
