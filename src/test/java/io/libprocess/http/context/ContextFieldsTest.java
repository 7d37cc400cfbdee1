package io.libprocess.http.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.context.Context;
import io.libprocess.context.ContextCodec;
import io.libprocess.context.ContextKey;
import io.libprocess.context.Deadline;
import io.libprocess.context.Trace;
import io.libprocess.context.Trace.Sampling;
import io.libprocess.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contexts as header fields: B3 in both forms, the W3C's, and one field for each other value. */
class ContextFieldsTest {

  private static final ContextKey<String> TENANT =
      ContextKey.broadcast(
          "test.Tenant",
          new ContextCodec<>() {
            @Override
            public String encode(String value) {
              return value;
            }

            @Override
            public String decode(String text) {
              if (text.equals("bad")) {
                throw new IllegalStateException("bad");
              }
              return text;
            }
          });

  private static final ContextKey<String> LOCAL = ContextKey.local("local");

  private static final String LOW = "463ac35c9f6413ad";
  private static final String WIDE = "0af7651916cd43dd" + LOW;
  private static final String SPAN = "a2fb4a1d1a96d312";
  private static final String PARENT = "0020000000000001";

  private static Headers written(Context context, boolean traceparent) {
    Headers.Builder headers = Headers.builder();
    ContextFields.write(context, traceparent, headers::add);
    return headers.build();
  }

  private static Trace trace(String... fields) {
    Headers headers = Headers.of(fields);
    assertTrue(ContextFields.areIn(headers));
    return ContextFields.read(headers).get(Trace.KEY).orElse(null);
  }

  @Test
  void b3_isReadFieldByField() {
    Trace trace =
        trace(
            "x-b3-traceid",
            WIDE,
            "X-B3-SpanId",
            SPAN,
            "X-B3-ParentSpanId",
            PARENT,
            "X-B3-Sampled",
            "1");
    assertEquals(WIDE, trace.traceId());
    assertEquals(SPAN, trace.spanId());
    assertEquals(Optional.of(Long.parseUnsignedLong(PARENT, 16)), trace.parent());
    assertEquals(Sampling.YES, trace.sampling());
    Trace debug = trace("X-B3-TraceId", LOW, "X-B3-SpanId", SPAN, "X-B3-Flags", "1");
    assertTrue(debug.debug() && debug.isRecorded());
    assertEquals(LOW, debug.traceId());
    assertEquals(Sampling.UNDECIDED, debug.sampling());
  }

  @Test
  void b3_isReadInOneField() {
    assertEquals(Sampling.UNDECIDED, trace("b3", LOW + "-" + SPAN).sampling());
    assertEquals(Sampling.NO, trace("b3", WIDE + "-" + SPAN + "-0").sampling());
    Trace debug = trace("b3", WIDE + "-" + SPAN + "-d-" + PARENT);
    assertTrue(debug.debug());
    assertEquals(PARENT, String.format("%016x", debug.parent().orElseThrow()));
    assertNull(trace("b3", "0"), "a decision without a trace");
  }

  @Test
  void traceparent_isRead() {
    Trace trace = trace("traceparent", "00-" + WIDE + "-" + SPAN + "-01");
    assertEquals(WIDE, trace.traceId());
    assertEquals(Sampling.YES, trace.sampling());
    assertEquals(
        Sampling.NO, trace("traceparent", "cc-" + WIDE + "-" + SPAN + "-02-more").sampling());
  }

