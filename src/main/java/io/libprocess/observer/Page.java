package io.libprocess.observer;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.EntityTags;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** The files of the page, as resources beside this class. Immutable. */
final class Page {

  /** No resource is loaded from another host, and no text becomes a script. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8");

  /** All files except the page itself. */
  static final List<String> FILES =
      List.of(
          "observer.css",
          "main.js",
          "format.js",
          "table.js",
          "charts.js",
          "processes.js",
          "detail.js",
          "links.js",
          "traffic.js",
          "metrics.js",
          "log.js",
          "flame.js",
          "profile.js");

  private Page() {}

  /** Answers with a file, or that the client already has it. */
  static Response answer(String name, Request request) {
    byte[] content = content(name);
    CRC32C sum = new CRC32C();
    sum.update(content);
    String tag = "\"" + Long.toHexString(sum.getValue()) + "-" + content.length + "\"";
    boolean isKnown =
        request
            .headers()
            .joined("If-None-Match")
            .filter(tags -> EntityTags.contain(tags, tag, false))
            .isPresent();
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    Response response = isKnown ? Response.of(304) : Response.ok(Chunk.of(content), type);
    return response
        .withHeader("ETag", tag)
        .withHeader("Cache-Control", "no-cache")
        .withHeader("Content-Security-Policy", POLICY)
        .withHeader("X-Content-Type-Options", "nosniff")
        .withHeader("Referrer-Policy", "no-referrer");
  }

  private static byte[] content(String name) {
    try (InputStream resource = Page.class.getResourceAsStream("page/" + name)) {
      if (resource == null) {
        throw new IllegalStateException("the jar has no " + name);
      }
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
