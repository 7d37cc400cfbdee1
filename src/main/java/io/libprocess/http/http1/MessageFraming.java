package io.libprocess.http.http1;

import io.libprocess.http.Version;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.Rejection;

/**
 * Determines the framing of a message, its body and its connection, from its header fields. An
 * ambiguous message is refused, since another recipient may read it in the other way and take a
 * part of the body for the next message.
 */
class MessageFraming {

  private static final Rejection LENGTHS = new Rejection(400, "More than one Content-Length");
  private static final Rejection BAD_LENGTH = new Rejection(400, "Illegal Content-Length");
  private static final Rejection LENGTH_AND_CODING =
      new Rejection(400, "Both Content-Length and Transfer-Encoding");
  private static final Rejection CODING_IN_1_0 =
      new Rejection(400, "Transfer-Encoding in a message of HTTP/1.0");
  private static final Rejection BAD_CODING =
      new Rejection(400, "Transfer-Encoding does not end with chunked");
  private static final Rejection UNKNOWN_CODING =
      new Rejection(501, "Unsupported Transfer-Encoding");

  private static final int NOT_GIVEN = -1;

  private long length;
  private int codings; // Transfer-Encoding fields.
  private boolean chunkedOnly; // The last of them is "chunked" and nothing else.
  private boolean chunkedLast; // The last coding of the last of them is chunked.
  private boolean close;
  private boolean keepAlive;

  void reset() {
    length = NOT_GIVEN;
    codings = 0;
    chunkedOnly = false;
    chunkedLast = false;
    close = false;
    keepAlive = false;
  }

  /** Adds a field that has a meaning here. */
  void add(KnownField.Role role, byte[] line, int from, int to) throws Rejection {
    switch (role) {
      case CONTENT_LENGTH -> {
        if (length != NOT_GIVEN) {
          throw LENGTHS;
        }
        length = parseLength(line, from, to);
      }
      case TRANSFER_ENCODING -> addCoding(line, from, to);
      case CONNECTION -> addConnection(line, from, to);
      case HOST, EXPECT, LIBPROCESS_FROM, USER_AGENT, NONE -> {}
    }
  }

  private static long parseLength(byte[] line, int from, int to) throws Rejection {
    if (from == to) {
      throw BAD_LENGTH;
    }
    long length = 0;
    for (int i = from; i < to; i++) {
      if (!Ascii.isDigit(line[i]) || length > (Long.MAX_VALUE - 9) / 10) {
        throw BAD_LENGTH;
      }
      length = 10 * length + line[i] - '0';
    }
    return length;
  }

  private void addCoding(byte[] line, int from, int to) {
    codings++;
    chunkedOnly = Ascii.equalsIgnoreCase(line, from, to, "chunked");
    int last = to;
    while (last > from && line[last - 1] != ',') {
      last--;
    }
    while (last < to && (line[last] == Ascii.SP || line[last] == Ascii.TAB)) {
      last++;
    }
    chunkedLast = Ascii.equalsIgnoreCase(line, last, to, "chunked");
  }

  private void addConnection(byte[] line, int from, int to) {
    for (int start = from; start < to; ) {
      int end = start;
      while (end < to && line[end] != ',') {
        end++;
      }
      int next = end + 1;
      while (start < end && (line[start] == Ascii.SP || line[start] == Ascii.TAB)) {
        start++;
      }
      while (end > start && (line[end - 1] == Ascii.SP || line[end - 1] == Ascii.TAB)) {
        end--;
      }
      close |= Ascii.equalsIgnoreCase(line, start, end, "close");
      keepAlive |= Ascii.equalsIgnoreCase(line, start, end, "keep-alive");
      start = next;
    }
  }

  /** Checks that the fields are consistent with each other and with the version. */
  void check(Version version) throws Rejection {
    if (codings == 0) {
      return;
    }
    if (version == Version.HTTP_1_0) {
      throw CODING_IN_1_0;
    }
    if (length != NOT_GIVEN) {
      throw LENGTH_AND_CODING;
    }
    if (codings > 1 || !chunkedOnly) {
      throw chunkedLast ? UNKNOWN_CODING : BAD_CODING;
    }
  }

  boolean isChunked() {
    return codings > 0;
  }

  /** Whether a Content-Length gives the length of the body. */
  boolean hasLength() {
    return length != NOT_GIVEN;
  }

  /** The length of a body that is not chunked; 0 if not given. */
  long length() {
    return Math.max(0, length);
  }

  boolean keepsAlive(Version version) {
    return !close && (keepAlive || version == Version.HTTP_1_1);
  }
}
