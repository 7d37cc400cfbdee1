package io.libprocess.example.orders;

import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.service.HttpServices;
import io.libprocess.service.Filter;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The HTTP side: {@code POST /orders} places an order, {@code GET /orders/{number}} shows one. */
final class OrderService extends Process<OrderService> {

  static final String REALM = "customers";
  static final String KEY = "Idempotency-Key";

  private static final Duration DEADLINE = Duration.ofSeconds(1);
  private static final int AT_A_TIME = 64;
  private static final int WAITING = 256;
  private static final int MOST_BYTES = 4096;

  private final OrderStore store;

  OrderService(OrderStore store) {
    super("orders");
    this.store = store;
  }

  @Override
  protected void initialize() {
    Filter<Request, Response, Request, Response> filters =
        HttpServices.serverStack("orders")
            .filter(new StoreFailures())
            .clock(node().clock())
            .metrics(node().metrics())
            .concurrencyLimit(AT_A_TIME, WAITING)
            .requestTimeout(DEADLINE)
            .filter();
    route(
        Route.post("/")
            .realm(REALM)
            .maxBody(MOST_BYTES)
            .filterAdmitted(filters)
            .help("Places an order, {\"item\": ..., \"quantity\": ...}, once for each " + KEY),
        this::place);
    route(
        Route.get("/{number}").realm(REALM).filterAdmitted(filters).help("An order."), this::show);
  }

  private Future<Response> place(Request request, Optional<Principal> customer) {
    UUID key = key(request);
    String name = name(customer);
    NewOrder order = request.json(NewOrder.class);
    return store.place(key, name, order).map(placed -> answer(placed, name, order));
  }

  private static Response answer(OrderStore.Placed placed, String customer, NewOrder order) {
    if (!placed.order().isFor(customer, order)) {
      return Response.conflict("There is another order with this " + KEY + ".\n");
    }
    return Response.json(placed.order()).withStatus(placed.now() ? Status.CREATED : Status.OK);
  }

  private Future<Response> show(Request request, Optional<Principal> customer) {
    long number;
    try {
      number = Long.parseLong(request.segment("number"));
    } catch (NumberFormatException e) {
      return Future.of(Response.notFound());
    }
    return store
        .find(number, name(customer))
        .map(found -> found.map(Response::json).orElseGet(Response::notFound));
  }

  private static String name(Optional<Principal> customer) {
    return customer.flatMap(Principal::value).orElseThrow();
  }

  private static UUID key(Request request) {
    try {
      return UUID.fromString(request.headers().first(KEY, ""));
    } catch (IllegalArgumentException e) {
      throw new StatusException(Status.BAD_REQUEST, KEY + ": must be a UUID");
    }
  }
}
