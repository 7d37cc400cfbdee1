package io.libprocess.http;

/** The versions of HTTP that are spoken here. */
public enum Version {
  /** HTTP/1.0: connections end with the response unless asked otherwise, and no chunks. */
  HTTP_1_0("HTTP/1.0"),

  /** HTTP/1.1, and what a later 1.x understands as that. */
  HTTP_1_1("HTTP/1.1");

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
