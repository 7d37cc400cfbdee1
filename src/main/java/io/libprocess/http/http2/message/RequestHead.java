package io.libprocess.http.http2.message;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Version;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.RequestAccess;
import io.libprocess.net.Address;

/**
 * The head of a request, which is valid.
 *
 * @param pathEnd the end of the path in the target
 * @param held the approximate number of bytes of memory that it takes
 * @param length the announced length of the body, or {@link
 *     io.libprocess.http.grammar.ContentLength#UNKNOWN}
 * @param expectsContinue whether the client waits for an interim response before it sends the body
 * @param priority the value of the field of that name, or null
 */
public record RequestHead(
    String method,
    String target,
    int pathEnd,
    int held,
    Headers headers,
    long length,
    boolean expectsContinue,
    String priority) {

  private static final RequestAccess<Request, Version, Headers, Body, Address, Principal> REQUESTS =
      Access.to(Request.class);

  /** The request, with the body that its reader will see. */
  public Request request(Body body, Future<Headers> trailers, Address client, long received) {
    return REQUESTS.request(
        method, target, pathEnd, Version.HTTP_2, true, headers, body, trailers, client, received);
  }
}
