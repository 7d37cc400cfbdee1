package io.libprocess.http.security;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Future;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.Credentials;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Authenticates by user names and passwords, which the client sends with each request (RFC 7617). A
 * principal's value is the user's name. The credentials are not encrypted, so use this over TLS or
 * on a trusted network.
 *
 * <p>All text is UTF-8. A password may contain colons, a user name may not.
 */
public final class BasicAuthenticator implements Authenticator {

  private static final String SCHEME = "Basic";
  private static final int MOST_CHARACTERS = 8192; // The encoded credentials' limit.

  private final String challenge;
  private final CheckedBiFunction<String, String, Future<Boolean>> verify;

  /**
   * Makes an authenticator that knows some users. Passwords are compared in a time that does not
   * depend on them.
   *
   * @param realm the purpose of the password, which the client shows to the user
   * @param passwords the passwords by user; only their digests are kept
   * @throws IllegalArgumentException if a user name contains a colon, or the realm cannot be quoted
   */
  public BasicAuthenticator(String realm, Map<String, String> passwords) {
    this(realm, new Passwords(passwords)::verify);
  }

  /**
   * Makes an authenticator that asks a function whether a user and a password belong together.
   *
   * @param realm the purpose of the password, which the client shows to the user
   * @param verify the function, given the user and the password; called by several threads at once,
   *     must not block, and should take the same time for users that do not exist
   * @throws IllegalArgumentException if the realm cannot be quoted
   */
  public BasicAuthenticator(
      String realm, CheckedBiFunction<String, String, Future<Boolean>> verify) {
    challenge = Challenge.of(SCHEME, realm).toString();
    this.verify = requireNonNull(verify, "verify");
  }

  /** The digests of passwords, all of one length, so that comparing them reveals nothing. */
  private static final class Passwords {
    private final Map<String, byte[]> digests = new HashMap<>();
    private final byte[] nobody = new byte[32]; // The digest of no known password.

    Passwords(Map<String, String> passwords) {
      passwords.forEach(
          (user, password) -> {
            if (user.indexOf(':') >= 0) {
              throw new IllegalArgumentException("a user name with a colon: '" + user + "'");
            }
            digests.put(user, digest(password));
          });
    }

    Future<Boolean> verify(String user, String password) {
      byte[] known = digests.get(user);
      byte[] given = digest(password);
      return Future.of(
          MessageDigest.isEqual(known == null ? nobody : known, given) && known != null);
    }

    private static byte[] digest(String password) {
      try {
        return MessageDigest.getInstance("SHA-256")
            .digest(password.getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
    }
  }

  @Override
  public Future<AuthenticationResult> authenticate(Request request) {
    Optional<String> decoded =
        Credentials.of(request.headers().all("Authorization")).flatMap(BasicAuthenticator::decode);
    int colon = decoded.map(text -> text.indexOf(':')).orElse(-1);
    if (colon < 0) {
      return Future.of(refusal());
    }
    String user = decoded.get().substring(0, colon);
    String password = decoded.get().substring(colon + 1);
    return Future.of(password)
        .then(given -> verify.apply(user, given))
        .map(valid -> valid ? AuthenticationResult.of(Principal.of(user)) : refusal());
  }

  private AuthenticationResult refusal() {
    return AuthenticationResult.unauthorized(challenge);
  }

  /** Decodes {@code user:password}; empty if the credentials have another form. */
  static Optional<String> decode(Credentials credentials) {
    if (!credentials.isOf(SCHEME) || credentials.token().length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(credentials.token()));
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean needsBody() {
    return false;
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  /** The challenge, without users and passwords. */
  @Override
  public String toString() {
    return "BasicAuthenticator " + challenge;
  }
}
