package io.libprocess.http.http2;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.HeadersAccess;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.http.hpack.FieldSink;
import java.util.Arrays;

/**
 * Collects the fields of a request, or of its trailers, as they are decoded, and checks them as RFC
 * 9113, section 8 says. For one thread at a time.
 */
public final class RequestFields implements FieldSink {

  private static final HeadersAccess<Headers> HEADERS = Access.to(Headers.class);
  private static final Rejection LONG_PATH = new Rejection(414, "The path is too long");
  private static final Rejection LONG_HEAD = new Rejection(431, "The request head is too long");
  private static final Rejection TOO_MANY = new Rejection(431, "Too many header fields");
  private static final Rejection NO_TUNNELS = new Rejection(501, "CONNECT is not supported");
  private static final Rejection EXPECTATION = new Rejection(417, "Unknown expectation");
  private static final Rejection BAD_QUERY =
      new Rejection(400, "A percent sign without two hexadecimal digits in the query");
  private static final String[] NONE = {};
  private static final int LARGEST_EXPECTED = 64;

  private final Limits limits;
  private final String scheme;

  private boolean trailers;
  private String problem; // Null if the fields are legal so far.
  private Rejection rejection; // Null if they are acceptable so far.
  private String method;
  private String path;
  private String schemeGiven;
  private String authority;
  private long length;
  private boolean expectsContinue;
  private String priority; // Null if there is none.
  private int cookies; // The place of the value of the cookie field; 0 if there is none.
  private String[] fields = NONE;
  private int size;
  private int expected = 16; // The size of the last head; the next one is usually the same.

  /**
   * Makes a collector.
   *
   * @param secure whether the connection speaks TLS
   */
  public RequestFields(Limits limits, boolean secure) {
    this.limits = limits;
    this.scheme = secure ? "https" : "http";
  }

  /** Begins a block. */
  public void begin(boolean ofTrailers) {
    trailers = ofTrailers;
    problem = null;
    rejection = null;
    method = null;
    path = null;
    schemeGiven = null;
    authority = null;
    length = ContentLength.UNKNOWN;
    expectsContinue = false;
    priority = null;
    cookies = 0;
    size = 0;
  }

  @Override
  public void field(String name, String value, boolean neverIndexed) {
    if (problem != null || rejection != null) {
      return;
    }
    if (name.charAt(0) == ':') {
      pseudo(name, value);
      return;
    }
    switch (name) {
      case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade" ->
          problem = "the field " + name + " is not allowed in HTTP/2";
      case "te" -> check(value.equals("trailers"), "the field te is not 'trailers'");
      case "content-length" -> contentLength(value);
      case "expect" -> {
        expectsContinue = value.equalsIgnoreCase("100-continue");
        reject(expectsContinue ? null : EXPECTATION);
      }
      case "priority" -> priority = value;
      case "cookie" -> {
        if (cookies > 0) {
          fields[cookies] = fields[cookies] + "; " + value;
          return;
        }
        cookies = size + 1;
      }
      default -> {}
    }
    put(name, value);
  }

  private void check(boolean legal, String rule) {
    if (!legal && problem == null) {
      problem = rule;
    }
  }

  private void reject(Rejection why) {
    if (rejection == null) {
      rejection = why;
    }
  }

  private void pseudo(String name, String value) {
    check(!trailers, "a pseudo-field in trailers");
    check(size == 0, "a pseudo-field after another field");
    switch (name) {
      case ":method" -> {
        check(method == null, "more than one :method");
        method = value;
      }
      case ":path" -> {
        check(path == null, "more than one :path");
        path = value;
      }
      case ":scheme" -> {
        check(schemeGiven == null, "more than one :scheme");
        schemeGiven = value;
      }
      case ":authority" -> {
        check(authority == null, "more than one :authority");
        authority = value;
      }
      default -> check(false, "an unknown pseudo-field");
    }
  }

  private void contentLength(String value) {
    long stated = ContentLength.parse(value);
    check(stated != ContentLength.UNKNOWN, "content-length is not a number");
    check(length == ContentLength.UNKNOWN || length == stated, "content-length has several values");
    length = stated;
  }

  private void put(String name, String value) {
    if (size / 2 == limits.fields()) {
      reject(TOO_MANY);
      return;
    }
    if (size == fields.length) {
      fields = Arrays.copyOf(fields, Math.max(expected, 2 * size));
    }
    fields[size] = name;
    fields[size + 1] = value;
    size += 2;
  }

  @Override
  public void malformed(String rule) {
    check(false, rule);
  }

  @Override
  public void tooLarge() {
    reject(LONG_HEAD);
  }

  /** Ends a block; returns how the fields are malformed, or null if they are not. */
  public String end() {
    if (trailers || problem != null || rejection != null) {
      return problem;
    }
    if (method == null) {
      return "no :method";
    }
    if (method.equals("CONNECT")) {
      rejection = NO_TUNNELS;
      return null;
    }
    check(schemeGiven != null, "no :scheme");
    check(schemeGiven == null || schemeGiven.equalsIgnoreCase(scheme), ":scheme is not " + scheme);
    check(path != null, "no :path");
    if (path != null) {
      checkPath();
    }
    return problem;
  }

  private void checkPath() {
    check(
        path.startsWith("/") || path.equals("*") && method.equals("OPTIONS"),
        ":path does not start with '/'");
    if (path.length() > limits.requestLine()) {
      reject(LONG_PATH);
    }
    boolean query = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      check(c > ' ' && c < 0x7F && c != '#', "an illegal character in :path");
      query |= c == '?';
      if (query && c == '%' && !isEscape(i)) {
        reject(BAD_QUERY);
      }
    }
  }

  private boolean isEscape(int at) {
    return at + 2 < path.length()
        && Ascii.hex((byte) path.charAt(at + 1)) >= 0
        && Ascii.hex((byte) path.charAt(at + 2)) >= 0;
  }

  /** Why the request is answered without being handled; null if it is not. */
  public Rejection rejection() {
    return rejection;
  }

  /** The announced length of the body, or {@link ContentLength#UNKNOWN}. */
  public long length() {
    return length;
  }

  /** The fields of trailers. */
  public Headers trailers() {
    return take();
  }

  /** The head of a request. */
  public RequestHead head() {
    int query = path.indexOf('?');
    Headers headers = take();
    return new RequestHead(
        method,
        path,
        query < 0 ? path.length() : query,
        authority == null || headers.contains("host") ? headers : headers.with("Host", authority),
        length,
        expectsContinue,
        priority);
  }

  private Headers take() {
    if (size == 0) {
      return Headers.empty();
    }
    Headers headers = HEADERS.headers(fields, size);
    expected = Math.min(size + 2, LARGEST_EXPECTED);
    fields = NONE;
    size = 0;
    return headers;
  }
}
