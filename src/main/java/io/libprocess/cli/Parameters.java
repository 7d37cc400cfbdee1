package io.libprocess.cli;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.util.function.IntFunction;

/** Parses numbers in query strings. */
final class Parameters {

  private static final int MAX = 1_000_000;

  private Parameters() {}

  /** Calls a function with a number from the query, or answers that it is missing or wrong. */
  static Future<Response> number(
      Request request, String name, IntFunction<Future<Response>> handler) {
    String text = request.query(name).orElse("");
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      value = -1;
    }
    if (value < 0 || value > MAX) {
      return Future.of(
          Response.of(400, "Parameter '" + name + "' must be in 0.." + MAX + ": '" + text + "'\n"));
    }
    return handler.apply(value);
  }
}
