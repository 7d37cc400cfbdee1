package io.libprocess.http.security;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.security.AuthenticationResult.Authenticated;
import io.libprocess.http.security.AuthenticationResult.Forbidden;
import io.libprocess.http.security.AuthenticationResult.Unauthorized;
import io.libprocess.internal.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A combination of several authenticators, which are asked one after the other until one finds a
 * principal. If none does, the client gets the challenges of all that answered 401; if none
 * answered that, the refusals of those that answered 403; and if all failed, their failures.
 */
public final class CombinedAuthenticator implements Authenticator {

  private final List<Authenticator> authenticators;

  /**
   * Combines authenticators.
   *
   * @param authenticators the authenticators, in the order in which to ask them
   * @throws IllegalArgumentException if there is none
   */
  public CombinedAuthenticator(List<Authenticator> authenticators) {
    this.authenticators = List.copyOf(authenticators);
    if (authenticators.isEmpty()) {
      throw new IllegalArgumentException("no authenticators to combine");
    }
  }

  /**
   * The outcome of one authenticator: a result or a failure.
   *
   * @param hidden the cause of a failure, which clients must not see; or null
   */
  private record Attempt(
      String scheme, AuthenticationResult result, String failure, Throwable hidden) {

    String report(String text) {
      return "\"" + scheme + "\" authenticator returned:\n" + text;
    }
  }

  @Override
  public Future<AuthenticationResult> authenticate(Request request) {
    return ask(request, new ArrayList<>());
  }

  /** Asks the next authenticator; the list holds the outcomes of the ones before it. */
  private Future<AuthenticationResult> ask(Request request, List<Attempt> attempts) {
    if (attempts.size() == authenticators.size()) {
      return merged(attempts);
    }
    Authenticator next = authenticators.get(attempts.size());
    return Future.of(request)
        .then(next::authenticate)
        .map(result -> attempt(next, result))
        .recover(
            ended ->
                ended.hasDiscard() // The client is gone, so no other authenticator is asked.
                    ? Future.discarded()
                    : Future.of(failed(next, ended)))
        .then(
            attempt -> {
              if (attempt.result instanceof Authenticated) {
                return Future.of(attempt.result);
              }
              attempts.add(attempt);
              return ask(request, attempts);
            });
  }

  private static Attempt attempt(Authenticator authenticator, AuthenticationResult result) {
    return new Attempt(
        authenticator.scheme(), result, result == null ? "the result is null" : null, null);
  }

  private static Attempt failed(Authenticator authenticator, Future<?> ended) {
    Throwable failure = ended.isFailed() ? ended.failure() : null;
    boolean isOpen = failure == null || failure instanceof Failure && failure.getCause() == null;
    return new Attempt(authenticator.scheme(), null, failure(ended), isOpen ? null : failure);
  }

  private static String failure(Future<?> ended) {
    if (ended.isFailed()) {
      Throwable failure = ended.failure();
      return failure instanceof Failure ? Reason.message(failure) : Reason.description(failure);
    }
    return ended.isDiscarded() ? "discarded" : "abandoned";
  }

  private static Future<AuthenticationResult> merged(List<Attempt> attempts) {
    List<String> challenges = new ArrayList<>();
    List<String> unauthorized = new ArrayList<>();
    List<String> forbidden = new ArrayList<>();
    for (Attempt attempt : attempts) {
      if (attempt.result instanceof Unauthorized refusal) {
        challenges.addAll(refusal.challenges());
        unauthorized.add(attempt.report(refusal.text()));
      } else if (attempt.result instanceof Forbidden refusal) {
        forbidden.add(attempt.report(refusal.text()));
      }
    }
    if (!unauthorized.isEmpty()) {
      return Future.of(
          new Unauthorized(
              List.of(String.join(",", challenges)), String.join("\n\n", unauthorized)));
    }
    if (!forbidden.isEmpty()) {
      return Future.of(new Forbidden(String.join("\n\n", forbidden)));
    }
    String text =
        attempts.stream()
            .map(attempt -> attempt.report(attempt.failure))
            .collect(Collectors.joining("\n\n"));
    Throwable hidden =
        attempts.stream().map(Attempt::hidden).filter(Objects::nonNull).findFirst().orElse(null);
    return Future.failed(new Failure(text, hidden)); // With a cause it is only for the log.
  }

  @Override
  public boolean needsBody() {
    return authenticators.stream().anyMatch(Authenticator::needsBody);
  }

  /** The schemes of all, with blanks between them. */
  @Override
  public String scheme() {
    return authenticators.stream().map(Authenticator::scheme).collect(Collectors.joining(" "));
  }

  @Override
  public String toString() {
    return "CombinedAuthenticator " + authenticators;
  }
}
