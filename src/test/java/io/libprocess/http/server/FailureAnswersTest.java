package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.support.Indescribable;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureAnswersTest {

  private static String own(Throwable failure) {
    Response response = FailureAnswers.own(failure).orElseThrow();
    return response.status().code() + " " + response.text();
  }

  @Test
  void failure_thatIsMeantForTheClient_isToldAsItIs() {
    assertEquals("500 broken", own(new Failure("broken")));
    assertEquals("413 much", own(new StatusException(Status.CONTENT_TOO_LARGE, "much")));
  }

  @Test
  void failure_thatIsARefusal_isAnsweredWith503_andALateOneWith504() {
    Throwable rejected = FlaggedFailure.of("secret", FailureFlag.REJECTED, FailureFlag.RETRYABLE);
    assertEquals("503 503 Service Unavailable.", own(rejected));
    assertEquals(
        "1", FailureAnswers.own(rejected).orElseThrow().headers().first("Retry-After", ""));
    Throwable wrapped = FlaggedFailure.with(new IOException("secret"), FailureFlag.REJECTED);
    assertEquals("503 503 Service Unavailable.", own(wrapped));
    Throwable late = FlaggedFailure.of("secret", FailureFlag.DEADLINE_EXCEEDED);
    assertEquals(504, FailureAnswers.own(late).orElseThrow().status().code());
  }

  @Test
  void failure_withFlagsThatSayNothingToTheClient_isWhatItWouldBeWithout() {
    Throwable much = new StatusException(Status.CONTENT_TOO_LARGE, "much");
    assertEquals("413 much", own(FlaggedFailure.with(much, FailureFlag.IGNORABLE)));
    assertEquals(
        Optional.empty(),
        FailureAnswers.own(FlaggedFailure.of("secret", FailureFlag.NON_RETRYABLE)));
  }

  @Test
  void failure_ofAnotherKind_isNotTold() {
    for (Throwable failure :
        List.of(
            new IllegalStateException("secret"),
            new AssertionError("secret"),
            new Failure("secret", new IOException()),
            new Failure(null))) {
      assertEquals(Optional.empty(), FailureAnswers.own(failure));
    }
  }

  /** A handler that stops when it is asked to, behind a filter or not. */
  private static RequestHandler obedient(boolean filtered) {
    return handler(
        request -> {
          Promise<Response> promise = new Promise<>();
          promise.future().onDiscard(promise::discard);
          return promise.future();
        },
        filtered);
  }

  private static RequestHandler handler(RequestHandler handler, boolean filtered) {
    return !filtered
        ? handler
        : new FilteredHandler(
            (request, service) -> service.apply(request),
            handler,
            new FailureAnswers(Clock.system()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handler_thatStopsAsAsked_isNoneThatHasNoAnswer(boolean filtered) {
    try (LogCapture log = new LogCapture();
        Http2Fixture client =
            new Http2Fixture(false, Limits.defaults(), obedient(filtered)).open();
        ServerFixture server = new ServerFixture(Limits.defaults(), obedient(filtered))) {
      client.receive(Http2Wire.get(1, "/"), Http2Wire.reset(1, 8));
      client.assertSent();
      client.assertAlive();
      server.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      server.channel.reset();
      assertEquals(List.of(), log.warnings());
    }
  }

  /** A peer must not be able to fill the log. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handler_whoseClientHasGoneIsNotToBlame(boolean filtered) {
    RequestHandler reads =
        handler(request -> request.buffered(1000).map(whole -> Response.ok("read")), filtered);
    try (LogCapture log = new LogCapture();
        Http2Fixture client = new Http2Fixture(false, Limits.defaults(), reads).open();
        ServerFixture server = new ServerFixture(Limits.defaults(), reads)) {
      client.receive(Http2Wire.post(1, "/"), Http2Wire.data(1, 0, "a"));
      client.receive(Http2Wire.reset(1, 8));
      client.receive(Http2Wire.post(3, "/"), Http2Wire.data(3, 0, "a"));
      client.sent();
      client.assertAlive();
      client.channel.reset();
      server.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na");
      server.channel.reset();
      assertEquals(List.of(), log.warnings());
    }
    RequestHandler fails =
        handler(
            request ->
                request
                    .buffered(1000)
                    .map(whole -> Response.ok("read"))
                    .repair(read -> Future.failed("no")),
            filtered);
    try (LogCapture log = new LogCapture();
        Http2Fixture client = new Http2Fixture(false, Limits.defaults(), fails).open()) {
      client.receive(Http2Wire.post(1, "/"), Http2Wire.data(1, 0, "a"));
      client.receive(Http2Wire.reset(1, 8));
      assertEquals(1, log.warnings().size()); // It has failed by itself.
    }
  }

  @Test
  void failureWithAStatus_isLoggedIfItIsAFaultOfTheServer() {
    assertEquals(List.of(), loggedFor(Status.NOT_FOUND));
    assertEquals(List.of(), loggedFor(Status.SERVICE_UNAVAILABLE)); // There may be many.
    assertEquals(List.of("The handler of GET / failed"), loggedFor(Status.of(502)));
  }

  private static List<String> loggedFor(Status status) {
    try (LogCapture log = new LogCapture()) {
      answerTo(request -> Future.failed(new StatusException(status, "no")));
      return log.warnings();
    }
  }

  private static String answerTo(RequestHandler handler) {
    try (LogCapture log = new LogCapture();
        ServerFixture server = new ServerFixture(Limits.defaults(), handler)) {
      server.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      String sent = server.channel.takeSent();
      return sent.isEmpty() ? "none, but " + log.format() : sent.substring(9, 12);
    }
  }

  @Test
  void failure_thatCannotSayWhatItIsIsAnswered() {
    assertEquals("500", answerTo(request -> Future.failed(new Indescribable())));
    assertEquals(
        "500",
        answerTo(
            request -> {
              throw new Indescribable();
            }));
    assertEquals(
        "500",
        answerTo(
            request ->
                Future.failed(
                    FlaggedFailure.with(new Indescribable(), FailureFlag.NON_RETRYABLE))));
  }

  /** Such as one that was made for a test, or a file system in memory. */
  @Test
  void file_ofAFileSystemThatThrowsIsAnswered500() {
    Path broken =
        (Path)
            Proxy.newProxyInstance(
                Path.class.getClassLoader(),
                new Class<?>[] {Path.class},
                (proxy, method, arguments) -> {
                  throw new Indescribable();
                });
    assertEquals(
        "500", answerTo(request -> Future.of(Response.ok().withBody(new Body.File(broken)))));
  }
}
