package io.libprocess.http.form;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Percent;
import io.libprocess.http.Request;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.stream.Chunk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The fields and files of a form, in memory: of {@code application/x-www-form-urlencoded} or {@code
 * multipart/form-data}. Immutable. For files that are large see {@link Multipart}.
 */
public final class Form {

  static final String URLENCODED = "application/x-www-form-urlencoded";

  private final Map<String, List<String>> fields = new LinkedHashMap<>();
  private final List<File> files = new ArrayList<>();
  private long held; // Bytes; of reading only.

  private Form() {}

  /**
   * A file.
   *
   * @param field the name of the field that it was chosen for
   * @param name the last segment of what the client calls it; not to be trusted, and no path
   * @param contentType what the client says of it; empty if it says nothing
   * @param content what is in it
   */
  public record File(String field, String name, String contentType, Chunk content) {}

  /**
   * The form that is the body of a request, within the usual limits.
   *
   * @return fails with a {@link StatusException}, which a handler that lets it pass answers with:
   *     of status 415 if the body is no form, 400 if it is malformed, 413 or 431 if it is too large
   */
  public static Future<Form> read(Request request) {
    return read(request, FormLimits.defaults());
  }

  /** The form that is the body of a request, within limits; see {@link #read(Request)}. */
  public static Future<Form> read(Request request, FormLimits limits) {
    requireNonNull(limits, "limits");
    String type = request.headers().first("Content-Type", "");
    if (Multipart.isMultipart(type)) {
      Form form = new Form();
      return Multipart.read(request, limits, part -> form.add(part, limits)).map(all -> form);
    }
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(URLENCODED)
        ? request.buffered(limits.memory()).map(whole -> decoded(whole.text(), limits))
        : Future.failed(
            new StatusException(Status.UNSUPPORTED_MEDIA_TYPE, "The body is not a form."));
  }

  private static Form decoded(String text, FormLimits limits) {
    Form form = new Form();
    int count = 0;
    for (int from = 0, to; from < text.length(); from = to + 1) {
      int and = text.indexOf('&', from);
      to = and < 0 ? text.length() : and;
      if (to == from) {
        continue;
      }
      if (++count > limits.parts()) {
        throw tooMany(limits);
      }
      String pair = text.substring(from, to);
      int equals = pair.indexOf('=');
      try {
        form.put(
            Percent.decode(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : Percent.decode(pair.substring(equals + 1)));
      } catch (IllegalArgumentException e) {
        throw new StatusException(Status.BAD_REQUEST, "The form has a malformed escape.");
      }
    }
    return form;
  }

  static StatusException tooMany(FormLimits limits) {
    return new StatusException(
        Status.CONTENT_TOO_LARGE, "The form has more than " + limits.parts() + " parts.");
  }

  private Future<Void> add(Multipart.Part part, FormLimits limits) {
    return part.bytes(Math.max(0, limits.memory() - held))
        .map(
            content -> {
              held += content.size();
              if (part.filename().isPresent()) {
                String type = part.headers().first("Content-Type", "");
                files.add(new File(part.name(), part.filename().get(), type, content));
              } else {
                put(part.name(), content.utf8());
              }
              return null;
            });
  }

  private void put(String name, String value) {
    fields.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
  }

  /** The first value of a field. */
  public Optional<String> field(String name) {
    List<String> values = fields.get(name);
    return values == null ? Optional.empty() : Optional.of(values.get(0));
  }

  /** All values of a field, in their order; empty if there are none. */
  public List<String> all(String name) {
    return Collections.unmodifiableList(fields.getOrDefault(name, List.of()));
  }

  /** The names of the fields, in their order. */
  public List<String> names() {
    return List.copyOf(fields.keySet());
  }

  /** The files, in their order. */
  public List<File> files() {
    return Collections.unmodifiableList(files);
  }

  /** The names of the fields; what they say may be secret. */
  @Override
  public String toString() {
    return "Form of " + fields.keySet() + " and " + files.size() + " files";
  }
}
