package io.libprocess.http.context;

import io.libprocess.context.Trace;
import io.libprocess.context.Trace.Sampling;
import io.libprocess.http.Headers;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The header fields of traces: those of B3, one by one or in one field, and that of the W3C. Where
 * there are several, the first of these that can be read counts.
 */
final class TraceFields {

  private static final String TRACE = "X-B3-TraceId";
  private static final String SPAN = "X-B3-SpanId";
  private static final String PARENT = "X-B3-ParentSpanId";
  private static final String SAMPLED = "X-B3-Sampled";
  private static final String FLAGS = "X-B3-Flags";
  private static final String SINGLE = "b3";
  private static final String TRACEPARENT = "traceparent";

  private static final int DIGITS = 16;

  private TraceFields() {}

  static boolean isOne(String name) {
    return name.regionMatches(true, 0, "X-B3-", 0, 5)
        || name.equalsIgnoreCase(SINGLE)
        || name.equalsIgnoreCase(TRACEPARENT)
        || name.equalsIgnoreCase("tracestate");
  }

  /* ------ Reading ------ */

  /** What fields say about the sampling of a trace, also if they say no trace. */
  static Sampling decision(Headers headers) {
    try {
      if (headers.first(FLAGS, "0").equals("1")) {
        return Sampling.YES;
      }
      String sampled = headers.first(SAMPLED, "");
      String single = headers.first(SINGLE, "");
      return sampling(sampled.isEmpty() && single.indexOf('-') < 0 ? single : sampled);
    } catch (IllegalArgumentException e) {
      return Sampling.UNDECIDED; // It was logged when the trace was read.
    }
  }

  /** The trace that the fields say; null if they say none, or nothing that can be read. */
  static Trace read(Headers headers) {
    try {
      Trace trace = readFields(headers);
      if (trace == null) {
        trace = headers.first(SINGLE).map(TraceFields::readSingle).orElse(null);
      }
      return trace != null
          ? trace
          : headers.first(TRACEPARENT).map(TraceFields::readTraceparent).orElse(null);
    } catch (IllegalArgumentException e) {
      ContextFields.dropped("A trace that came is dropped", e);
      return null;
    }
  }

  private static Trace readFields(Headers headers) {
    Optional<String> trace = headers.first(TRACE);
    Optional<String> span = headers.first(SPAN);
    if (trace.isEmpty() || span.isEmpty()) {
      return null;
    }
    boolean debug = headers.first(FLAGS, "0").equals("1");
    return trace(
        trace.get(),
        span.get(),
        headers.first(PARENT),
        sampling(headers.first(SAMPLED, "")),
        debug);
  }

  private static Sampling sampling(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "true", "d" -> Sampling.YES;
      case "0", "false" -> Sampling.NO;
      case "" -> Sampling.UNDECIDED;
      default ->
          throw new IllegalArgumentException("not a decision about sampling: '" + text + "'");
    };
  }

  /** {@code trace-span}, perhaps {@code -sampled}, perhaps {@code -parent}. */
  private static Trace readSingle(String text) {
    String[] parts = text.split("-", -1);
    if (parts.length == 1) {
      sampling(parts[0]); // A decision without a trace.
      return null;
    }
    if (parts.length > 4) {
      throw new IllegalArgumentException("not of the form of b3: '" + text + "'");
    }
    String sampled = parts.length > 2 ? parts[2] : "";
    Optional<String> parent = parts.length > 3 ? Optional.of(parts[3]) : Optional.empty();
    return trace(parts[0], parts[1], parent, sampling(sampled), sampled.equals("d"));
  }

  /** {@code 00-trace-span-flags}; later versions may have more behind that. */
  private static Trace readTraceparent(String text) {
    String[] parts = text.split("-", -1);
    boolean legal =
        parts.length >= 4
            && parts[0].length() == 2
            && !parts[0].equals("ff")
            && (parts.length == 4 || !parts[0].equals("00"))
            && parts[1].length() == 2 * DIGITS
            && parts[3].length() == 2
            && text.equals(text.toLowerCase(Locale.ROOT));
    if (!legal) {
      throw new IllegalArgumentException("not of the form of traceparent: '" + text + "'");
    }
    number(parts[0]);
    boolean sampled = (number(parts[3]) & 1) != 0;
    Sampling sampling = sampled ? Sampling.YES : Sampling.NO;
    return trace(parts[1], parts[2], Optional.empty(), sampling, false);
  }

  private static Trace trace(
      String trace, String span, Optional<String> parent, Sampling sampling, boolean debug) {
    int length = trace.length();
    if (length != DIGITS && length != 2 * DIGITS) {
      throw new IllegalArgumentException("not the id of a trace: '" + trace + "'");
    }
    long high = length == DIGITS ? 0 : number(trace.substring(0, DIGITS));
    return new Trace(
        high,
        number(trace.substring(length - DIGITS)),
        span(span),
        parent.map(TraceFields::span),
        sampling,
        debug);
  }

  private static long span(String text) {
    if (text.length() != DIGITS) {
      throw new IllegalArgumentException("not the id of a span: '" + text + "'");
    }
    return number(text);
  }

  private static long number(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      if (Character.digit(digits.charAt(i), 16) < 0 || digits.charAt(i) > 'f') {
        throw new IllegalArgumentException("not a hexadecimal number: '" + digits + "'");
      }
    }
    return Long.parseUnsignedLong(digits, 16);
  }

  /* ------ Writing ------ */

  static void write(Trace trace, boolean traceparent, BiConsumer<String, String> fields) {
    fields.accept(TRACE, trace.traceId());
    fields.accept(SPAN, trace.spanId());
    trace.parent().ifPresent(parent -> fields.accept(PARENT, text(parent)));
    if (trace.debug()) {
      fields.accept(FLAGS, "1"); // Which includes the sampling.
    } else if (trace.sampling() != Sampling.UNDECIDED) {
      fields.accept(SAMPLED, trace.sampling() == Sampling.YES ? "1" : "0");
    }
    if (traceparent) {
      fields.accept(
          TRACEPARENT,
          "00-"
              + (text(trace.high()) + text(trace.low()))
              + ("-" + trace.spanId())
              + (trace.isRecorded() ? "-01" : "-00"));
    }
  }

  private static String text(long id) {
    return String.format("%016x", id);
  }
}
