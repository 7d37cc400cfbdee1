package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.grammar.MediaTypes;
import io.libprocess.json.JsonType;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A response. Immutable except for the state of a streamed body.
 *
 * <p>The server adds {@code Date} and the headers that frame the body, whatever the response's own
 * headers say; to end the connection after a response, give it a {@code Connection} header of
 * {@code close}. The server sends no body in answer to a HEAD request; a handler that does not want
 * to make one may answer without a body and set {@code Content-Length}.
 *
 * @param status the status
 * @param headers the header fields
 * @param body the body
 * @param trailers the fields that come after the body; usually there are none. In a received
 *     response they are ready once the body has arrived, and for a streamed body not before it has
 *     been read. A server waits for them and sends them after a stream without a stated length, to
 *     clients of HTTP/1.1
 */
public record Response(Status status, Headers headers, Body body, Future<Headers> trailers) {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Headers TEXT_HEADERS = Headers.of("Content-Type", TEXT);
  private static final Headers JSON_HEADERS = Headers.of("Content-Type", "application/json");

  /** Checks that no part is null. */
  public Response {
    requireNonNull(status, "status");
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
    requireNonNull(trailers, "trailers");
  }

  /** Makes a response without trailers. */
  public Response(Status status, Headers headers, Body body) {
    this(status, headers, body, Request.NO_TRAILERS);
  }

  /* ------ Of any status ------ */

  /**
   * A response without a body.
   *
   * @throws IllegalArgumentException if the code is not in 100..999
   */
  public static Response of(int code) {
    return new Response(Status.of(code), Headers.empty(), Body.empty());
  }

  /**
   * A response with plain text.
   *
   * @throws IllegalArgumentException if the code is not in 100..999
   */
  public static Response of(int code, String text) {
    return text(Status.of(code), text);
  }

  /**
   * A response with text of some type, in UTF-8.
   *
   * @throws IllegalArgumentException if the code is not in 100..999, or the type is not a header
   *     value
   */
  public static Response of(int code, String text, String contentType) {
    return new Response(Status.of(code), Headers.of("Content-Type", contentType), Body.of(text));
  }

  private static Response text(Status status, String text) {
    return new Response(status, TEXT_HEADERS, Body.of(text));
  }

  /** A response whose text is its own status: {@code 404 Not Found.} */
  private static Response plain(Status status) {
    return text(status, status + ".");
  }

  /* ------ Successes ------ */

  /** 200 without a body. */
  public static Response ok() {
    return new Response(Status.OK, Headers.empty(), Body.empty());
  }

  /** 200 with plain text. */
  public static Response ok(String text) {
    return text(Status.OK, text);
  }

  /** 200 with text of some type, in UTF-8. */
  public static Response ok(String text, String contentType) {
    return of(200, text, contentType);
  }

  /** 200 with bytes. */
  public static Response ok(Chunk content, String contentType) {
    return new Response(Status.OK, Headers.of("Content-Type", contentType), Body.of(content));
  }

  /** 200 with JSON text. */
  public static Response json(String json) {
    return new Response(Status.OK, JSON_HEADERS, Body.of(json));
  }

  /**
   * 200 with a record as a JSON object, whose members are named like its components.
   *
   * @throws IllegalArgumentException if a component is null, or of a type without a JSON form;
   *     {@link JsonType} lists those with one
   */
  public static Response json(Record value) {
    return json(jsonOf(value));
  }

  @SuppressWarnings("unchecked") // The type is that of the value.
  private static String jsonOf(Record value) {
    return ((JsonType<Record>) JsonType.of(value.getClass())).text(value);
  }

  /**
   * 200 with a value as JSON: {@code Response.json(JsonType.of(Order.class).list(), orders)}.
   *
   * @throws IllegalArgumentException if something in it is null
   */
  public static <T> Response json(JsonType<T> type, T value) {
    return json(type.text(value));
  }

  /** 200 with a call of a JavaScript function on JSON text. */
  public static Response jsonp(String json, String function) {
    return of(200, function + "(" + json + ")", "text/javascript");
  }

  /**
   * 200 with bytes that come later; they are sent as they come, and the source is held back while
   * the client is behind. The reader is closed when the response ends, whatever the reason.
   */
  public static Response stream(Pipe.Reader<Chunk> reader, String contentType) {
    return new Response(Status.OK, Headers.of("Content-Type", contentType), Body.of(reader));
  }

