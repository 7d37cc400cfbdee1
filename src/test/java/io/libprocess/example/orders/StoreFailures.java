package io.libprocess.example.orders;

import io.libprocess.future.Future;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;

/**
 * What clients are told when the database fails: 503 if it is out of order, 504 if it takes too
 * long. In either case the order may have been placed or not, and the client learns which by
 * sending the request again, with the same key. All other failures are answered with 500.
 */
final class StoreFailures implements HttpFilter {

  private static final String CANCELLED = "57014"; // By the time limit of the database.

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    return next.call(request)
        .repair(
            failed -> {
              Throwable failure = unflagged(failed.failure());
              if (failure instanceof TimeoutException
                  || isCancelled(failure)
                  || FlaggedFailure.has(failed.failure(), FailureFlag.DEADLINE_EXCEEDED)) {
                return Future.of(
                    Response.of(504, "There was no answer in time. Send the request again.\n"));
              }
              return isPassing(failure)
                  ? Future.of(
                      Response.of(
                              Status.SERVICE_UNAVAILABLE.code(),
                              "The database is out of order. Send the request again.\n")
                          .withHeader("Retry-After", "1"))
                  : failed;
            });
  }

  private static Throwable unflagged(Throwable failure) {
    return failure instanceof FlaggedFailure flagged ? flagged.unflagged() : failure;
  }

  private static boolean isCancelled(Throwable failure) {
    return failure instanceof SQLException sql && CANCELLED.equals(sql.getSQLState());
  }

  /** Whether a failure is due to the connection or the state of the database, not to the query. */
  static boolean isPassing(Throwable failure) {
    if (!(unflagged(failure) instanceof SQLException sql) || sql.getSQLState() == null) {
      return false;
    }
    String state = sql.getSQLState();
    return state.startsWith("08") // Connections.
        || state.startsWith("53") // Too few resources, such as connections.
        || state.startsWith("57P"); // The database stops or starts.
  }
}
