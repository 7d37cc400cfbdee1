package io.libprocess.example.orders;

import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.balance.PoolSettings;
import io.libprocess.service.stack.ClientStack;
import io.libprocess.service.stack.ServiceClient;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The orders in the database. A customer's key makes an order unique, so it is harmless to place
 * one twice: a query whose connection breaks is sent again by another connection. For any thread.
 */
final class OrderStore {

  /** An order that was placed now, or before by a request with the same key. */
  record Placed(Order order, boolean now) {}

  private static final int CONNECTIONS = 8;
  private static final int WAITING = 256;
  private static final Duration TIME_FOR_A_CONNECTION = Duration.ofMillis(400);
  private static final Duration TIME_FOR_A_QUERY = Duration.ofMillis(500);
  private static final Duration TIME_FOR_ALL = Duration.ofMillis(900);

  private final ServiceClient<String, Query<?>, Void> database;

  /**
   * Makes a client, which connects when there are queries.
   *
   * @param node whose clock and metrics it uses
   * @param url of the database, for JDBC
   */
  OrderStore(Node node, String url) {
    database =
        ClientStack.<Query<?>, Void>named("database")
            .clock(node.clock())
            .metrics(node.metrics())
            .classifier((query, outcome) -> classify(outcome))
            .tries(3)
            .pool(PoolSettings.defaults().withHigh(CONNECTIONS).withWaiters(WAITING))
            .acquisitionTimeout(TIME_FOR_A_CONNECTION)
            .requestTimeout(TIME_FOR_A_QUERY)
            .totalTimeout(TIME_FOR_ALL)
            .acquisitionAttempts(1) // The tries wait in between.
            .withoutFailureAccrual() // There is no other database to turn to.
            .build(JdbcSession::to, List.of(url));
  }

  /** A broken connection says nothing of the query, which another one may answer. */
  private static Optional<ResponseClass> classify(Future<Void> outcome) {
    return outcome.isFailed() && StoreFailures.isPassing(outcome.failure())
        ? Optional.of(ResponseClass.RETRYABLE_FAILURE)
        : Optional.empty();
  }

  private <T> Future<T> ask(Query.Work<T> work) {
    Query<T> query = new Query<>(work);
    return database.call(query).map(done -> query.result());
  }

  /* ---------------- Queries ---------------- */

  /** Makes the table if there is none. */
  Future<Void> createTable() {
    return ask(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                """
                create table if not exists orders (
                  number bigint generated always as identity primary key,
                  key uuid not null unique,
                  customer text not null,
                  item text not null,
                  quantity int not null,
                  placed timestamptz not null default now())
                """);
          }
          return null;
        });
  }

  /**
   * Places an order.
   *
   * @param key makes it unique
   */
  Future<Placed> place(UUID key, String customer, NewOrder order) {
    return ask(
        connection -> {
          String insert =
              "insert into orders (key, customer, item, quantity) values (?, ?, ?, ?)"
                  + " on conflict (key) do nothing returning *";
          try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setObject(1, key);
            statement.setString(2, customer);
            statement.setString(3, order.item());
            statement.setInt(4, order.quantity());
            Optional<Order> placed = one(statement);
            return placed.isPresent()
                ? new Placed(placed.get(), true)
                : new Placed(byKey(connection, key), false);
          }
        });
  }

  private static Order byKey(Connection connection, UUID key) throws SQLException {
    String select = "select * from orders where key = ?";
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      statement.setObject(1, key);
      return one(statement).orElseThrow();
    }
  }

  /** The order of a customer with a number. */
  Future<Optional<Order>> find(long number, String customer) {
    return ask(
        connection -> {
          String select = "select * from orders where number = ? and customer = ?";
          try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, number);
            statement.setString(2, customer);
            return one(statement);
          }
        });
  }

  private static Optional<Order> one(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      return rows.next()
          ? Optional.of(
              new Order(
                  rows.getLong("number"),
                  rows.getString("customer"),
                  rows.getString("item"),
                  rows.getInt("quantity"),
                  rows.getTimestamp("placed").toInstant()))
          : Optional.empty();
    }
  }

  /** Whether the database answers. */
  Future<Boolean> isUp() {
    return ask(connection -> connection.isValid(1));
  }

  /** Closes the connections. */
  Future<Void> close() {
    return database.close(TIME_FOR_ALL);
  }
}