  /**
   * 200 with a stream of bytes, which is asked for them as the client takes them. If it fails
   * before any part of the response was sent, the answer is 500, or the one that a handler with
   * that failure gives; if it fails later, the connection is cut, so that the client sees that
   * something is missing. The stream is cancelled when the client leaves, even while it is idle. It
   * is not compressed, unless a filter does that: {@code io.libprocess.http.filter.Compression}.
   */
  public static Response stream(Stream<Chunk> stream, String contentType) {
    return new Response(Status.OK, Headers.of("Content-Type", contentType), Body.of(stream));
  }

  /** 200 with events that are sent as they come; see {@link #stream(Stream, String)}. */
  public static Response events(Stream<ServerEvent> events) {
    return stream(events.via(ServerEvent.encode()), ServerEvent.MEDIA_TYPE)
        .withHeader("Cache-Control", "no-store");
  }

  /**
   * 200 with a file, whose type is determined by the extension of its name. See {@link #file(Path,
   * Map)}.
   */
  public static Response file(Path path) {
    return file(path, MediaTypes.DEFAULTS);
  }

  /**
   * 200 with a file. The server opens it when the response is to be sent, and answers 404 if it
   * does not exist or is a directory. To GET and HEAD requests it adds {@code Last-Modified} and,
   * if there is none, {@code ETag}, and honours the request's conditions and {@code Range}. More
   * than one range is answered with the whole file.
   *
   * @param types the content types by file name extension, case-sensitive and without the dot; for
   *     an extension that is not listed the response has no {@code Content-Type}
   */
  public static Response file(Path path, Map<String, String> types) {
    String type = types.get(MediaTypes.extension(path));
    Headers headers = type == null ? Headers.empty() : Headers.of("Content-Type", type);
    return new Response(Status.OK, headers, new Body.File(path));
  }

  /** 202 without a body. */
  public static Response accepted() {
    return new Response(Status.ACCEPTED, Headers.empty(), Body.empty());
  }

  /** 307 without a body: the same request is to be sent to another URL. */
  public static Response temporaryRedirect(String url) {
    return new Response(Status.TEMPORARY_REDIRECT, Headers.of("Location", url), Body.empty());
  }

  /* ------ Refusals ------ */

  /** A response with status 400. */
  public static Response badRequest() {
    return plain(Status.BAD_REQUEST);
  }

  /** 400 with a given text. */
  public static Response badRequest(String text) {
    return text(Status.BAD_REQUEST, text);
  }

  /** 401 with the challenges of the ways to authenticate. */
  public static Response unauthorized(List<String> challenges) {
    return unauthorized(challenges, Status.UNAUTHORIZED + ".");
  }

  /** 401 with the challenges of the ways to authenticate, and a given text. */
  public static Response unauthorized(List<String> challenges, String text) {
    return text(Status.UNAUTHORIZED, text)
        .withHeader("WWW-Authenticate", String.join(", ", challenges));
  }

  /** A response with status 403. */
  public static Response forbidden() {
    return plain(Status.FORBIDDEN);
  }

  /** 403 with a given text. */
  public static Response forbidden(String text) {
    return text(Status.FORBIDDEN, text);
  }

  /** A response with status 404. */
  public static Response notFound() {
    return plain(Status.NOT_FOUND);
  }

  /** 404 with a given text. */
  public static Response notFound(String text) {
    return text(Status.NOT_FOUND, text);
  }

  /** 405 with the methods that are allowed. */
  public static Response methodNotAllowed(String... allowed) {
    return methodNotAllowed(Arrays.asList(allowed), "");
  }

  /** 405 to a request with a method that is not allowed. */
  public static Response methodNotAllowed(List<String> allowed, Request request) {
    return methodNotAllowed(allowed, ", but received '" + request.method() + "'");
  }

  private static Response methodNotAllowed(List<String> allowed, String received) {
    String quoted =
        allowed.stream().map(method -> "'" + method + "'").collect(Collectors.joining(", "));
    String text = Status.METHOD_NOT_ALLOWED + ". Expecting one of { " + quoted + " }" + received;
    return text(Status.METHOD_NOT_ALLOWED, text + ".")
        .withHeader("Allow", String.join(", ", allowed));
  }

  /** A response with status 406. */
  public static Response notAcceptable() {
    return plain(Status.NOT_ACCEPTABLE);
  }

