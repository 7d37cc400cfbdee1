package io.libprocess.grpc;

import io.libprocess.context.Deadline;
import io.libprocess.http.Headers;
import io.libprocess.http.grpc.GrpcCode;
import io.libprocess.http.grpc.GrpcTimeout;
import io.libprocess.http.grpc.GrpcWireException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the fields of a call say.
 *
 * @param metadata what the caller has sent along
 * @param deadline when the call is given up: by its own time, or that of the request for which it
 *     is made
 * @param isGzip whether messages may be compressed
 * @param callerTakesGzip whether replies may be compressed
 */
record CallHead(
    GrpcMetadata metadata, Optional<Deadline> deadline, boolean isGzip, boolean callerTakesGzip) {

  static final String GZIP = "gzip";
  static final String ENCODINGS = "identity,gzip";

  /** What fields say that have come now. */
  static CallHead of(Headers fields, Instant now) throws GrpcWireException {
    Optional<Deadline> own = Optional.empty();
    Optional<String> timeout = fields.first("grpc-timeout");
    if (timeout.isPresent()) {
      Optional<Duration> parsed = GrpcTimeout.parse(timeout.get());
      if (parsed.isEmpty()) {
        throw new GrpcWireException(
            GrpcCode.INTERNAL, "not a time: grpc-timeout '" + timeout.get() + "'");
      }
      own = Optional.of(Deadline.after(now, parsed.get()));
    }
    Optional<Deadline> outer = Deadline.current();
    Optional<Deadline> deadline =
        own.isPresent() && outer.isPresent()
            ? own.map(outer.get()::combined)
            : own.isPresent() ? own : outer;
    return new CallHead(
        GrpcMetadata.in(fields),
        deadline,
        isGzip(fields, GrpcCode.UNIMPLEMENTED),
        takesGzip(fields));
  }

  /**
   * Whether messages may be compressed.
   *
   * @param code the status if they are in a way that is not known
   */
  static boolean isGzip(Headers fields, int code) throws GrpcWireException {
    String encoding = fields.first("grpc-encoding", "identity");
    if (!encoding.equals(GZIP) && !encoding.equals("identity")) {
      throw new GrpcWireException(code, "the encoding '" + encoding + "' is not known");
    }
    return encoding.equals(GZIP);
  }

  private static boolean takesGzip(Headers fields) {
    for (String one : fields.joined("grpc-accept-encoding").orElse("").split(",")) {
      if (one.strip().equals(GZIP)) {
        return true;
      }
    }
    return false;
  }
}
