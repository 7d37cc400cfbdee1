package io.libprocess.endpoints;

import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.web.BoundRoute;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The endpoint {@code /__processes__}: the processes, and the events waiting for each. */
public final class ProcessesPage {

  private static final String ID = "__processes__";

  private ProcessesPage() {}

  /**
   * Makes the endpoint.
   *
   * @param inspection returns the waiting events of all processes, without asking these
   * @param blocking runs slow work
   */
  public static Endpoint endpoint(
      Supplier<List<WaitingEvent.Queue>> inspection, Executor blocking) {
    Background background = new Background(blocking);
    BoundRoute page =
        BoundRoute.of(
            Route.at("/"), request -> background.call(() -> Response.json(json(inspection.get()))));
    return new Endpoint(ID, List.of(page), false);
  }

  private static String json(List<WaitingEvent.Queue> queues) {
    JsonWriter writer = new JsonWriter().beginArray();
    queues.forEach(queue -> write(queue, writer));
    return writer.endArray().text();
  }

  private static void write(WaitingEvent.Queue queue, JsonWriter writer) {
    writer.beginObject().name("events").beginArray();
    for (WaitingEvent event : queue.events()) {
      writer.beginObject();
      event.members().forEach((name, value) -> writer.name(name).value(value));
      writer.endObject();
    }
    writer.endArray().name("id").value(queue.id());
    if (queue.more() > 0) {
      writer.name("more").value(queue.more());
    }
    writer.endObject();
  }
}
