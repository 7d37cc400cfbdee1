package io.libprocess.net.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of a PEM file: blocks of Base64 between lines that label them. Other text in between
 * is skipped, as usual. If the content cannot be read, an {@link IllegalArgumentException} names
 * the file.
 */
final class Pem {

  private record Block(String label, String body) {}

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)-----END \\1-----", Pattern.DOTALL);

  private final Path file;
  private final List<Block> blocks;

  private Pem(Path file, List<Block> blocks) {
    this.file = file;
    this.blocks = blocks;
  }

  static Pem read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
    }
    List<Block> blocks = new ArrayList<>();
    for (Matcher matcher = BLOCK.matcher(text); matcher.find(); ) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return new Pem(file, blocks);
  }

  /** All certificates, in the order of the file. */
  List<X509Certificate> certificates() {
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
      throw new IllegalArgumentException("not a certificate in " + file + ": " + e.getMessage(), e);
    }
  }

  /** The first private key. */
  PrivateKey key() {
    for (Block block : blocks) {
      if (block.label.endsWith("PRIVATE KEY")) {
        return key(block);
      }
    }
    throw new IllegalArgumentException("no private key in PEM in " + file);
  }

  private PrivateKey key(Block block) {
    if (block.label.startsWith("ENCRYPTED") || block.body.contains("ENCRYPTED")) {
      throw new IllegalArgumentException(
          "the private key in "
              + file
              + " is encrypted: decrypt it, with `openssl pkey -in "
              + file.getFileName()
              + "`, say");
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
          "cannot use the private key in " + file + ": " + e.getMessage(), e);
    }
  }

  private byte[] decode(Block block) {
    try {
      return Base64.getDecoder().decode(block.body.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not Base64 in a " + block.label + " in " + file + ": " + e.getMessage(), e);
    }
  }
}
