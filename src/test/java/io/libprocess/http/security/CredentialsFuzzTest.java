package io.libprocess.http.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.Credentials;
import io.libprocess.http.jwt.Jwt;
import io.libprocess.http.jwt.JwtAuthenticator;
import io.libprocess.http.jwt.JwtException;
import io.libprocess.http.jwt.JwtKey;
import io.libprocess.http.jwt.Keys;
import io.libprocess.http.security.AuthenticationResult.Unauthorized;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/**
 * Feeds mutated credentials to their parsers: they are accepted, or refused in the right way.
 * {@code -Dlibprocess.stress=50} makes it a million inputs for each.
 */
class CredentialsFuzzTest {

  private static final int INPUTS =
      20_000 * Math.max(1, Integer.getInteger("libprocess.stress", 1));
  private static final Duration LIMIT = Duration.ofMinutes(2L + INPUTS / 20_000);
  private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
  private static final String SECRET = "secret";
  private static final JwtKey KEY = JwtKey.hs256(SECRET);

  private static final List<String> PIECES =
      List.of(
          ".",
          "..",
          "=",
          "==",
          "-",
          "_",
          "+",
          "/",
          " ",
          "\t",
          ":",
          "\"",
          "\\",
          ",",
          "A",
          "é",
          "\u00ff",
          "e30",
          "bnVsbA",
          "Basic ",
          "Bearer ",
          "realm=",
          "\"a\"",
          "{",
          "}",
          "[",
          "]",
          "null",
          "\"exp\":",
          "\"nbf\":",
          "\"alg\":\"none\"",
          "\"crit\":[]",
          "1e999999999",
          "1e99999999999",
          "-0",
          "\\u0000",
          "0");

  private final Random random = new Random(20260104);

  private String mutated(String seed) {
    StringBuilder text = new StringBuilder(seed);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + 1 + random.nextInt(6));
      switch (random.nextInt(6)) {
        case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> text.delete(at, end);
        case 3 -> text.insert(at, text.substring(at, end));
        case 4 -> text.insert(at, (char) (32 + random.nextInt(95)));
        default -> text.insert(at, "x".repeat(random.nextInt(300)));
      }
    }
    return text.toString();
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] signature(String content) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
    return mac.doFinal(content.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean takes(Function<String, ?> reader, String text) {
    try {
      reader.apply(text);
      return true;
    } catch (JwtException e) {
      return false;
    }
  }

  @Test
  void mutatedTokens_areNeverTaken() {
    String token = Jwt.create(Map.of("sub", "a", "exp", 1_000_060), KEY).token();
    JwtKey rsa = Keys.rsaPublic(Keys.RSA);
    JwtKey ec = Keys.ecPublic(Keys.EC);
    Map<String, JwtKey> seeds =
        Map.of(
            token,
            KEY,
            Jwt.create(Map.of("sub", "a"), Keys.rsaPrivate(Keys.RSA)).token(),
            rsa,
            Jwt.create(Map.of("sub", "a"), Keys.ecPrivate(Keys.EC)).token(),
            ec);
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          List<String> texts = List.copyOf(seeds.keySet());
          for (int i = 0; i < INPUTS; i++) {
            String seed = i % 20 == 0 ? texts.get(random.nextInt(texts.size())) : token;
            String text = mutated(seed);
            if (!text.equals(seed)) {
              JwtKey key = seeds.get(seed);
              assertTrue(!takes(t -> Jwt.parse(t, key, NOW), text), text);
            }
            takes(t -> Jwt.parseUnsecured(t, NOW), text);
          }
        });
  }

  @Test
  void signedTokens_withMutatedParts_areTakenOrRefused() {
    String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    String payload = "{\"sub\":\"a\",\"exp\":1000060,\"nbf\":999999,\"n\":[1,{\"a\":null}]}";
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          int taken = 0;
          for (int i = 0; i < INPUTS; i++) {
            String content =
                encode(random.nextInt(4) == 0 ? mutated(header) : header)
                    + "."
                    + encode(mutated(payload));
            String token =
                content
                    + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature(content));
            taken += takes(t -> Jwt.parse(t, KEY, NOW), token) ? 1 : 0;
          }
          assertTrue(taken > INPUTS / 100 && taken < INPUTS * 9 / 10, "taken " + taken);
        });
  }

  @Test
  void mutatedHeaders_areRefusedWithAChallengeThatCanBeRead() {
    JwtAuthenticator jwt = new JwtAuthenticator("r", KEY);
    Set<String> descriptions = new HashSet<>();
    String token = Jwt.create(Map.of("sub", "a"), KEY).token();
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (int i = 0; i < INPUTS; i++) {
            String seed = "Bearer " + token;
            String text = mutated(seed);
            AuthenticationResult result = jwt.authenticate(request(text)).get();
            if (result instanceof Unauthorized refused) {
              Challenge challenge = Challenge.parse(refused.challenges().get(0));
              descriptions.add(challenge.parameters().get("error_description"));
              Response response = Response.unauthorized(refused.challenges(), refused.text());
              assertEquals(
                  challenge,
                  Challenge.parse(response.headers().first("WWW-Authenticate").orElseThrow()));
            }
          }
          assertTrue(descriptions.size() > 5, descriptions::toString);
        });
  }

  @Test
  void mutatedBasicCredentials_areTakenOrRefused() {
    Map<String, String> passwords = Map.of("ann", "secret", "", "", "x", ":");
    BasicAuthenticator basic = new BasicAuthenticator("r", passwords);
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (int i = 0; i < INPUTS; i++) {
            byte[] plain = mutated("ann:secret").getBytes(StandardCharsets.ISO_8859_1);
            String right = "Basic " + Base64.getEncoder().encodeToString(plain);
            String text = random.nextBoolean() ? right : mutated("Basic YW5uOnNlY3JldA==");
            AuthenticationResult result = basic.authenticate(request(text)).get();
            if (!(result instanceof Unauthorized)) {
              assertInstanceOf(AuthenticationResult.Authenticated.class, result);
              String decoded =
                  Credentials.of(request(text).headers().all("Authorization"))
                      .flatMap(BasicAuthenticator::decode)
                      .orElseThrow();
              String user = decoded.substring(0, decoded.indexOf(':'));
              assertEquals(decoded, user + ":" + passwords.get(user));
            }
          }
        });
  }

  @Test
  void mutatedChallenges_areReadOrRefused() {
    String seed = "Bearer realm=\"a b\", error=\"c,=d\\\"\", e=f";
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          int read = 0;
          for (int i = 0; i < INPUTS; i++) {
            String text = mutated(seed);
            try {
              Challenge challenge = Challenge.parse(text);
              assertEquals(challenge, Challenge.parse(challenge.toString()), text);
              read++;
            } catch (IllegalArgumentException e) {
              assertEquals(IllegalArgumentException.class, e.getClass());
            }
          }
          assertTrue(read > INPUTS / 10 && read < INPUTS * 9 / 10, "read " + read);
        });
  }

  private static Request request(String authorization) {
    return Request.get("/").withHeader("Authorization", authorization);
  }
}
