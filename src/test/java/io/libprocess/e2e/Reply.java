package io.libprocess.e2e;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A response as a client sees it, with the header lines in their order. */
record Reply(String statusLine, List<String> fields, byte[] body) {

  int status() {
    return Integer.parseInt(statusLine.substring(9, 12));
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  Optional<String> header(String name) {
    return fields.stream()
        .filter(field -> field.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(field -> field.substring(name.length() + 1).strip())
        .findFirst();
  }

  boolean isChunked() {
    return header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
  }

  /** The parts that do not differ between runs, in a canonical order. */
  String comparable() {
    List<String> stable =
        fields.stream()
            .filter(field -> !field.startsWith("Connection:"))
            .map(field -> field.startsWith("Date:") ? "Date:" : field)
            .sorted()
            .toList();
    return statusLine + "\n" + String.join("\n", stable) + "\n\n" + text();
  }
}
