package io.libprocess;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Authenticator;
import io.libprocess.http.FirewallRule;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Route;
import io.libprocess.web.AccessControl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which HTTP requests a node lets through to its processes: firewall rules first, then the
 * authenticator of the route's realm, then the authorization of the route. Messages between
 * processes are not asked about.
 *
 * <p>All decisions are made about the canonical path of a request, in which escapes are decoded and
 * neither slashes at the end nor several in a row count; so another spelling of a path leads past
 * nothing. It does not matter whether the processes that paths name live when rules are set.
 *
 * <p>All methods may be called from any thread, and hold for requests that come later.
 */
public final class Security {

  private final AccessControl access;

  Security(AccessControl access) {
    this.access = access;
  }

  /* ---------------- Who ---------------- */

  /**
   * Lets an authenticator find out who makes requests for the routes of a realm, in place of the
   * one there was. {@link Config.Builder#authenticator} does this before the first request can
   * come.
   */
  public void setAuthenticator(String realm, Authenticator authenticator) {
    access.setAuthenticator(realm, authenticator);
  }

  /**
   * Lets everybody use the routes of a realm; their handlers get no principal. A realm that has
   * neither an authenticator nor been opened cannot be used: {@link Process#route(Route,
   * CheckedBiFunction)} refuses it. The realms of built-in endpoints, {@code libprocess-readonly}
   * and {@code libprocess-readwrite}, are open at first. (libprocess: {@code unsetAuthenticator}.)
   */
  public void openRealm(String realm) {
    access.open(realm);
  }

  /* ---------------- What ---------------- */

  /**
   * Asks callbacks whether requests may go on, in place of those there were. A callback runs in the
   * process whose route it is, when the body has arrived, unless the route streams, and the
   * principal is known. On false the request is answered with 403, on a failure with 500.
   * (libprocess: {@code setCallbacks}.)
   *
   * @param callbacks by path: {@code /id/path}, where the path is that of a route, and the callback
   *     is asked about all requests that this route answers, also for paths below; {@code /id} for
   *     the route {@code /}. For {@linkplain Process#provide(String, Path) provided} files it is
   *     {@code /id/name}. A path that is not found with the delegate's id is looked up without it.
   *     The principal is empty for a route without a realm, and for an open realm
   * @throws IllegalArgumentException if a path does not start with a slash, has a malformed escape,
   *     or is but another spelling of another one
   */
  public void setAuthorization(
      Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>> callbacks) {
    access.setAuthorization(callbacks);
  }

  /** Asks nobody any more. */
  public void unsetAuthorization() {
    access.setAuthorization(Map.of());
  }

  /* ---------------- Firewall ---------------- */

  /**
   * Asks rules about every HTTP request, in order, until one answers it; in place of those there
   * were. Filters see a request, and its body is read, only after that. (libprocess: {@code
   * firewall::install}.)
   *
   * @param rules empty to let everything through again
   */
  public void setFirewall(List<FirewallRule> rules) {
    access.firewall().set(rules);
  }

  /**
   * A rule that answers requests for some paths with 403, and with them all requests that a route
   * of such a path answers, and those for files in provided directories of such a path. What
   * another route answers is not disabled by a path above it. (libprocess: {@code
   * DisabledEndpointsFirewallRule}.)
   *
   * @param paths {@code /id/path} in any spelling; a path without the delegate's id is meant for
   *     the delegate, too
   * @throws IllegalArgumentException if a path does not start with a slash, or has a malformed
   *     escape
   */
  public FirewallRule disabledEndpoints(String... paths) {
    return access.firewall().disabled(List.of(paths));
  }
}
