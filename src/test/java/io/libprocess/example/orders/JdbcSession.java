package io.libprocess.example.orders;

import static io.libprocess.Async.async;

import io.libprocess.Async;
import io.libprocess.future.Future;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * One connection to the database, for one query at a time. When it turns out to be broken it is
 * {@linkplain ServiceStatus#CLOSED closed}, and its pool makes another one.
 */
final class JdbcSession implements Service<Query<?>, Void> {

  private static final int SECONDS_TO_ANSWER = 1;

  private final Connection connection;
  private volatile boolean broken;

  private JdbcSession(Connection connection) {
    this.connection = connection;
  }

  /** Connects to a database. */
  static ServiceFactory<Query<?>, Void> to(String url) {
    return () -> async(() -> new JdbcSession(DriverManager.getConnection(url)));
  }

  @Override
  public Future<Void> apply(Query<?> query) {
    Future<Void> done = Async.run(() -> run(query));
    done.onDiscard(this::abort);
    return done;
  }

  private void run(Query<?> query) throws SQLException {
    try {
      query.run(connection);
    } catch (SQLException e) {
      if (!connection.isValid(SECONDS_TO_ANSWER)) {
        broken = true;
      }
      throw e;
    }
  }

  /** Ends a query that nobody waits for any more: most drivers do not heed an interrupt. */
  private void abort() {
    broken = true;
    Async.run(() -> connection.abort(Runnable::run));
  }

  @Override
  public ServiceStatus status() {
    return broken ? ServiceStatus.CLOSED : ServiceStatus.OPEN;
  }

  @Override
  public Future<Void> close(Duration limit) {
    return Async.run(connection::close);
  }
}
