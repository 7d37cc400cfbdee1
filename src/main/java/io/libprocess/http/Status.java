package io.libprocess.http;

import java.util.Arrays;

/**
 * The status of a response: its code, and the reason that RFC 9110 and related RFCs give for it.
 * Other codes are legal too and have an empty reason. (libprocess knows only the codes of RFC 2616,
 * and uses its reasons.)
 */
public record Status(int code) {

  private static final int LOWEST = 100;
  private static final int HIGHEST = 999;
  private static final String KNOWN =
      """
      100 Continue
      101 Switching Protocols
      102 Processing
      103 Early Hints
      200 OK
      201 Created
      202 Accepted
      203 Non-Authoritative Information
      204 No Content
      205 Reset Content
      206 Partial Content
      207 Multi-Status
      208 Already Reported
      226 IM Used
      300 Multiple Choices
      301 Moved Permanently
      302 Found
      303 See Other
      304 Not Modified
      305 Use Proxy
      307 Temporary Redirect
      308 Permanent Redirect
      400 Bad Request
      401 Unauthorized
      402 Payment Required
      403 Forbidden
      404 Not Found
      405 Method Not Allowed
      406 Not Acceptable
      407 Proxy Authentication Required
      408 Request Timeout
      409 Conflict
      410 Gone
      411 Length Required
      412 Precondition Failed
      413 Content Too Large
      414 URI Too Long
      415 Unsupported Media Type
      416 Range Not Satisfiable
      417 Expectation Failed
      421 Misdirected Request
      422 Unprocessable Content
      423 Locked
      424 Failed Dependency
      425 Too Early
      426 Upgrade Required
      428 Precondition Required
      429 Too Many Requests
      431 Request Header Fields Too Large
      451 Unavailable For Legal Reasons
      500 Internal Server Error
      501 Not Implemented
      502 Bad Gateway
      503 Service Unavailable
      504 Gateway Timeout
      505 HTTP Version Not Supported
      506 Variant Also Negotiates
      507 Insufficient Storage
      508 Loop Detected
      511 Network Authentication Required
      """;

  private static final String[] REASONS = reasons();
  private static final Status[] ALL = all();

  /** The status 200. */
  public static final Status OK = of(200);

  /** The status 201. */
  public static final Status CREATED = of(201);

  /** The status 202. */
  public static final Status ACCEPTED = of(202);

  /** The status 204. */
  public static final Status NO_CONTENT = of(204);

  /** The status 304. */
  public static final Status NOT_MODIFIED = of(304);

  /** The status 307. */
  public static final Status TEMPORARY_REDIRECT = of(307);

  /** The status 400. */
  public static final Status BAD_REQUEST = of(400);

  /** The status 401. */
  public static final Status UNAUTHORIZED = of(401);

  /** The status 403. */
  public static final Status FORBIDDEN = of(403);

  /** The status 404. */
  public static final Status NOT_FOUND = of(404);

  /** The status 405. */
  public static final Status METHOD_NOT_ALLOWED = of(405);

  /** The status 406. */
  public static final Status NOT_ACCEPTABLE = of(406);

  /** The status 408. */
  public static final Status REQUEST_TIMEOUT = of(408);

  /** The status 409. */
  public static final Status CONFLICT = of(409);

  /** The status 412. */
  public static final Status PRECONDITION_FAILED = of(412);

  /** The status 413. */
  public static final Status CONTENT_TOO_LARGE = of(413);

  /** The status 415. */
  public static final Status UNSUPPORTED_MEDIA_TYPE = of(415);

  /** The status 500. */
  public static final Status INTERNAL_SERVER_ERROR = of(500);

  /** The status 501. */
  public static final Status NOT_IMPLEMENTED = of(501);

  /** The status 503. */
  public static final Status SERVICE_UNAVAILABLE = of(503);

  /**
   * Checks the code.
   *
   * @throws IllegalArgumentException if the code is not in 100..999
   */
  public Status {
    if (code < LOWEST || code > HIGHEST) {
      throw new IllegalArgumentException("status code not in 100..999: " + code);
    }
  }

  /**
   * The status of a code.
   *
   * @throws IllegalArgumentException if the code is not in 100..999
   */
  public static Status of(int code) {
    return code < LOWEST || code > HIGHEST ? new Status(code) : ALL[code - LOWEST];
  }

  /** The reason, such as {@code Not Found}; empty if the code is not known. */
  public String reason() {
    return REASONS[code - LOWEST];
  }

  /** Whether the code is one of the known ones. */
  public boolean isKnown() {
    return !reason().isEmpty();
  }

  /** Whether a response with this status never has a body. */
  public boolean isBodiless() {
    return code < 200 || code == 204 || code == 304;
  }

  /** The code and, if it is known, the reason: {@code 404 Not Found}. */
  @Override
  public String toString() {
    return isKnown() ? code + " " + reason() : Integer.toString(code);
  }

  private static Status[] all() {
    Status[] all = new Status[HIGHEST - LOWEST + 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Status(LOWEST + i);
    }
    return all;
  }

  private static String[] reasons() {
    String[] reasons = new String[HIGHEST - LOWEST + 1];
    Arrays.fill(reasons, "");
    KNOWN
        .lines()
        .forEach(line -> reasons[Integer.parseInt(line, 0, 3, 10) - LOWEST] = line.substring(4));
    return reasons;
  }
}
