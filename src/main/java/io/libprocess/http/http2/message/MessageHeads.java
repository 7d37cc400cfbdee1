package io.libprocess.http.http2.message;

import io.libprocess.http.Headers;
import io.libprocess.http.grammar.ContentLength;
import io.libprocess.http.hpack.HpackEncoder;
import io.libprocess.http.hpack.Octets;

/** Encodes the heads of one side's messages, and trailers. For one thread at a time. */
public abstract sealed class MessageHeads permits RequestHeads, ResponseHeads {

  final HpackEncoder encoder = new HpackEncoder();

  MessageHeads() {}

  /** Whether a field is one that this side determines, or that HTTP/2 does not know. */
  abstract boolean isLeftOut(String name);

  /** Notes the peer's setting of the size of the table. */
  public final void tableSize(long size) {
    encoder.tableSize(size);
  }

  /** Puts the fields after a body. */
  public final void putTrailers(Octets out, Headers trailers) {
    encoder.begin(out);
    putFields(out, trailers);
  }

  /** Puts the length of a body, unless it is {@link ContentLength#UNKNOWN}, and the fields. */
  final void putFields(Octets out, long length, Headers headers) {
    if (length != ContentLength.UNKNOWN) {
      encoder.encode("content-length", Long.toString(length), false, out);
    }
    putFields(out, headers);
  }

  private void putFields(Octets out, Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (!isLeftOut(name)) {
        encoder.encode(name, headers.value(i), headers.isSensitive(name), out);
      }
    }
  }
}
