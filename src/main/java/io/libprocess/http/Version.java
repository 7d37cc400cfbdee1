package io.libprocess.http;

/** The versions of HTTP that are supported. */
public enum Version {
  /**
   * HTTP/1.0: connections end with the response unless requested otherwise, and there are no
   * chunks.
   */
  HTTP_1_0("HTTP/1.0"),

  /** HTTP/1.1; a later 1.x is treated as 1.1. */
  HTTP_1_1("HTTP/1.1"),

  /** HTTP/2. */
  HTTP_2("HTTP/2");

  private final String text;

  Version(String text) {
    this.text = text;
  }

  /** The form in a request line: {@code HTTP/1.1}. */
  @Override
  public String toString() {
    return text;
  }
}
