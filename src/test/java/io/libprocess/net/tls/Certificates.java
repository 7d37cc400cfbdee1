package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.e2e.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Authorities and the certificates that they issue, made by the {@code openssl} of the system in a
 * directory of the test.
 */
public final class Certificates {

  /**
   * A certificate and its key, in PEM files; behind the certificate those of authorities between.
   */
  public record Identity(Path certificate, Path key, boolean isRoot) {}

  private static final String[] EC = {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"};
  private static final String[] RSA = {"-newkey", "rsa:2048"};
  private static final String[] RSA_PSS = {
    "-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"
  };

  private final Path directory;
  private int number;

  /** Writes into a directory that the test deletes. */
  public Certificates(Path directory) {
    this.directory = directory;
  }

  /** A new authority. */
  public Identity authority(String name) throws Exception {
    Identity made = files(true);
    openssl(
        request(EC, made.key, name),
        "-x509 -days 30 -addext basicConstraints=critical,CA:true -out",
        made.certificate);
    return made;
  }

  /** A certificate of an EC key for the host {@code localhost} and the loopback addresses. */
  public Identity forLocalhost(Identity authority) throws Exception {
    return issue(authority, "localhost", "DNS:localhost,IP:127.0.0.1,IP:::1", 30);
  }

  /** The same with an RSA key. */
  public Identity rsaForLocalhost(Identity authority) throws Exception {
    return issue(authority, RSA, "localhost", "DNS:localhost,IP:127.0.0.1", 30, false);
  }

  /** The same with an RSA key that signs with PSS only. */
  public Identity pssForLocalhost(Identity authority) throws Exception {
    return issue(authority, RSA_PSS, "localhost", "DNS:localhost,IP:127.0.0.1", 30, false);
  }

  /** A certificate of an authority's. */
  public Identity issue(Identity authority, String name, String alternatives, int days)
      throws Exception {
    return issue(authority, EC, name, alternatives, days, false);
  }

  /** An authority between another one and what it issues; both certificates are in the file. */
  public Identity intermediate(Identity authority, String name) throws Exception {
    return issue(authority, EC, name, "DNS:" + name, 30, true);
  }

  private Identity issue(
      Identity authority, String[] kind, String name, String alternatives, int days, boolean isCa)
      throws Exception {
    Identity made = files(false);
    Path request = directory.resolve(number + ".csr");
    Path extensions = directory.resolve(number + ".ext");
    Files.writeString(
        extensions,
        "subjectAltName=" + alternatives + (isCa ? "\nbasicConstraints=critical,CA:true" : ""));
    openssl(request(kind, made.key, name), "-out", request);
    openssl(
        "x509 -req -in",
        request,
        "-CA",
        authority.certificate,
        "-CAkey",
        authority.key,
        "-CAcreateserial -days " + days + " -extfile",
        extensions,
        "-out",
        made.certificate);
    if (!authority.isRoot) {
      String chain = Files.readString(authority.certificate);
      Files.writeString(made.certificate, Files.readString(made.certificate) + chain);
    }
    return made;
  }

  private Identity files(boolean isRoot) {
    number++;
    return new Identity(
        directory.resolve(number + ".pem"), directory.resolve(number + ".key"), isRoot);
  }

  private static Object request(String[] kind, Path key, String name) {
    List<String> words = new ArrayList<>(List.of("req"));
    words.addAll(Arrays.asList(kind));
    words.addAll(List.of("-nodes", "-keyout", key.toString(), "-subj", "/CN=" + name));
    return words;
  }

  /** Runs {@code openssl}; text is split at blanks, paths are not. */
  public static String openssl(Object... parts) throws Exception {
    List<String> command = new ArrayList<>(List.of(Program.named("openssl").path()));
    for (Object part : parts) {
      if (part instanceof List<?> words) {
        words.forEach(word -> command.add(word.toString()));
      } else if (part instanceof Path path) {
        command.add(path.toString());
      } else {
        command.addAll(List.of(part.toString().split(" ")));
      }
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), () -> command + " hangs");
    assertEquals(0, process.exitValue(), () -> command + "\n" + output);
    return output;
  }
}