  /** 406 with a given text. */
  public static Response notAcceptable(String text) {
    return text(Status.NOT_ACCEPTABLE, text);
  }

  /** A response with status 409. */
  public static Response conflict() {
    return plain(Status.CONFLICT);
  }

  /** 409 with a given text. */
  public static Response conflict(String text) {
    return text(Status.CONFLICT, text);
  }

  /** A response with status 412. */
  public static Response preconditionFailed() {
    return plain(Status.PRECONDITION_FAILED);
  }

  /** 412 with a given text. */
  public static Response preconditionFailed(String text) {
    return text(Status.PRECONDITION_FAILED, text);
  }

  /** A response with status 415. */
  public static Response unsupportedMediaType() {
    return plain(Status.UNSUPPORTED_MEDIA_TYPE);
  }

  /** 415 with a given text. */
  public static Response unsupportedMediaType(String text) {
    return text(Status.UNSUPPORTED_MEDIA_TYPE, text);
  }

  /* ------ Failures ------ */

  /** A response with status 500. */
  public static Response internalServerError() {
    return plain(Status.INTERNAL_SERVER_ERROR);
  }

  /** 500 with a given text. */
  public static Response internalServerError(String text) {
    return text(Status.INTERNAL_SERVER_ERROR, text);
  }

  /** A response with status 501. */
  public static Response notImplemented() {
    return plain(Status.NOT_IMPLEMENTED);
  }

  /** 501 with a given text. */
  public static Response notImplemented(String text) {
    return text(Status.NOT_IMPLEMENTED, text);
  }

  /** A response with status 503. */
  public static Response serviceUnavailable() {
    return plain(Status.SERVICE_UNAVAILABLE);
  }

  /** 503 with a given text. */
  public static Response serviceUnavailable(String text) {
    return text(Status.SERVICE_UNAVAILABLE, text);
  }

  /* ------ The body ------ */

  /**
   * The bytes of the body.
   *
   * @throws IllegalStateException if the body is a stream: see {@link #buffered}
   */
  public Chunk bytes() {
    return BodyReader.bytes(body, this);
  }

  /**
   * The body as text in UTF-8.
   *
   * @throws IllegalStateException if the body is a stream: see {@link #buffered}
   */
  public String text() {
    return bytes().utf8();
  }

  /**
   * The body as a stream, whatever its kind; see {@link Body#stream}.
   *
   * @throws IllegalStateException if it came as a stream and was streamed before
   */
  public Stream<Chunk> stream() {
    return body.stream();
  }

  /**
   * This response with its body read to the end. Fails if reading fails, and with a {@link
   * StatusException} of status 413 if there is more than {@code most}, when the rest is not read. A
   * discard request gives up the body.
   *
   * @param most bytes
   */
  public Future<Response> buffered(long most) {
    if (body instanceof Body.Streamed streamed) {
      return BodyReader.read(streamed, headers, most)
          .onDiscarded(streamed::refuse)
          .map(content -> withBody(content.isEmpty() ? Body.empty() : Body.of(content)));
    }
    return bytes().size() <= most ? Future.of(this) : Future.failed(BodyReader.tooLarge(most));
  }

  /* ------ Copies ------ */

  /** A copy with another status: {@code Response.json(order).withStatus(Status.CREATED)}. */
  public Response withStatus(Status status) {
    return new Response(status, headers, body, trailers);
  }

  /** A copy with one field of a name: see {@link Headers#with}. */
  public Response withHeader(String name, String value) {
    return withHeaders(headers.with(name, value));
  }

  /**
   * A copy that gives the client one more cookie.
   *
   * @throws IllegalStateException if browsers would not take it: see {@link Cookie#header}
   */
  public Response withCookie(Cookie cookie) {
    return withHeaders(headers.adding("Set-Cookie", cookie.header()));
  }

  /** A copy with other header fields. */
  public Response withHeaders(Headers headers) {
    return new Response(status, headers, body, trailers);
  }

  /** A copy with another body. */
  public Response withBody(Body body) {
    return new Response(status, headers, body, trailers);
  }

  /** A copy with fields that come after the body; if the future fails, the response is cut off. */
  public Response withTrailers(Future<Headers> trailers) {
    return new Response(status, headers, body, trailers);
  }

  /** A description for people: the status. */
  @Override
  public String toString() {
    return status.toString();
  }
}
