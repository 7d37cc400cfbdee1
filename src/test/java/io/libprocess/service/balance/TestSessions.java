package io.libprocess.service.balance;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes sessions whose life a test follows. */
final class TestSessions implements ServiceFactory<String, String> {

  /** All that were made. */
  final List<TestSession> made = new ArrayList<>();

  /** How often one was asked for. */
  int asked;

  ServiceStatus status = ServiceStatus.OPEN;
  Supplier<Future<String>> answer = () -> Future.of("r");
  Supplier<Future<Service<String, String>>> next = () -> Future.of(session());
  boolean closed;
  Supplier<Future<Void>> closing = Future::done;

  TestSession session() {
    TestSession session = new TestSession();
    made.add(session);
    return session;
  }

  /** From now on a service comes when the test completes the promise. */
  Promise<Service<String, String>> later() {
    Promise<Service<String, String>> promise = new Promise<>();
    next = promise::future;
    return promise;
  }

  void failing(String message) {
    next = () -> Future.failed(message);
  }

  void working() {
    next = () -> Future.of(session());
  }

  long open() {
    return made.stream().filter(session -> !session.closed).count();
  }

  @Override
  public Future<Service<String, String>> make() {
    asked++;
    return next.get();
  }

  @Override
  public ServiceStatus status() {
    return status;
  }

  @Override
  public Future<Void> close(Duration limit) {
    closed = true;
    return Future.done();
  }

  final class TestSession implements Service<String, String> {

    ServiceStatus status = ServiceStatus.OPEN;
    boolean closed;
    int calls;

    @Override
    public Future<String> apply(String request) {
      calls++;
      return answer.get();
    }

    @Override
    public ServiceStatus status() {
      return closed ? ServiceStatus.CLOSED : status;
    }

    @Override
    public Future<Void> close(Duration limit) {
      closed = true;
      return closing.get();
    }
  }
}
