package io.libprocess.net;

import io.libprocess.time.Durations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * The variables {@code LIBPROCESS_SSL_...}: those of libprocess, with what cannot be had any more
 * refused by name, and a time-out of our own. The old prefix {@code SSL_} is not read.
 */
enum TlsVariable {
  ENABLED((settings, text) -> {}),
  SUPPORT_DOWNGRADE((settings, text) -> settings.builder.supportDowngrade(bool(text))),
  CERT_FILE((settings, text) -> settings.certificates = Path.of(text)),
  KEY_FILE((settings, text) -> settings.key = Path.of(text)),
  VERIFY_CERT((settings, text) -> settings.builder.verifyServer(bool(text))),
  VERIFY_SERVER_CERT((settings, text) -> settings.builder.verifyServer(bool(text))),
  REQUIRE_CERT((settings, text) -> settings.requireClient(bool(text))),
  REQUIRE_CLIENT_CERT((settings, text) -> settings.requireClient(bool(text))),
  VERIFY_IPADD((settings, text) -> settings.builder.verifyIp(bool(text))),
  VERIFICATION_DEPTH((settings, text) -> settings.builder.verificationDepth(integer(text))),
  CA_DIR((settings, text) -> settings.builder.authorities(Path.of(text))),
  CA_FILE((settings, text) -> settings.builder.authorities(Path.of(text))),
  CIPHERS((settings, text) -> settings.builder.ciphers(colonList(text))),
  ECDH_CURVES((settings, text) -> settings.curves(text)),
  HOSTNAME_VALIDATION_SCHEME((settings, text) -> requireOpenssl(text)),
  ENABLE_SSL_V3((settings, text) -> requireFalse(text)),
  ENABLE_TLS_V1_0((settings, text) -> requireFalse(text)),
  ENABLE_TLS_V1_1((settings, text) -> requireFalse(text)),
  ENABLE_TLS_V1_2((settings, text) -> settings.tls12 = bool(text)),
  ENABLE_TLS_V1_3((settings, text) -> settings.tls13 = bool(text)),
  HANDSHAKE_TIMEOUT((settings, text) -> settings.builder.handshakeTimeout(Durations.parse(text)));

  private final BiConsumer<Settings, String> apply;

  TlsVariable(BiConsumer<Settings, String> apply) {
    this.apply = apply;
  }

  private String variable() {
    return "LIBPROCESS_SSL_" + name();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(TlsVariable::variable).toList();
  }

  /** What the values of variables say together; null is none. */
  static Optional<Tls> read(UnaryOperator<String> value) {
    if (!isEnabled(value)) {
      return Optional.empty();
    }
    Settings settings = new Settings();
    for (TlsVariable variable : values()) {
      String text = value.apply(variable.variable());
      if (text != null) {
        variable.check(() -> variable.apply.accept(settings, text.trim()));
      }
    }
    return Optional.of(settings.build());
  }

  private static boolean isEnabled(UnaryOperator<String> value) {
    String text = value.apply(ENABLED.variable());
    boolean[] enabled = {false};
    if (text != null) {
      ENABLED.check(() -> enabled[0] = bool(text.trim()));
    }
    return enabled[0];
  }

  /** Has a complaint name this variable. */
  private void check(Runnable use) {
    try {
      use.run();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(variable() + ": " + e.getMessage(), e);
    }
  }

  /** What has been read so far, as far as it is no setting by itself. */
  private static final class Settings {

    final Tls.Builder builder = Tls.builder();
    Path certificates;
    Path key;
    boolean tls12 = true;
    boolean tls13 = true;

    void requireClient(boolean required) {
      if (required) {
        builder.clientCertificate(Tls.ClientCertificate.REQUIRED).verifyServer(true);
      }
    }

    void curves(String text) {
      if (!text.equals("auto")) {
        builder.curves(colonList(text));
      }
    }

    Tls build() {
      require(CERT_FILE, certificates);
      require(KEY_FILE, key);
      KEY_FILE.check(() -> builder.identity(certificates, key));
      if (!tls12 && !tls13) {
        throw new IllegalArgumentException(
            ENABLE_TLS_V1_2.variable() + ": neither this nor TLS 1.3 is enabled");
      }
      if (tls12 != tls13) {
        builder.protocols(List.of(tls12 ? "TLSv1.2" : "TLSv1.3"));
      }
      try {
        return builder.build();
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("LIBPROCESS_SSL_...: " + e.getMessage(), e);
      }
    }

    private static void require(TlsVariable variable, Path path) {
      if (path == null) {
        throw new IllegalArgumentException(
            variable.variable() + ": not set, and needed because " + ENABLED.variable() + " is");
      }
    }
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("not true, 1, false or 0: '" + text + "'");
    };
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: '" + text + "'", e);
    }
  }

  private static List<String> colonList(String text) {
    return List.of(text.split(":"));
  }

  private static void requireFalse(String text) {
    if (bool(text)) {
      throw new IllegalArgumentException("not supported: there is TLS 1.2 and 1.3 only");
    }
  }

  private static void requireOpenssl(String text) {
    if (!text.equals("openssl")) {
      throw new IllegalArgumentException(
          "not openssl, and the legacy scheme of asking the DNS is not supported: '" + text + "'");
    }
  }
}
