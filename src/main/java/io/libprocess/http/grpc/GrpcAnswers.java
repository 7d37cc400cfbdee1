package io.libprocess.http.grpc;

import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.Version;
import io.libprocess.stream.Chunk;

/**
 * The answers of a server to calls of gRPC that it refuses itself: in kind, which is a head that
 * also has the status. The text of the refusal, if it is a short one, becomes the message.
 */
public final class GrpcAnswers {

  /** The type of the content of requests and responses. */
  public static final String TYPE = "application/grpc";

  private static final int MOST_TEXT = 1 << 10;
  private static final int ERROR = 400;
  private static final int NO_METHOD = 405;
  private static final int NO_TYPE = 415;

  private GrpcAnswers() {}

  /** Whether a type of content is that of gRPC, perhaps with a suffix such as {@code +proto}. */
  public static boolean isType(String type) {
    return type.regionMatches(true, 0, TYPE, 0, TYPE.length())
        && (type.length() == TYPE.length() || "+; ".indexOf(type.charAt(TYPE.length())) >= 0);
  }

  /** Whether a response is a head alone that has the status, so that no length is to be stated. */
  public static boolean isTrailersOnly(Response response) {
    return response.body() instanceof Body.Empty && response.headers().contains("grpc-status");
  }

  /** Whether a request is a call of gRPC. */
  public static boolean isCall(Request request) {
    return request.version() == Version.HTTP_2
        && isType(request.headers().first("content-type", ""));
  }

  /**
   * The answer to a request of HTTP/2, which is another one if it is a refusal of a call of gRPC.
   * That a request is no such call, by its method or type, is said as HTTP does.
   */
  public static Response inKind(Request request, Response answer) {
    return answer.status().code() >= ERROR && request.version() == Version.HTTP_2
        ? inKind(request.headers(), answer)
        : answer;
  }

  /** Does the same for a request of HTTP/2 with some fields. */
  public static Response inKind(Headers fields, Response answer) {
    int status = answer.status().code();
    String type = fields.first("content-type", "");
    boolean refusal = status >= ERROR && status != NO_METHOD && status != NO_TYPE;
    return refusal && isType(type) && !answer.headers().contains("grpc-status")
        ? inKind(type, answer)
        : answer;
  }

  private static Response inKind(String type, Response refusal) {
    Headers.Builder headers =
        refusal.headers().without("content-length").without("content-encoding").toBuilder();
    headers.set("content-type", type);
    headers.set("grpc-status", Integer.toString(GrpcCode.ofRefusal(refusal.status().code())));
    headers.set("grpc-message", GrpcText.encode(text(refusal)));
    if (refusal.body() instanceof Body.Streamed unsent) {
      unsent.refuse();
    }
    return new Response(Status.OK, headers.build(), Body.empty());
  }

  private static String text(Response refusal) {
    Chunk content = refusal.body() instanceof Body.Bytes bytes ? bytes.content() : Chunk.empty();
    return content.isEmpty() || content.size() > MOST_TEXT
        ? refusal.status().toString()
        : content.utf8();
  }
}
