package io.libprocess.http.exchange;

import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.channel.ServedFile;
import io.libprocess.http.grammar.ByteRange;
import io.libprocess.http.grammar.EntityTags;
import io.libprocess.http.grammar.HttpDate;
import io.libprocess.time.Times;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Opens the file of a response, and evaluates the request's conditions and range according to RFC
 * 9110, in the order of its section 13.2.2. Blocks.
 */
public final class FileAnswer {

  /**
   * The response to send.
   *
   * @param response the response
   * @param file the file that is its body; null if it has its own body
   */
  public record Opened(Response response, ServedFile file) {
    Opened(Response response) {
      this(response, null);
    }
  }

  private final Request request;
  private final Response given;
  private final FileChannel file;
  private final long size;
  private final Instant modified; // With the precision of HTTP: without the fraction of a second.
  private final String tag;

  private FileAnswer(Request request, Response given, FileChannel file, Instant modified)
      throws IOException {
    this.request = request;
    this.given = given;
    this.file = file;
    this.size = file.size();
    this.modified = modified.truncatedTo(ChronoUnit.SECONDS);
    this.tag = given.headers().first("ETag").orElseGet(() -> tag(modified, size));
  }

  private static String tag(Instant modified, long size) {
    long nanos = modified.getEpochSecond() * 1_000_000_000L + modified.getNano();
    return '"' + Long.toHexString(nanos) + "-" + Long.toHexString(size) + '"';
  }

  /**
   * The response to send instead of one whose body is a file: 404 if there is no such file.
   *
   * @throws IOException if the file cannot be read
   */
  public static Opened open(Request request, Response given, Path path) throws IOException {
    BasicFileAttributes attributes;
    FileChannel file;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        return new Opened(Response.notFound());
      }
      file = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return new Opened(Response.notFound());
    } catch (AccessDeniedException e) {
      throw e;
    } catch (FileSystemException e) {
      if (Files.exists(path)) {
        throw e;
      }
      // For instance a name that is too long, or one below a file.
      return new Opened(Response.notFound());
    }
    Opened answer = null;
    try {
      answer =
          new FileAnswer(request, given, file, attributes.lastModifiedTime().toInstant()).answer();
      return answer;
    } finally {
      if (answer == null || answer.file() == null) {
        file.close();
      }
    }
  }

  private Opened answer() {
    boolean read = request.method().equals("GET") || request.method().equals("HEAD");
    if (!read || !given.status().equals(Status.OK)) {
      return new Opened(given, new ServedFile(file, 0, size));
    }
    if (isPreconditionFailed()) {
      return new Opened(described(Response.preconditionFailed()));
    }
    if (isNotModified()) {
      Headers kept = given.headers().without("Content-Type");
      return new Opened(described(new Response(Status.NOT_MODIFIED, kept, Body.empty())));
    }
    Optional<ByteRange> range = range();
    if (range.isEmpty()) {
      return new Opened(
          described(given).withHeader("Accept-Ranges", "bytes"), new ServedFile(file, 0, size));
    }
    return part(range.get());
  }

  private Opened part(ByteRange range) {
    if (range.length() == 0) {
      return new Opened(
          Response.of(416, Status.of(416) + ".").withHeader("Content-Range", "bytes */" + size));
    }
    Response head = new Response(Status.of(206), given.headers(), given.body());
    return new Opened(
        described(head).withHeader("Content-Range", range.contentRange(size)),
        new ServedFile(file, range.start(), range.length()));
  }

  private Response described(Response response) {
    return response.withHeader("Last-Modified", Times.rfc1123(modified)).withHeader("ETag", tag);
  }

  /* ------ Conditions ------ */

  private boolean isPreconditionFailed() {
    Optional<String> match = request.headers().joined("If-Match");
    if (match.isPresent()) {
      return !EntityTags.contain(match.get(), tag, true);
    }
    return date("If-Unmodified-Since").filter(modified::isAfter).isPresent();
  }

  private boolean isNotModified() {
    Optional<String> noneMatch = request.headers().joined("If-None-Match");
    if (noneMatch.isPresent()) {
      return EntityTags.contain(noneMatch.get(), tag, false);
    }
    return date("If-Modified-Since").filter(since -> !modified.isAfter(since)).isPresent();
  }

  /** The part of the file to send; empty for all of it. */
  private Optional<ByteRange> range() {
    if (!request.method().equals("GET") || !isRangeMeant()) {
      return Optional.empty();
    }
    return request.headers().joined("Range").flatMap(header -> ByteRange.parse(header, size));
  }

  private boolean isRangeMeant() {
    String validator = request.headers().first("If-Range", "");
    if (validator.isEmpty()) {
      return true;
    }
    if (validator.startsWith("\"") || validator.startsWith("W/")) {
      return EntityTags.areStronglyEqual(validator, tag);
    }
    return HttpDate.parse(validator).filter(modified::equals).isPresent();
  }

  private Optional<Instant> date(String header) {
    return request.headers().first(header).flatMap(HttpDate::parse);
  }
}
