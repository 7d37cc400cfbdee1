package io.libprocess.http.http1;

import io.libprocess.http.Version;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.HostField;
import io.libprocess.http.grammar.Rejection;

/** Determines the framing of a request, its body and its connection, from its header fields. */
final class RequestFraming extends MessageFraming {

  private static final Rejection NO_HOST = new Rejection(400, "No Host header");
  private static final Rejection HOSTS = new Rejection(400, "More than one Host header");
  private static final Rejection BAD_HOST = new Rejection(400, "Illegal Host header");
  private static final Rejection EXPECTATION = new Rejection(417, "Unknown expectation");

  private static final String AGENT = "libprocess/";

  private int hosts;
  private boolean expectsContinue;
  private boolean libprocess; // The sender is a process.

  @Override
  void reset() {
    super.reset();
    hosts = 0;
    expectsContinue = false;
    libprocess = false;
  }

  @Override
  void add(KnownField.Role role, byte[] line, int from, int to) throws Rejection {
    switch (role) {
      case HOST -> {
        if (++hosts > 1) {
          throw HOSTS;
        }
        if (!HostField.isLegal(line, from, to)) {
          throw BAD_HOST;
        }
      }
      case EXPECT -> {
        if (!Ascii.equalsIgnoreCase(line, from, to, "100-continue")) {
          throw EXPECTATION;
        }
        expectsContinue = true;
      }
      case LIBPROCESS_FROM -> libprocess = true;
      case USER_AGENT ->
          libprocess |=
              to - from >= AGENT.length()
                  && Ascii.equalsIgnoreCase(line, from, from + AGENT.length(), AGENT);
      default -> super.add(role, line, from, to);
    }
  }

  @Override
  void check(Version version) throws Rejection {
    if (hosts == 0 && version == Version.HTTP_1_1) {
      throw NO_HOST;
    }
    super.check(version);
  }

  /** Whether the fields are those of a message between processes. */
  boolean isOfProcess() {
    return libprocess;
  }

  /**
   * Whether the client expects an interim response. HTTP/1.0 knows none, so there the expectation
   * means nothing.
   */
  boolean expectsContinue(Version version) {
    return expectsContinue && version == Version.HTTP_1_1 && (isChunked() || length() > 0);
  }
}