  @Test
  void fieldsOfB3_countBeforeOthers() {
    Trace trace =
        trace(
            "traceparent",
            "00-" + WIDE + "-" + PARENT + "-01",
            "b3",
            LOW + "-" + PARENT,
            "X-B3-TraceId",
            LOW,
            "X-B3-SpanId",
            SPAN);
    assertEquals(SPAN, trace.spanId());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1-2",
        "463ac35c9f6413ad-",
        "463ac35c9f6413ad-a2fb4a1d1a96d31",
        "463ac35c9f6413ag-a2fb4a1d1a96d312",
        "0000000000000000-a2fb4a1d1a96d312",
        "463ac35c9f6413ad-0000000000000000",
        "463ac35c9f6413ad-a2fb4a1d1a96d312-2",
        "463ac35c9f6413ad-a2fb4a1d1a96d312-1-",
        "463ac35c9f6413ad-a2fb4a1d1a96d312-1-0020000000000001-1",
        "\u00b9463ac35c9f6413a-a2fb4a1d1a96d312"
      })
  void malformedB3_isDropped(String text) {
    assertNull(trace("b3", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff-0af7651916cd43dd463ac35c9f6413ad-a2fb4a1d1a96d312-01",
        "00-0af7651916cd43dd463ac35c9f6413ad-a2fb4a1d1a96d312-01-",
        "00-0AF7651916CD43DD463ac35c9f6413ad-a2fb4a1d1a96d312-01",
        "00-463ac35c9f6413ad-a2fb4a1d1a96d312-01",
        "00-00000000000000000000000000000000-a2fb4a1d1a96d312-01",
        "00-0af7651916cd43dd463ac35c9f6413ad-a2fb4a1d1a96d312-0",
        "xx-0af7651916cd43dd463ac35c9f6413ad-a2fb4a1d1a96d312-01",
        "00-0af7651916cd43dd463ac35c9f6413ad-a2fb4a1d1a96d312"
      })
  void malformedTraceparent_isDropped(String text) {
    assertNull(trace("traceparent", text));
  }

  @Test
  void whatIsWritten_isReadAgain() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      Sampling sampling = Sampling.values()[random.nextInt(3)];
      Trace trace = Trace.start(sampling, random::nextLong);
      trace = random.nextBoolean() ? trace : trace.child(random::nextLong);
      Instant now = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1000));
      Context context =
          Context.empty()
              .with(Trace.KEY, trace)
              .with(LOCAL, "stays")
              .with(Deadline.KEY, Deadline.after(now, Duration.ofNanos(random.nextInt())))
              .with(TENANT, "tenant " + i);
      Headers headers = written(context, false);
      Context read = ContextFields.read(headers);
      for (ContextKey<?> key : List.of(Trace.KEY, Deadline.KEY, TENANT)) {
        assertEquals(context.get(key), read.get(key));
      }
      assertEquals(Optional.empty(), read.get(LOCAL));
      assertTrue(ContextFields.without(headers).isEmpty());
    }
  }

  @Test
  void traceparent_isWrittenWhereWanted() {
    Context context =
        Context.empty()
            .with(
                Trace.KEY,
                new Trace(
                    0,
                    Long.parseUnsignedLong(LOW, 16),
                    Long.parseUnsignedLong(SPAN, 16),
                    Optional.empty(),
                    Sampling.YES,
                    false));
    assertEquals(
        "00-0000000000000000" + LOW + "-" + SPAN + "-01",
        written(context, true).first("traceparent").orElseThrow());
    assertFalse(written(context, false).contains("traceparent"));
  }

  @Test
  void unreadableAndUnknownValues_areLeftOut() {
    Context read =
        ContextFields.read(
            Headers.of(
                "Finagle-Ctx-com.twitter.finagle.Deadline",
                "soon",
                "finagle-ctx-TEST.tenant",
                "a",
                "Finagle-Ctx-test.Tenant",
                "b",
                "Finagle-Ctx-unknown",
                "1",
                "Finagle-Ctx-",
                "2"));
    assertEquals(List.of(TENANT), read.keys());
    assertEquals(Optional.of("a"), read.get(TENANT), "the first counts");
    assertTrue(ContextFields.read(Headers.of("Finagle-Ctx-test.Tenant", "bad")).isEmpty());
  }

  @Test
  void unwritableValues_areLeftOut() {
    for (String value : List.of("a\r\nEvil: 1", "\u20ac", "\u0000")) {
      assertTrue(written(Context.empty().with(TENANT, value), true).isEmpty());
    }
  }

  @Test
  void otherFields_areNoneOfContexts() {
    Headers headers =
        Headers.of(
            "Host",
            "x",
            "X-B4",
            "1",
            "b33",
            "1",
            "Trailer",
            "x",
            "Finagle",
            "y",
            "From",
            "z",
            "TE",
            "trailers",
            "x",
            "y");
    assertFalse(ContextFields.areIn(headers));
    assertEquals(headers, ContextFields.without(headers));
  }
}
