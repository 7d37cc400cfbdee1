package io.libprocess.http.http2.message;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.HostField;
import io.libprocess.http.grammar.Methods;
import io.libprocess.http.grammar.Rejection;
import java.nio.charset.StandardCharsets;

/**
 * Collects the fields of a request, or of its trailers, as they are decoded, and checks them. What
 * is malformed is a matter of the protocol; what is rejected gets an answer. Where a next hop that
 * speaks HTTP/1.1 could be misled, the rules are stricter than RFC 9113. For one thread at a time.
 */
public final class RequestFields extends MessageFields {

  private static final Rejection LONG_PATH = new Rejection(414, "The path is too long");
  private static final Rejection LONG_HEAD = new Rejection(431, "The request head is too long");
  private static final Rejection TOO_MANY = new Rejection(431, "Too many header fields");
  private static final Rejection NO_TUNNELS = new Rejection(501, "CONNECT is not supported");
  private static final Rejection UNKNOWN_METHOD = new Rejection(501, "Unknown method");
  private static final Rejection NO_HOST = new Rejection(400, "No authority");
  private static final Rejection EXPECTATION = new Rejection(417, "Unknown expectation");
  private static final Rejection BAD_QUERY =
      new Rejection(400, "A percent sign without two hexadecimal digits in the query");

  private static final int LONGEST_KEPT = 256; // Bytes of an authority.

  private final Limits limits;
  private final String scheme;

  private Rejection rejection; // Null if the fields are acceptable so far.
  private String method; // Null, like the next ones, if it has not come.
  private String path;
  private String schemeGiven;
  private String authority;
  private boolean hasHost;
  private boolean expectsContinue;
  private String priority; // Null if there is none.
  private int cookies; // The place of the value of the cookie field; 0 if there is none.
  private String legalAuthority; // That of the last request; that of the next is often the same.

  /**
   * Makes a collector.
   *
   * @param secure whether the connection speaks TLS
   */
  public RequestFields(Limits limits, boolean secure) {
    super(limits.fields(), limits.trailers());
    this.limits = limits;
    this.scheme = secure ? "https" : "http";
  }

  @Override
  public void begin(boolean ofTrailers) {
    super.begin(ofTrailers);
    rejection = null;
    method = null;
    path = null;
    schemeGiven = null;
    authority = null;
    hasHost = false;
    expectsContinue = false;
    priority = null;
    cookies = 0;
  }

  @Override
  boolean isDecided() {
    return rejection != null || super.isDecided();
  }

  @Override
  void pseudo(String name, String value) {
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
        checkAuthority(value);
        authority = value;
      }
      default -> check(false, "an unknown pseudo-field");
    }
  }

  private void checkAuthority(String value) {
    if (value.equals(legalAuthority)) {
      return;
    }
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    boolean legal = bytes.length > 0 && HostField.isLegal(bytes, 0, bytes.length);
    check(legal, "an illegal authority");
    if (legal && bytes.length <= LONGEST_KEPT) {
      legalAuthority = value;
    }
  }

  /** The authority stands first, as in HTTP/1.1. */
  @Override
  void beforeFields() {
    if (authority != null && !isOfTrailers()) {
      hasHost = true;
      put("host", authority);
    }
  }

  @Override
  boolean special(String name, String value) {
    if (isOfTrailers()) {
      return true;
    }
    switch (name) {
      case "host" -> {
        return host(value);
      }
      case "expect" -> {
        expectsContinue = value.equalsIgnoreCase("100-continue");
        reject(expectsContinue ? null : EXPECTATION);
      }
      case "priority" -> priority = value;
      case "cookie" -> {
        if (cookies > 0) {
          append(cookies, "; " + value);
          return false;
        }
        cookies = nextValue();
      }
      default -> {}
    }
    return true;
  }

  private boolean host(String value) {
    if (authority != null) {
      check(authority.equalsIgnoreCase(value), "the field host is not the :authority");
      return false;
    }
    check(!hasHost, "more than one field host");
    checkAuthority(value);
    hasHost = true;
    return true;
  }

  private void reject(Rejection why) {
    if (rejection == null) {
      rejection = why;
    }
  }

  @Override
  void tooMany() {
    reject(TOO_MANY);
  }

  @Override
  public void tooLarge() {
    reject(LONG_HEAD);
  }

  /** Ends a block; returns how the fields are malformed, or null if they are not. */
  public String end() {
    if (isOfTrailers() || isDecided()) {
      return problem();
    }
    if (method == null) {
      return "no :method";
    }
    if (method.equals("CONNECT")) {
      check(schemeGiven == null && path == null, "CONNECT with :scheme or :path");
      reject(NO_TUNNELS);
      return problem();
    }
    check(schemeGiven != null, "no :scheme");
    check(schemeGiven == null || schemeGiven.equalsIgnoreCase(scheme), ":scheme is not " + scheme);
    check(path != null, "no :path");
    if (path != null) {
      checkPath();
    }
    if (!Methods.isKnown(method)) {
      reject(UNKNOWN_METHOD);
    }
    if (isEmpty()) {
      beforeFields();
    }
    if (!hasHost) {
      reject(NO_HOST);
    }
    return problem();
  }

  private void checkPath() {
    check(
        path.startsWith("/") || path.equals("*") && "OPTIONS".equals(method),
        ":path does not start with '/'");
    if (path.length() > limits.requestLine()) {
      reject(LONG_PATH);
    }
    boolean query = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '#') {
        check(false, "an illegal character in :path");
        return;
      }
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

  /** Forgets the fields: a connection may be idle for long after them. */
  public void forget() {
    begin(false);
  }

  /** Why the request is answered without being handled; null if it is not. */
  public Rejection rejection() {
    return rejection;
  }

  /** The fields of trailers. */
  public Headers trailers() {
    return take();
  }

  /** The fields of a rejected request, as far as they were looked at. */
  public Headers rejected() {
    return take();
  }

  /** The head of a request. */
  public RequestHead head() {
    int query = path.indexOf('?');
    int held = held() + path.length();
    return new RequestHead(
        method,
        path,
        query < 0 ? path.length() : query,
        held,
        take(),
        length(),
        expectsContinue,
        priority);
  }
}
