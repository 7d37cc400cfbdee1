package io.libprocess.http.http2.message;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Status;
import io.libprocess.http.grammar.ContentLength;

/**
 * Collects the fields of a response, or of its trailers, as they are decoded, and checks them. For
 * one thread at a time.
 */
public final class ResponseFields extends MessageFields {

  private static final int DIGITS = 3;

  private String status; // Null if it has not come.

  public ResponseFields(Limits limits) {
    super(limits.fields(), limits.trailers());
  }

  @Override
  public void begin(boolean ofTrailers) {
    super.begin(ofTrailers);
    status = null;
  }

  @Override
  void pseudo(String name, String value) {
    check(name.equals(":status"), "a pseudo-field other than :status");
    check(status == null, "more than one :status");
    boolean legal = value.length() == DIGITS && value.charAt(0) != '0';
    check(
        legal && ContentLength.parse(value) != ContentLength.UNKNOWN,
        ":status is not a number of three digits");
    status = value;
  }

  @Override
  boolean special(String name, String value) {
    return true;
  }

  @Override
  void tooMany() {
    check(false, "too many header fields");
  }

  @Override
  public void tooLarge() {
    check(false, "the header fields are too large");
  }

  /** Ends a block; returns how the fields are malformed, or null if they are not. */
  public String end() {
    check(isOfTrailers() || status != null, "no :status");
    return problem();
  }

  /** The status, if the fields are not malformed and are no trailers. */
  public Status status() {
    return Status.of((int) ContentLength.parse(status));
  }

  /** The announced length of the body, or {@link ContentLength#UNKNOWN}. */
  public long announced() {
    return length();
  }

  /** The fields, apart from the pseudo-field. */
  public Headers headers() {
    return take();
  }
}
