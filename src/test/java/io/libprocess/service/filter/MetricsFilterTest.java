package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.metrics.Metrics;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClass;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.Timeline;
import io.libprocess.support.SmallStack;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsFilterTest {

  private final Timeline time = new Timeline();
  private final Metrics metrics = new Metrics(time.clock());
  private final ResponseClassifier<String, String> classifier =
      (request, outcome) ->
          outcome.isReady() && outcome.get().equals("bad")
              ? Optional.of(ResponseClass.NON_RETRYABLE_FAILURE)
              : Optional.empty();
  private final MetricsFilter<String, String> filter =
      new MetricsFilter<>(metrics, "client/x", classifier, time.clock());
  private Future<String> answer;
  private final Service<String, String> service = filter.andThen(request -> answer);

  private void call(Future<String> next) {
    answer = next;
    service.call("q");
  }

  private Map<String, Double> snapshot() {
    return metrics.snapshot().get();
  }

  @Test
  void requests_areCountedByTheirOutcome() {
    call(Future.of("good"));
    call(Future.of("bad"));
    call(Future.failed(new IOException("x")));
    call(Future.failed(FlaggedFailure.with(new IOException("x"), FailureFlag.REJECTED)));
    call(Future.failed(FlaggedFailure.of("x", FailureFlag.REJECTED)));
    call(Future.abandoned());
    call(Future.discarded());
    call(Future.failed(FlaggedFailure.of("x", FailureFlag.IGNORABLE)));

    Map<String, Double> now = snapshot();
    assertEquals(6, now.get("client/x/requests"));
    assertEquals(1, now.get("client/x/success"));
    assertEquals(2, now.get("client/x/failures{class=\"IOException\"}"));
    assertEquals(1, now.get("client/x/failures{class=\"FlaggedFailure\"}"));
    assertEquals(1, now.get("client/x/failures{class=\"response\"}"));
    assertEquals(1, now.get("client/x/failures{class=\"abandoned\"}"));
    assertEquals(0, now.get("client/x/pending"));
  }

  @Test
  void latencyAndPending_followTheClock() {
    Promise<String> promise = new Promise<>();
    call(promise.future());
    assertEquals(1, snapshot().get("client/x/pending"));
    time.advance(Duration.ofSeconds(2));
    promise.set("good");
    call(Future.of("good"));

    Map<String, Double> now = snapshot();
    assertEquals(0, now.get("client/x/pending"));
    assertEquals(2, now.get("client/x/latency"));
    assertEquals(2, now.get("client/x/latency/max"), 0.15);
  }

  @Test
  void classesOfFailures_areLimited() {
    for (int i = 0; i < 40; i++) {
      call(Future.failed(Failures.all()[i]));
    }
    Map<String, Double> now = snapshot();

    assertEquals(8, now.get("client/x/failures{class=\"other\"}"));
    assertEquals(33, now.keySet().stream().filter(name -> name.contains("/failures{")).count());
  }

  @Test
  void close_removesTheMetrics() {
    call(Future.failed("x"));
    filter.close();

    assertTrue(snapshot().isEmpty());
  }

  @Test
  void names_areThereOnce() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new MetricsFilter<>(metrics, "client/x", classifier, time.clock()));
  }

  /** Failures of forty classes. */
  private static final class Failures {

    static Throwable[] all() {
      return new Throwable[] {
        new ArithmeticException(),
        new ArrayStoreException(),
        new ClassCastException(),
        new EnumConstantNotPresentException(Thread.State.class, "x"),
        new Exception(),
        new IllegalArgumentException(),
        new IllegalMonitorStateException(),
        new IllegalStateException(),
        new IllegalThreadStateException(),
        new IndexOutOfBoundsException(),
        new ArrayIndexOutOfBoundsException(),
        new StringIndexOutOfBoundsException(),
        new NegativeArraySizeException(),
        new NullPointerException(),
        new NumberFormatException(),
        new RuntimeException(),
        new SecurityException(),
        new UnsupportedOperationException(),
        new CloneNotSupportedException(),
        new InterruptedException(),
        new ReflectiveOperationException(),
        new ClassNotFoundException(),
        new InstantiationException(),
        new IllegalAccessException(),
        new NoSuchFieldException(),
        new NoSuchMethodException(),
        new IOException(),
        new java.io.EOFException(),
        new java.io.FileNotFoundException(),
        new java.io.NotSerializableException("x"),
        new java.net.ConnectException(),
        new java.net.BindException(),
        new java.net.SocketException(),
        new java.net.UnknownHostException(),
        new java.net.ProtocolException(),
        new java.net.NoRouteToHostException(),
        new java.net.PortUnreachableException(),
        new java.net.SocketTimeoutException(),
        new java.net.MalformedURLException(),
        new java.util.NoSuchElementException()
      };
    }
  }

  @Test
  void failuresAfterTheEnd_addNothing() {
    Promise<String> late = new Promise<>();
    call(late.future());
    filter.close();
    late.fail(new IOException("x"));

    assertTrue(snapshot().isEmpty());
  }

  @Test
  void failureWithoutAName_hasALabel() {
    call(Future.failed(new Exception("x") {}));

    assertEquals(1, snapshot().get("client/x/failures{class=\"unnamed\"}"));
  }

  /** Recursion that exhausts the stack somewhere within the filter leaves nothing pending. */
  @Test
  void exhaustedStack_leavesNothingPending() {
    List<Service<String, String>> self = new ArrayList<>();
    self.add(filter.andThen(request -> self.get(0).call(request)));
    SmallStack.run(() -> assertTrue(self.get(0).call("q").isFailed()));

    assertEquals(0, snapshot().get("client/x/pending"));
  }
}
