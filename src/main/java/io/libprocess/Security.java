package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Authenticator;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.Log;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which HTTP requests a node lets through to its processes: firewall rules first, then the
 * authenticator of the route's realm, then the authorization of the route. Messages between
 * processes are not asked about; files that a process provides are asked about at the firewall
 * only.
 *
 * <p>All methods may be called from any thread, and hold for requests that come later.
 */
public final class Security {

  private final Node node;
  private final Map<String, Authenticator> authenticators;

  private volatile Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>>
      authorization = Map.of();
  private volatile List<FirewallRule> firewall = List.of();

  Security(Node node) {
    this.node = node;
    authenticators = new ConcurrentHashMap<>(node.config().authenticators());
  }

  /* ---------------- Who ---------------- */

  /**
   * Lets an authenticator find out who makes requests for the routes of a realm, in place of the
   * one there was. {@link Config.Builder#authenticator} does this before the first request can
   * come.
   */
  public void setAuthenticator(String realm, Authenticator authenticator) {
    authenticators.put(
        requireNonNull(realm, "realm"), requireNonNull(authenticator, "authenticator"));
  }

  /** Lets everybody use the routes of a realm again; their handlers get no principal. */
  public void unsetAuthenticator(String realm) {
    authenticators.remove(requireNonNull(realm, "realm"));
  }

  /** The authenticator of a realm. */
  Optional<Authenticator> authenticator(String realm) {
    return Optional.ofNullable(authenticators.get(realm));
  }

  /* ---------------- What ---------------- */

  /**
   * Asks callbacks whether requests for routes may go on, in place of those there were. A callback
   * runs in the process whose route it is, when the body has arrived, unless the route streams, and
   * the principal is known. On false the request is answered with 403, on a failure with 500.
   * (libprocess: {@code setCallbacks}.)
   *
   * @param callbacks by route: {@code /id/path}, of the route itself and not of what is below it,
   *     and {@code /id/} for the route {@code /}. The principal is empty for a route without a
   *     realm, and for a realm without an authenticator
   */
  public void setAuthorization(
      Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>> callbacks) {
    authorization = Map.copyOf(callbacks);
  }

  /** Asks nobody any more. */
  public void unsetAuthorization() {
    authorization = Map.of();
  }

  boolean hasAuthorization() {
    return !authorization.isEmpty();
  }

  /** Whether a request may go on to a route of a process. */
  Future<Boolean> authorize(
      String id, String route, Request request, Optional<Principal> principal) {
    CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>> callback =
        authorization.get("/" + id + route);
    return callback == null
        ? Future.of(true)
        : Future.of(request).then(asked -> callback.apply(asked, principal));
  }

  /* ---------------- Firewall ---------------- */

  /**
   * Asks rules about every HTTP request, in order, until one answers it; in place of those there
   * were. The process is then not told. (libprocess: {@code firewall::install}.)
   *
   * @param rules empty to let everything through again
   */
  public void setFirewall(List<FirewallRule> rules) {
    firewall = List.copyOf(rules);
  }

  /**
   * A rule that answers requests for some paths with 403: for the very paths, not for what is below
   * or above them. Slashes at the end do not count. (libprocess: {@code
   * DisabledEndpointsFirewallRule}.)
   *
   * @param paths {@code /id/path}; if no process with this id lives now and there is a delegate,
   *     they are the delegate's
   * @throws IllegalArgumentException if a path does not start with a slash
   */
  public FirewallRule disabledEndpoints(String... paths) {
    Set<String> disabled = new HashSet<>();
    for (String path : paths) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("a path must start with '/': '" + path + "'");
      }
      int slash = path.indexOf('/', 1);
      boolean isOfProcess = node.find(path.substring(1, slash < 0 ? path.length() : slash)) != null;
      disabled.add(withoutEnd(isOfProcess ? path : prefixed(path)));
    }
    return (request, path) ->
        disabled.contains(path)
            ? Optional.of(Response.forbidden("Endpoint '" + path + "' is disabled"))
            : Optional.empty();
  }

  private String prefixed(String path) {
    return node.config().delegate().map(id -> "/" + id + path).orElse(path);
  }

  private static String withoutEnd(String path) {
    int end = path.length();
    while (end > 1 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  boolean hasFirewall() {
    return !firewall.isEmpty();
  }

  /**
   * The answer of the first rule that objects.
   *
   * @param id the process, or null if the path names none that lives
   * @param below the path below the process, or else the whole path
   */
  Optional<Response> objection(Request request, String id, String below) {
    String path = withoutEnd(id == null ? prefixed(below) : "/" + id + below);
    for (FirewallRule rule : firewall) {
      try {
        Optional<Response> objection = rule.apply(request, path);
        if (objection.isPresent()) {
          return objection;
        }
      } catch (RuntimeException e) {
        Log.error("A firewall rule threw at " + request, e);
        return Optional.of(Response.internalServerError());
      }
    }
    return Optional.empty();
  }
}
