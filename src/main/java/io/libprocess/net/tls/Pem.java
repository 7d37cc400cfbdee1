package io.libprocess.net.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of a PEM text, mostly a file: blocks of Base64 between lines that name their kind.
 * Other text in between is skipped, as is usual. Unreadable content causes an {@link
 * IllegalArgumentException} whose text says where it came from.
 */
public final class Pem {

  private record Block(String label, String body) {}

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

  private final String source; // For texts: the file, or what else it is.
  private final List<Block> blocks = new ArrayList<>();

  private Pem(String source, String text) {
    this.source = source;
    for (Matcher matcher = BLOCK.matcher(text); matcher.find(); ) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
  }

  /** The content of a text from an unnamed source. */
  public static Pem of(String text) {
    return new Pem("the text", text);
  }

  static Pem read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
    }
    return new Pem(file.toString(), text);
  }

  /** All certificates, in the order of the file. */
  public List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label.equals("CERTIFICATE") || block.label.equals("TRUSTED CERTIFICATE")) {
        certificates.add(certificate(decode(block)));
      }
    }
    return certificates;
  }

  private X509Certificate certificate(byte[] bytes) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "not a certificate in " + source + ": " + e.getMessage(), e);
    }
  }

  /** Whether there is a private key. */
  public boolean hasKey() {
    return blocks.stream().anyMatch(block -> block.label.endsWith("PRIVATE KEY"));
  }

  /** The first public key: one that stands alone, or else that of the first certificate. */
  public PublicKey publicKey() {
    for (Block block : blocks) {
      if (block.label.equals("PUBLIC KEY")) {
        return publicKey(decode(block));
      }
    }
    List<X509Certificate> certificates = certificates();
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("no public key and no certificate in PEM in " + source);
    }
    return certificates.get(0).getPublicKey();
  }

  private PublicKey publicKey(byte[] der) {
    InvalidKeySpecException refusal = null;
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        refusal = e; // Of another algorithm.
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java platform has " + algorithm, e);
      }
    }
    throw new IllegalArgumentException("no public key of RSA or EC in " + source, refusal);
  }

  /** The first private key. */
  public PrivateKey key() {
    for (Block block : blocks) {
      if (block.label.endsWith("PRIVATE KEY")) {
        return key(block);
      }
    }
    throw new IllegalArgumentException("no private key in PEM in " + source);
  }

  private PrivateKey key(Block block) {
    if (block.label.startsWith("ENCRYPTED") || block.body.contains("ENCRYPTED")) {
      throw new IllegalArgumentException(
          "the private key in "
              + source
              + " is encrypted: decrypt it, with `openssl pkey -in FILE`, say");
    }
    byte[] bytes = decode(block);
    try {
      return switch (block.label) {
        case "PRIVATE KEY" -> PrivateKeys.ofPkcs8(bytes);
        case "RSA PRIVATE KEY" -> PrivateKeys.ofPkcs1(bytes);
        case "EC PRIVATE KEY" -> PrivateKeys.ofSec1(bytes);
        default -> throw new IllegalArgumentException("unknown kind '" + block.label + "'");
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "cannot use the private key in " + source + ": " + e.getMessage(), e);
    }
  }

  private byte[] decode(Block block) {
    try {
      return Base64.getDecoder().decode(block.body.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not Base64 in a " + block.label + " in " + source + ": " + e.getMessage(), e);
    }
  }
}
