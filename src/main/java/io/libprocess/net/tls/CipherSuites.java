package io.libprocess.net.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resolves cipher suites and curves by their names in OpenSSL or the JDK. */
final class CipherSuites {

  // Key exchange and signature, cipher, hash: ECDHE-RSA-AES128-GCM-SHA256, AES256-SHA.
  private static final Pattern OPENSSL =
      Pattern.compile(
          "(?:(ECDHE-RSA|ECDHE-ECDSA|DHE-RSA|DHE-DSS|ECDH-RSA|ECDH-ECDSA|ADH|AECDH)-)?"
              + "(AES128|AES256|CHACHA20)(?:-(GCM|POLY1305))?(?:-(SHA|SHA256|SHA384))?");

  private static final Pattern SAFE =
      Pattern.compile(
          "TLS_(?:(?:ECDHE_ECDSA|ECDHE_RSA|DHE_RSA)_WITH_)?"
              + "(?:AES_(?:128|256)_GCM|CHACHA20_POLY1305)_SHA(?:256|384)");

  private CipherSuites() {}

  /**
   * The JDK's names of a list of suites for TLS 1.2, followed by the suites of TLS 1.3, to which
   * such a list does not apply.
   *
   * @throws IllegalArgumentException if none of them can be used
   */
  static String[] resolve(List<String> names, String[] supported) {
    List<String> known = Arrays.asList(supported);
    Set<String> usable = new LinkedHashSet<>();
    for (String name : names) {
      String suite = jdkName(name);
      if (suite.contains("_anon_")) {
        throw new IllegalArgumentException(
            "an anonymous cipher does not authenticate the peer: " + name);
      }
      if (known.contains(suite)) {
        usable.add(suite);
      }
    }
    if (usable.isEmpty()) {
      throw new IllegalArgumentException("no usable cipher in " + String.join(":", names));
    }
    for (String suite : supported) {
      if (!suite.contains("_WITH_") && suite.matches("TLS_(AES|CHACHA20)_.*")) {
        usable.add(suite);
      }
    }
    return usable.toArray(String[]::new);
  }

  /**
   * Selects the suites with forward secrecy and authenticated encryption: ephemeral Diffie-Hellman
   * with GCM or ChaCha20-Poly1305, and all of TLS 1.3.
   *
   * @throws IllegalArgumentException if there is none
   */
  static String[] safe(String[] suites) {
    String[] safe =
        Arrays.stream(suites).filter(suite -> SAFE.matcher(suite).matches()).toArray(String[]::new);
    if (safe.length == 0) {
      throw new IllegalArgumentException(
          "no cipher suite with forward secrecy and authenticated encryption in "
              + String.join(":", suites));
    }
    return safe;
  }

  static String jdkName(String name) {
    Matcher parts = OPENSSL.matcher(name);
    if (!parts.matches()) {
      return name;
    }
    String exchange = parts.group(1) == null ? "RSA" : parts.group(1).replace('-', '_');
    exchange = exchange.replace("AECDH", "ECDH_anon").replace("ADH", "DH_anon");
    String cipher =
        switch (parts.group(2)) {
          case "AES128" -> "AES_128_" + mode(parts.group(3));
          case "AES256" -> "AES_256_" + mode(parts.group(3));
          default -> "CHACHA20_POLY1305";
        };
    String hash = parts.group(4) == null ? "SHA256" : parts.group(4);
    return "TLS_" + exchange + "_WITH_" + cipher + "_" + hash;
  }

  private static String mode(String mode) {
    return mode == null ? "CBC" : mode;
  }

  /** The JDK's names of curves. */
  static String[] curves(List<String> names) {
    List<String> curves = new ArrayList<>();
    for (String name : names) {
      curves.add(
          switch (name.toLowerCase(Locale.ROOT)) {
            case "p-256", "prime256v1" -> "secp256r1";
            case "p-384" -> "secp384r1";
            case "p-521" -> "secp521r1";
            default -> name.toLowerCase(Locale.ROOT);
          });
    }
    return curves.toArray(String[]::new);
  }
}
