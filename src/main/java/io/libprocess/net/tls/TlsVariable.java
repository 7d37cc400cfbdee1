package io.libprocess.net.tls;

import io.libprocess.settings.Setting;
import io.libprocess.settings.Syntax;
import io.libprocess.settings.Variables;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The variables {@code LIBPROCESS_SSL_...}: those of libprocess, plus a time-out; variables whose
 * features are no longer available are refused by name. The old prefix {@code SSL_} is not read.
 */
public final class TlsVariable {

  private static final String PREFIX = "LIBPROCESS_SSL_";
  private static final String ENABLED = "ENABLED";
  private static final String CERT_FILE = "CERT_FILE";
  private static final String KEY_FILE = "KEY_FILE";

  private static final String NO_OLD_TLS = "not supported: only TLS 1.2 and 1.3 are";
  private static final String NO_LEGACY_SCHEME =
      "openssl; the legacy scheme, which asks the DNS, is not supported";

  private static final List<Setting<Draft>> ALL =
      List.of(
          bool(ENABLED, "false", "whether to speak TLS", (draft, on) -> draft.enabled = on),
          bool(
              "SUPPORT_DOWNGRADE",
              "false",
              "accept plain connections as well, and send without TLS if TLS fails",
              (draft, on) -> draft.settings.downgrade = on),
          path(CERT_FILE, "the certificate with its chain", (draft, p) -> draft.certificates = p),
          path(KEY_FILE, "the private key", (draft, p) -> draft.key = p),
          bool(
              "VERIFY_CERT",
              "true",
              "verify servers and their names",
              (draft, on) -> draft.settings.verifyServer = on),
          bool(
              "VERIFY_SERVER_CERT",
              "true",
              "verify servers and their names",
              (draft, on) -> draft.settings.verifyServer = on),
          bool("REQUIRE_CERT", "false", "as REQUIRE_CLIENT_CERT", Draft::requireClient),
          bool(
              "REQUIRE_CLIENT_CERT",
              "false",
              "demand and verify certificates of clients",
              Draft::requireClient),
          bool(
              "VERIFY_IPADD",
              "true",
              "whether a server known only by its IP needs a certificate for that IP",
              (draft, on) -> draft.settings.verifyIp = on),
          of(
              "VERIFICATION_DEPTH",
              Syntax.count(0, Integer.MAX_VALUE),
              "4",
              "certificates between a peer's and an authority's",
              (draft, depth) -> draft.settings.verificationDepth = depth),
          path("CA_DIR", "authorities to trust", (draft, p) -> draft.settings.authorities.add(p)),
          path("CA_FILE", "authorities to trust", (draft, p) -> draft.settings.authorities.add(p)),
          of(
              "CIPHERS",
              Syntax.list(':'),
              "",
              "cipher suites for TLS 1.2, best first; if empty, those with forward secrecy and AEAD",
              (draft, names) -> draft.settings.ciphers = names),
          of(
              "ECDH_CURVES",
              Syntax.list(':'),
              "auto",
              "curves for the key exchange, best first",
              Draft::curves),
          of(
              "HOSTNAME_VALIDATION_SCHEME",
              Syntax.text().that(NO_LEGACY_SCHEME, "openssl"::equals),
              "openssl",
              "how names of hosts are verified",
              (draft, scheme) -> {}),
          old("ENABLE_SSL_V3"),
          old("ENABLE_TLS_V1_0"),
          old("ENABLE_TLS_V1_1"),
          bool("ENABLE_TLS_V1_2", "true", "speak TLS 1.2", (draft, on) -> draft.tls12 = on),
          bool("ENABLE_TLS_V1_3", "true", "speak TLS 1.3", (draft, on) -> draft.tls13 = on),
          of(
              "HANDSHAKE_TIMEOUT",
              Syntax.positiveDuration(),
              "10secs",
              "how long a handshake may take",
              (draft, time) -> draft.settings.handshakeTimeout = time));

  private TlsVariable() {}

  private static <T> Setting<Draft> of(
      String name,
      Syntax<T> form,
      String standard,
      String description,
      BiConsumer<Draft, ? super T> setter) {
    return Setting.of(PREFIX + name, form, standard, description, setter);
  }

  private static Setting<Draft> bool(
      String name, String standard, String description, BiConsumer<Draft, Boolean> setter) {
    return of(name, Syntax.bool(), standard, description, setter);
  }

  private static Setting<Draft> path(
      String name, String description, BiConsumer<Draft, Path> setter) {
    return of(name, Syntax.path(), "", description, setter);
  }

  /** A version that is no longer supported. */
  private static Setting<Draft> old(String name) {
    return bool(
        name,
        "false",
        "true is an error",
        (draft, on) -> {
          if (on) {
            throw new IllegalArgumentException(NO_OLD_TLS);
          }
        });
  }

  public static List<String> names() {
    return ALL.stream().map(Setting::variable).toList();
  }

  /** Reads all variables and makes a context from them. */
  public static Optional<TlsContext> read(Variables variables) {
    Draft draft = new Draft();
    ALL.get(0).read(variables, draft);
    if (!draft.enabled) {
      return Optional.empty(); // Whatever the other variables say.
    }
    Setting.read(ALL, variables, draft);
    return Optional.of(draft.build());
  }

  /** The values read so far that do not map to a single setting. */
  private static final class Draft {

    final TlsSettings settings = new TlsSettings();
    boolean enabled;
    Path certificates; // Null if it is not set.
    Path key; // Null if it is not set.
    boolean tls12 = true;
    boolean tls13 = true;

    void requireClient(boolean required) {
      if (required) {
        settings.clientCertificate = TlsSettings.ClientCertificate.REQUIRED;
        settings.verifyServer = true;
      }
    }

    void curves(List<String> names) {
      if (!names.equals(List.of("auto"))) {
        settings.curves = names;
      }
    }

    TlsContext build() {
      require(CERT_FILE, certificates);
      require(KEY_FILE, key);
      if (!tls12 && !tls13) {
        throw new IllegalArgumentException(
            PREFIX + "ENABLE_TLS_V1_2: neither this nor TLS 1.3 is enabled");
      }
      if (tls12 != tls13) {
        settings.protocols = List.of(tls12 ? "TLSv1.2" : "TLSv1.3");
      }
      named(KEY_FILE, () -> settings.identity(certificates, key));
      TlsContext[] built = {null};
      named("...", () -> built[0] = settings.build());
      return built[0];
    }

    private static void named(String name, Runnable step) {
      try {
        step.run();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(PREFIX + name + ": " + e.getMessage(), e);
      }
    }

    private static void require(String name, Path path) {
      if (path == null) {
        throw new IllegalArgumentException(
            PREFIX + name + ": not set, and needed because " + PREFIX + ENABLED + " is");
      }
    }
  }
}
