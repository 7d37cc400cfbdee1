package io.libprocess.web;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.security.FirewallRule;
import io.libprocess.http.security.Security;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The access control of the routes of a node's processes: the realms with their authenticators, the
 * authorization of routes, and the firewall. All methods may be called from any thread, and apply
 * to requests that arrive later.
 */
public final class AccessControl implements Security {

  /** The realms of built-in endpoints, which are open unless they are given an authenticator. */
  private static final List<String> OPEN_AT_FIRST =
      List.of("libprocess-readonly", "libprocess-readwrite");

  private final Optional<String> delegate;
  private final Firewall firewall;
  private final Firewall messageFirewall;
  private final FailureAnswers failures;
  private final Map<String, Optional<Authenticator>> realms = new ConcurrentHashMap<>();

  private volatile Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>>
      authorization = Map.of(); // By canonical path.

  /**
   * Makes the initial access control of a node.
   *
   * @param delegate the id of the process that gets requests whose paths name no process
   * @param open the realms without an authenticator
   * @param failures what is answered when a handler fails
   */
  public AccessControl(
      Map<String, Authenticator> authenticators,
      Collection<String> open,
      Optional<String> delegate,
      FailureAnswers failures) {
    this.delegate = delegate;
    this.failures = failures;
    firewall = new Firewall(delegate);
    messageFirewall = new Firewall(delegate);
    OPEN_AT_FIRST.forEach(this::openRealm);
    open.forEach(this::openRealm);
    authenticators.forEach(this::setAuthenticator);
  }

  /** The firewall. */
  Firewall firewall() {
    return firewall;
  }

  @Override
  public void setFirewall(List<FirewallRule> rules) {
    firewall.set(rules);
  }

  @Override
  public FirewallRule disabledEndpoints(String... paths) {
    return firewall.disabled(List.of(paths));
  }

  @Override
  public void setMessageFirewall(List<FirewallRule> rules) {
    messageFirewall.set(rules);
  }

  /** The firewall for messages of other nodes. */
  public Firewall messageFirewall() {
    return messageFirewall;
  }

  /** The answers to requests whose handler fails. */
  FailureAnswers failures() {
    return failures;
  }

  /* ---------------- Realms ---------------- */

  @Override
  public void setAuthenticator(String realm, Authenticator authenticator) {
    requireNonNull(authenticator, "authenticator");
    realms.put(requireNonNull(realm, "realm"), Optional.of(authenticator));
  }

  @Override
  public void openRealm(String realm) {
    realms.put(requireNonNull(realm, "realm"), Optional.empty());
  }

  /**
   * Refuses a realm that was neither given an authenticator nor opened.
   *
   * @throws IllegalStateException if the realm is refused
   */
  void checkRealm(String realm) {
    if (!realms.containsKey(realm)) {
      throw new IllegalStateException(
          "the realm '" + realm + "' has no authenticator and has not been opened");
    }
  }

  /** The authenticator of a realm; empty if it is open. */
  Optional<Authenticator> authenticator(String realm) {
    return realms.get(realm);
  }

  /* ---------------- Authorization ---------------- */

  @Override
  public void setAuthorization(
      Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>> callbacks) {
    Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>> canonical =
        new HashMap<>();
    callbacks.forEach(
        (path, callback) -> {
          if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path must start with '/': '" + path + "'");
          }
          requireNonNull(callback, path);
          if (canonical.put(CanonicalPath.of(path), callback) != null) {
            throw new IllegalArgumentException("two callbacks for the path '" + path + "'");
          }
        });
    authorization = canonical;
  }

  @Override
  public void unsetAuthorization() {
    authorization = Map.of();
  }

  boolean hasAuthorization() {
    return !authorization.isEmpty();
  }

  /**
   * Whether a request may go on to a route of a process.
   *
   * @param route the canonical path of the route below the process; empty for the process itself
   * @return failed if the callback throws
   */
  Future<Boolean> authorize(
      String id, String route, Request request, Optional<Principal> principal) {
    Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>> callbacks =
        authorization;
    CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>> callback =
        callbacks.get("/" + CanonicalPath.encoded(id) + route);
    if (callback == null && delegate.filter(id::equals).isPresent()) {
      callback = callbacks.get(route.isEmpty() ? "/" : route);
    }
    if (callback == null) {
      return Future.of(true);
    }
    CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>> asked = callback;
    return Future.of(request).then(about -> asked.apply(about, principal));
  }
}
