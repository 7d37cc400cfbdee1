package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.web.BoundRoute;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /__processes__}: which processes there are, and what waits for each. */
public final class ProcessesPage {

  private static final String ID = "__processes__";

  private ProcessesPage() {}

  /**
   * The endpoint.
   *
   * @param inspection asks all processes what waits for them; each answers when it is served, and
   *     those that end meanwhile answer nothing
   */
  public static Endpoint endpoint(Supplier<List<Future<Optional<WaitingEvent.Queue>>>> inspection) {
    BoundRoute page =
        BoundRoute.of(
            Route.at("/"),
            request ->
                Futures.collect(inspection.get()).map(answers -> Response.json(json(answers))));
    return new Endpoint(ID, List.of(page), false);
  }

  private static String json(List<Optional<WaitingEvent.Queue>> answers) {
    JsonWriter writer = new JsonWriter().beginArray();
    answers.stream().flatMap(Optional::stream).forEach(queue -> write(queue, writer));
    return writer.endArray().text();
  }

  private static void write(WaitingEvent.Queue queue, JsonWriter writer) {
    writer.beginObject().name("events").beginArray();
    for (WaitingEvent event : queue.events()) {
      writer.beginObject();
      event.members().forEach((name, value) -> writer.name(name).value(value));
      writer.endObject();
    }
    writer.endArray().name("id").value(queue.id()).endObject();
  }
}
