package io.libprocess.http.context;

import io.libprocess.context.Context;
import io.libprocess.context.ContextCodec;
import io.libprocess.context.ContextKey;
import io.libprocess.context.Trace;
import io.libprocess.http.Headers;
import io.libprocess.internal.Log;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * The header fields of contexts. What cannot be read or written is dropped and logged: the first
 * time, the second, the fourth and so on, so that nobody can flood the log.
 */
public final class ContextFields {

  private static final String PREFIX = "Finagle-Ctx-";
  private static final AtomicLong DROPS = new AtomicLong();

  private ContextFields() {}

  /** Whether there are any. */
  public static boolean areIn(Headers headers) {
    for (int i = headers.size() - 1; i >= 0; i--) {
      if (isOne(headers.name(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a field is one of those: told from most others by the first letter. */
  static boolean isOne(String name) {
    return switch (name.charAt(0) | 0x20) {
      case 'f' -> hasPrefix(name);
      case 'x', 'b', 't' -> TraceFields.isOne(name);
      default -> false;
    };
  }

  private static boolean hasPrefix(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  /** The fields but for those of contexts. */
  static Headers without(Headers headers) {
    Headers.Builder others = Headers.builder();
    for (int i = 0; i < headers.size(); i++) {
      if (!isOne(headers.name(i))) {
        others.add(headers.name(i), headers.value(i));
      }
    }
    return others.build();
  }

  /** The context that the fields say. Of fields that occur twice the first counts. */
  static Context read(Headers headers) {
    Context context = Context.empty();
    for (int i = headers.size() - 1; i >= 0; i--) { // The first is the last to be set.
      String name = headers.name(i);
      if (hasPrefix(name)) {
        ContextKey<?> key = ContextKey.broadcast(name.substring(PREFIX.length())).orElse(null);
        context = key == null ? context : with(context, key, headers.value(i));
      }
    }
    Trace trace = TraceFields.read(headers);
    return trace == null ? context : context.with(Trace.KEY, trace);
  }

  private static <T> Context with(Context context, ContextKey<T> key, String text) {
    try {
      return context.with(key, key.codec().orElseThrow().decode(text));
    } catch (Throwable thrown) { // Whatever the codec throws, the request is none the worse.
      dropped("A field of a context that came is dropped: " + key, thrown);
      return context;
    }
  }

  /**
   * Gives away the fields that say a context.
   *
   * @param traceparent whether the trace is said in the form of the W3C, too
   */
  static void write(Context context, boolean traceparent, BiConsumer<String, String> fields) {
    for (ContextKey<?> key : context.keys()) {
      if (key == Trace.KEY) {
        TraceFields.write(context.get(Trace.KEY).orElseThrow(), traceparent, fields);
      } else if (key.codec().isPresent()) {
        write(context, key, fields);
      }
    }
  }

  private static <T> void write(
      Context context, ContextKey<T> key, BiConsumer<String, String> fields) {
    ContextCodec<T> codec = key.codec().orElseThrow();
    T value = context.get(key).orElseThrow();
    String text;
    try {
      if (!codec.isSent(value)) {
        return;
      }
      text = checked(codec.encode(value));
    } catch (Throwable thrown) {
      dropped("A value of a context is not sent: " + key, thrown);
      return;
    }
    fields.accept(PREFIX + key.name(), text);
  }

  private static String checked(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw new IllegalArgumentException(
            "the text has another character than visible ones of ASCII and blanks: "
                + Integer.toHexString(c)
                + " (hexadecimal)");
      }
    }
    return text;
  }

  static void dropped(String what, Throwable why) {
    long number = DROPS.incrementAndGet();
    if (Long.bitCount(number) == 1) {
      Log.warning(() -> what + " (the " + number + ". that is dropped)", why);
    }
  }
}
