package io.libprocess.http.security;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which HTTP requests reach a node's processes: firewall rules come first, then the
 * authenticator of the route's realm, then the authorization of the route. For messages of other
 * nodes there are {@linkplain #setMessageFirewall rules of their own}; nothing else affects them.
 *
 * <p>All decisions are made about the canonical path of a request, in which escapes are decoded,
 * and trailing and repeated slashes are ignored; so no rule can be evaded by spelling a path
 * differently. The processes that paths name need not exist when rules are set.
 *
 * <p>All methods may be called from any thread, and apply to requests that arrive later. A node
 * implements this; users only call it.
 */
public interface Security {

  /* ---------------- Authentication ---------------- */

  /**
   * Sets the authenticator that identifies the clients of a realm's routes, in place of the
   * previous one. {@link io.libprocess.Config.Builder#authenticator} does this before the first
   * request can arrive.
   */
  void setAuthenticator(String realm, Authenticator authenticator);

  /**
   * Opens the routes of a realm to everybody; their handlers get no principal. A realm that has
   * neither an authenticator nor been opened cannot be used: {@link
   * io.libprocess.Process#route(Route, CheckedBiFunction)} refuses it. The realms of built-in
   * endpoints, {@code libprocess-readonly} and {@code libprocess-readwrite}, are open initially.
   * (libprocess: {@code unsetAuthenticator}.)
   */
  void openRealm(String realm);

  /* ---------------- Authorization ---------------- */

  /**
   * Sets callbacks that decide whether requests may go on, in place of the previous ones. A
   * callback runs in the process that has the route, when the principal is known and, unless the
   * route streams, the body has arrived. If the callback says false, the request is answered with
   * 403; if it fails, with 500. (libprocess: {@code setCallbacks}.)
   *
   * @param callbacks by path: {@code /id/path}, where the path is that of a route, and the callback
   *     decides about all requests that this route answers, including those for paths below it;
   *     {@code /id} for the route {@code /}. For {@linkplain io.libprocess.Process#provide(String,
   *     Path) provided} files it is {@code /id/name}. A path that is not found with the delegate's
   *     id is looked up without it. The principal is empty for a route without a realm, and for an
   *     open realm
   * @throws IllegalArgumentException if a path does not start with a slash, has a malformed escape,
   *     or is only another spelling of one that is also given
   */
  void setAuthorization(
      Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>> callbacks);

  /** Removes all authorization callbacks. */
  void unsetAuthorization();

  /* ---------------- Firewall ---------------- */

  /**
   * Sets the rules that are asked about every HTTP request, in order, until one answers it; they
   * replace the previous ones. Only after that do filters see a request, and is its body read.
   * (libprocess: {@code firewall::install}.)
   *
   * @param rules empty to let everything through again
   */
  void setFirewall(List<FirewallRule> rules);

  /**
   * Sets the rules that are asked about every message from another node, in order, until one
   * answers it, which refuses it; they replace the previous ones. The sender learns that as {@link
   * io.libprocess.Delivery#REFUSED}. A rule sees the POST that the message is, with the {@linkplain
   * Request#client address} of the node that sends it, and the path {@code /id/name} of the
   * receiver and the message. It is also asked about what nodes tell each other of links, with
   * paths that begin with {@code /__}: where that is refused, links do not work. A node that only
   * serves HTTP takes no messages with the rule {@code (request, path) ->
   * Optional.of(Response.forbidden())}. (libprocess has no such thing: its rules are for requests.)
   *
   * @param rules empty to let everything through again
   */
  void setMessageFirewall(List<FirewallRule> rules);

  /**
   * Makes a rule that answers requests for some paths with 403, including all requests that a route
   * of such a path answers, and those for files in provided directories of such a path. A request
   * that another route answers is not disabled by a path above it. (libprocess: {@code
   * DisabledEndpointsFirewallRule}.)
   *
   * @param paths the paths, as {@code /id/path} in any spelling; a path without the delegate's id
   *     also applies to the delegate
   * @throws IllegalArgumentException if a path does not start with a slash, or has a malformed
   *     escape
   */
  FirewallRule disabledEndpoints(String... paths);
}
