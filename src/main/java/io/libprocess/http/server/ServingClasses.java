package io.libprocess.http.server;

import io.libprocess.internal.EarlyInitialization;
import java.util.List;

/**
 * The classes with static initializers that serving a connection needs. They are initialized when a
 * server is made, so that a want of memory at the first connection does not make one of them
 * unusable for ever.
 */
final class ServingClasses {

  /** By their names below the package of the library. */
  static final List<String> NAMES =
      List.of(
          "internal.scheduler.Activity$Registry",
          "internal.scheduler.ForkJoinScheduler",
          "internal.Log",
          "internal.scheduler.NameCounters",
          "internal.scheduler.PollingRole$State",
          "internal.scheduler.PollingRole",
          "internal.scheduler.RunLoop",
          "internal.scheduler.SerialExecutor",
          "internal.scheduler.Task",
          "internal.scheduler.ThreadContext",
          "internal.Trampoline",
          "internal.scheduler.WorkerLoop",
          "future.Callback$1",
          "future.Callback$Kind",
          "future.Callback",
          "future.Combinators$1",
          "future.Combinators$Contended",
          "future.DependentCompletion",
          "future.Future$1",
          "future.Future",
          "future.FutureState",
          "future.Join$1",
          "future.Join$Mode",
          "future.Outcome$Kind",
          "future.Outcome",
          "future.Selection$Input",
          "stream.Chunk",
          "stream.Pipe$End",
          "stream.Pipe",
          "net.Address",
          "net.nio.EventLoop",
          "net.nio.NioChannel",
          "net.nio.UnheardChannels",
          "net.nio.WriteQueue$End",
          "net.nio.WriteQueue$State",
          "net.tls.CipherInput",
          "net.tls.TlsAcceptance$Kind",
          "net.tls.TlsChannel$1",
          "net.tls.TlsChannel$State",
          "net.tls.TlsFailure",
          "net.tls.TlsOutput$State",
          "net.tls.TlsOutput",
          "http.grammar.Ascii",
          "http.grammar.ByteRange",
          "http.grammar.Credentials",
          "http.grammar.MediaTypes",
          "http.coding.GzipDecoder$1",
          "http.coding.GzipDecoder$State",
          "http.coding.GzipDecoder",
          "http.coding.GzipEncoder",
          "http.coding.GzipStream",
          "http.Body$Empty",
          "http.Body$Streamed",
          "http.BodyReader",
          "http.Headers",
          "http.Limits",
          "http.Request",
          "http.Response",
          "http.Status",
          "http.Version",
          "http.http1.BodyParser$1",
          "http.http1.BodyParser$State",
          "http.http1.BodyParser",
          "http.http1.FieldParser",
          "http.http1.KnownField$Role",
          "http.http1.KnownField",
          "http.http1.LineInput",
          "http.http1.MessageFraming$1",
          "http.http1.MessageFraming",
          "http.http1.MessageParser$1",
          "http.http1.MessageParser$Event",
          "http.http1.MessageParser$State",
          "http.http1.MessageParser",
          "http.http1.Methods",
          "http.http1.OutgoingStream$Progress",
          "http.http1.Output",
          "http.http1.RecurringHead",
          "http.http1.RecurringText",
          "http.http1.RequestEncoder",
          "http.http1.RequestFraming$1",
          "http.http1.RequestFraming",
          "http.http1.RequestLine",
          "http.http1.RequestParser",
          "http.http1.ResponseEncoder$1",
          "http.http1.ResponseEncoder",
          "http.http1.ResponseFraming",
          "http.http1.ResponseParser",
          "http.http1.StatusLine",
          "http.server.Exchange",
          "http.server.Http1Connection$1",
          "http.server.Http1Connection$Client",
          "http.server.Http1Connection$State",
          "http.server.Http1Connection",
          "http.server.ResponseWriter$1",
          "http.server.ServerDeadlines$1",
          "http.server.ServerDeadlines$Phase");

  private ServingClasses() {}

  static void initialize() {
    EarlyInitialization.of("io.libprocess", NAMES);
  }
}
