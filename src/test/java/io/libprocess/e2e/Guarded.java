package io.libprocess.e2e;

import io.libprocess.Config;
import io.libprocess.Process;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.security.BasicAuthenticator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Routes with and without a realm, which answer with the principal and log the requests they get.
 */
final class Guarded extends Process<Guarded> {

  static final String REALM = "realm";

  final BlockingQueue<String> handled = new LinkedBlockingQueue<>();
  private final CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler;

  Guarded(String id) {
    this(
        id,
        (request, principal) ->
            Future.of(Response.ok(principal.map(Principal::toString).orElse("nobody"))));
  }

  Guarded(String id, CheckedBiFunction<Request, Optional<Principal>, Future<Response>> handler) {
    super(id);
    this.handler = handler;
  }

  @Override
  protected void initialize() {
    route("/", "Open.", request -> handle(request, Optional.empty()));
    route("/open", "Open.", request -> handle(request, Optional.empty()));
    route(Route.at("/auth").realm(REALM).help("Guarded."), this::handle);
    route(Route.at("/auth/below").realm(REALM).help("Guarded, too."), this::handle);
    route(Route.at("/stream").realm(REALM).streaming().help("Guarded."), this::handle);
  }

  private Future<Response> handle(Request request, Optional<Principal> principal) throws Exception {
    handled.add(request.target());
    return handler.apply(request, principal);
  }

  /** A configuration that lets only those into a realm who know the password. */
  static Config.Builder configWithPasswordFor(String realm) {
    return Config.builder()
        .authenticator(realm, new BasicAuthenticator(realm, Map.of("ann", "secret")));
  }

  /** An authenticator that gives the same result for all requests. */
  static Authenticator saying(AuthenticationResult result) {
    return Authenticator.of("Test", request -> Future.of(result));
  }
}
