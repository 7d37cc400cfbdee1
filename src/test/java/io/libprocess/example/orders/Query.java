package io.libprocess.example.orders;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Work for a connection, and the place for its result. It may be done more than once, so it must be
 * harmless to repeat it.
 */
final class Query<T> {

  /** Blocking calls of JDBC. */
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private final Work<T> work;
  private volatile T result;

  Query(Work<T> work) {
    this.work = work;
  }

  void run(Connection connection) throws SQLException {
    result = work.with(connection);
  }

  T result() {
    return result;
  }
}
