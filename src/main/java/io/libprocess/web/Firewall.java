package io.libprocess.web;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.http.security.FirewallRule;
import io.libprocess.internal.Log;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The firewall rules of a node, for requests or for messages. All methods may be called from any
 * thread.
 */
public final class Firewall {

  private final Optional<String> delegate; // With a slash in front.

  private volatile List<FirewallRule> rules = List.of();

  /**
   * Makes a firewall without rules.
   *
   * @param delegate the id of the process that gets requests whose paths name no process
   */
  public Firewall(Optional<String> delegate) {
    this.delegate = delegate.map(id -> "/" + CanonicalPath.encoded(id));
  }

  /** Sets the rules for later requests, in order, in place of the previous ones. */
  public void set(List<FirewallRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Makes a rule that answers requests for some paths with 403. A path without the delegate's id
   * also applies to the delegate, whatever processes there are.
   *
   * @throws IllegalArgumentException if a path does not start with a slash, or has an escape that
   *     is malformed
   */
  public FirewallRule disabled(List<String> paths) {
    Set<String> disabled = new HashSet<>();
    for (String path : paths) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("a path must start with '/': '" + path + "'");
      }
      disabled.add(CanonicalPath.of(path));
    }
    return (request, path) ->
        disabled.contains(path) || isOfDelegate(path) && disabled.contains(withoutDelegate(path))
            ? Optional.of(Response.forbidden("Endpoint '" + path + "' is disabled"))
            : Optional.empty();
  }

  private boolean isOfDelegate(String path) {
    if (delegate.isEmpty() || !path.startsWith(delegate.get())) {
      return false;
    }
    int end = delegate.get().length();
    return path.length() == end || path.charAt(end) == '/';
  }

  private String withoutDelegate(String path) {
    String below = path.substring(delegate.orElseThrow().length());
    return below.isEmpty() ? "/" : below;
  }

  /** Whether there are no rules. */
  public boolean isEmpty() {
    return rules.isEmpty();
  }

  /**
   * The answer of the first rule that rejects a request for a canonical path; empty if none does.
   */
  public Optional<Response> objection(Request request, String path) {
    for (FirewallRule rule : rules) {
      try {
        Optional<Response> objection = rule.apply(request, path);
        if (objection.isPresent()) {
          return objection;
        }
      } catch (Throwable thrown) {
        Log.error(() -> "A firewall rule threw for " + request.method() + " " + path, thrown);
        return Optional.of(Response.internalServerError());
      }
    }
    return Optional.empty();
  }
}
