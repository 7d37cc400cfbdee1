package io.libprocess.http.form;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads {@code multipart/form-data} (RFC 7578) part by part, as it arrives, in constant memory. The
 * route should be {@code streaming()}.
 *
 * <pre>{@code
 * Multipart.read(request, FormLimits.defaults().withPart(4L << 30),
 *         part -> part.stream().to(Sink.file(directory.resolve(newName()), FileMode.CREATE)))
 *     .map(sizes -> Response.ok(sizes.size() + " files"));
 * }</pre>
 */
public final class Multipart {

  private static final String TYPE = "multipart/form-data";
  private static final int LONGEST_BOUNDARY = 70;

  private Multipart() {}

  /** One part. Its content is there once, while what reads it has not ended. */
  public static final class Part {

    private final Headers headers;
    private final String name;
    private final Optional<String> filename;
    private final Pipe<Chunk> pipe = Pipe.bytes();

    Part(Headers headers) {
      this.headers = headers;
      Disposition disposition = Disposition.of(headers.first("Content-Disposition", ""));
      name = disposition.name();
      filename = disposition.filename();
    }

    /** The name of the field. */
    public String name() {
      return name;
    }

    /**
     * The last segment of what the client calls the file, if it is one. Not to be trusted: it may
     * be empty, and must not be used as a path.
     */
    public Optional<String> filename() {
      return filename;
    }

    /** The header fields of the part. */
    public Headers headers() {
      return headers;
    }

    /** The content, as it arrives: the client is held back while no more is asked for. */
    public Stream<Chunk> stream() {
      return pipe.reader().stream();
    }

    /** The whole content; fails with status 413 if there is more. */
    public Future<Chunk> bytes(long most) {
      return new Response(Status.OK, Headers.empty(), Body.of(pipe.reader()))
          .buffered(most)
          .map(Response::bytes);
    }

    /** The name of the field. */
    @Override
    public String toString() {
      return "part '" + name + "'";
    }
  }

  static boolean isMultipart(String contentType) {
    return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(TYPE);
  }

  /**
   * Reads the parts of a request, one after the other.
   *
   * @param reader is given each part when its head has arrived, on a thread that must not be
   *     blocked; the next part comes when the future is completed. What it does not read is skipped
   * @return what the reader made of the parts, in their order. Fails as the reader does, and with a
   *     {@link StatusException}, which a handler that lets it pass answers with: of status 415 if
   *     the body has another type, 400 if it is malformed, 413 or 431 if it is too large. A discard
   *     request gives up
   */
  public static <T> Future<List<T>> read(
      Request request, FormLimits limits, CheckedFunction<Part, Future<T>> reader) {
    requireNonNull(limits, "limits");
    requireNonNull(reader, "reader");
    String type = request.headers().first("Content-Type", "");
    if (!isMultipart(type)) {
      return Future.failed(
          new StatusException(Status.UNSUPPORTED_MEDIA_TYPE, "The body is not " + TYPE + "."));
    }
    Optional<String> boundary = Disposition.parameter(type, "boundary").filter(Multipart::isLegal);
    if (boundary.isEmpty()) {
      return Future.failed(
          new StatusException(Status.BAD_REQUEST, "The type of the body has no legal boundary."));
    }
    return new Reading<>(source(request.body()), boundary.get(), limits, reader).start();
  }

  private static boolean isLegal(String boundary) {
    return !boundary.isEmpty()
        && boundary.length() <= LONGEST_BOUNDARY
        && boundary.chars().allMatch(c -> c >= ' ' && c < 0x7F)
        && !boundary.endsWith(" ");
  }

  private static Pipe.Reader<Chunk> source(Body body) {
    if (body instanceof Body.Streamed streamed) {
      return streamed.reader();
    }
    Pipe<Chunk> pipe = Pipe.unbounded();
    if (body instanceof Body.Bytes bytes) {
      pipe.writer().write(bytes.content().retain());
    }
    pipe.writer().close();
    return pipe.reader();
  }

  /**
   * One body being read. Its steps follow each other, on whatever threads.
   *
   * @param <T> what is made of a part
   */
  private static final class Reading<T> {

    private final Pipe.Reader<Chunk> source;
    private final MultipartParser parser;
    private final FormLimits limits;
    private final CheckedFunction<Part, Future<T>> reader;
    private final List<T> results = new ArrayList<>();
    private int parts;
    private Part part; // Null before the first and behind the last.
    private Future<T> result; // Of that part.
    private long size; // Of its content, so far.

    Reading(
        Pipe.Reader<Chunk> source,
        String boundary,
        FormLimits limits,
        CheckedFunction<Part, Future<T>> reader) {
      this.source = source;
      this.parser =
          new MultipartParser(boundary.getBytes(StandardCharsets.US_ASCII), limits.head());
      this.limits = limits;
      this.reader = reader;
    }

    Future<List<T>> start() {
      Future<List<T>> all = Futures.loop(source::read, this::fed);
      return all.onFailed(this::giveUp)
          .onDiscarded(() -> giveUp(new StatusException(Status.BAD_REQUEST, "given up")));
    }

    private void giveUp(Throwable why) {
      source.close(why);
      if (part != null) {
        part.pipe.writer().fail(why);
        result.discard();
      }
    }

    private Future<ControlFlow<List<T>>> fed(Optional<Chunk> next) {
      if (next.isEmpty()) {
        parser.checkEnded();
        return Future.of(ControlFlow.breakWith(Collections.unmodifiableList(results)));
      }
      Chunk piece = next.get();
      parser.feed(piece);
      piece.release();
      return Futures.loop(() -> Future.of(parser.next()), this::event)
          .map(starved -> ControlFlow.proceed());
    }

    private Future<ControlFlow<Boolean>> event(MultipartParser.Event event) throws Exception {
      return switch (event) {
        case STARVED -> Future.of(ControlFlow.breakWith(true));
        case PART -> begin();
        case DATA -> data(parser.data());
        case PART_END -> end();
      };
    }

    private Future<ControlFlow<Boolean>> begin() throws Exception {
      if (++parts > limits.parts()) {
        throw Form.tooMany(limits);
      }
      size = 0;
      Part begun = new Part(parser.headers());
      result = requireNonNull(reader.apply(begun), "the reader of a part returned null");
      part = begun;
      result.onAny(done -> begun.pipe.reader().close()); // The rest is skipped.
      return Future.of(ControlFlow.proceed());
    }

    private Future<ControlFlow<Boolean>> data(Chunk piece) {
      size += piece.size();
      if (size > limits.part()) {
        throw new StatusException(
            Status.CONTENT_TOO_LARGE,
            "A part of the form has more than " + limits.part() + " bytes.");
      }
      if (result.isFailed()) {
        return Future.failed(result.failure());
      }
      return part.pipe.writer().write(piece).map(taken -> ControlFlow.proceed());
    }

    private Future<ControlFlow<Boolean>> end() {
      part.pipe.writer().close();
      return result.map(
          value -> {
            results.add(value);
            part = null;
            return ControlFlow.proceed();
          });
    }
  }
}
