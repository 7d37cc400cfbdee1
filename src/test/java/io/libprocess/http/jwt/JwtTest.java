package io.libprocess.http.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");
  private static final long SECOND = NOW.getEpochSecond();
  private static final Map<String, ?> CLAIMS = Map.of("exp", 9999999999L, "sub", "foo");
  private static final String CONTENT_OF_CLAIMS = ".eyJleHAiOjk5OTk5OTk5OTksInN1YiI6ImZvbyJ9";

  private static final JwtKey SECRET = JwtKey.hs256("secret");

  /** The keys that make and check a signature, and one that does not match. */
  private record Pair(JwtKey signs, JwtKey checks, JwtKey other) {
    @Override
    public String toString() {
      return signs.algorithm();
    }
  }

  static Stream<Pair> pairs() {
    byte[] secret = "secret".getBytes(StandardCharsets.UTF_8);
    byte[] other = "secre".getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        new Pair(SECRET, SECRET, JwtKey.hs256(other)),
        new Pair(JwtKey.hs384(secret), JwtKey.hs384(secret), JwtKey.hs384(other)),
        new Pair(JwtKey.hs512(secret), JwtKey.hs512(secret), JwtKey.hs512(other)),
        new Pair(
            Keys.rsaPrivate(Keys.RSA), Keys.rsaPublic(Keys.RSA), Keys.rsaPublic(Keys.OTHER_RSA)),
        new Pair(Keys.ecPrivate(Keys.EC), Keys.ecPublic(Keys.EC), Keys.ecPublic(Keys.OTHER_EC)));
  }

  private static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A token of any header and payload with a right signature. */
  private static String signed(JwtKey key, String header, String payload) {
    String content = encode(header) + "." + encode(payload);
    return content + "." + encode(key.signature(content));
  }

  private static String header(JwtKey key) {
    return "{\"alg\":\"" + key.algorithm() + "\",\"typ\":\"JWT\"}";
  }

  private static String problem(String token, JwtKey key) {
    return assertThrows(JwtException.class, () -> Jwt.parse(token, key, NOW), token).getMessage();
  }

  /* ------ What the original pins: parse ------ */

  @ParameterizedTest
  @MethodSource("pairs")
  void parse_validToken(Pair pair) {
    String payload = "{\"exp\":9999999999,\"sub\":\"foo\",\"list\":[1,\"a\"],\"n\":1.50}";
    Jwt token = Jwt.parse(signed(pair.signs, header(pair.signs), payload), pair.checks, NOW);
    assertEquals(payload, token.payload());
    assertEquals(header(pair.signs), token.header());
    assertEquals(
        Map.of("exp", "9999999999", "sub", "foo", "list", "[1,\"a\"]", "n", "1.50"),
        token.claims());
    assertEquals(Optional.of("foo"), token.claim("sub"));
    assertEquals(Optional.empty(), token.claim("iss"));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void parse_badHeaders(Pair pair) {
    String payload = "{\"sub\":\"foo\"}";
    for (String header :
        List.of(
            "",
            "NOT JSON",
            "[]",
            "null",
            "{}",
            "{\"typ\":\"JWT\"}",
            "{\"alg\":256}",
            "{\"alg\":null}",
            "{\"alg\":\"RS512\",\"typ\":\"JWT\"}",
            "{\"alg\":\"SOMETHING\",\"typ\":\"JWT\"}",
            "{\"alg\":\"none\",\"typ\":\"JWT\"}",
            "{\"alg\":\"" + pair.signs.algorithm().toLowerCase(Locale.ROOT) + "\"}",
            "{\"alg\":\"%s\",\"typ\":1}",
            "{\"alg\":\"%s\",\"crit\":[\"exp\"],\"exp\":1}",
            "{\"alg\":\"%s\",\"crit\":[]}",
            "{\"alg\":\"%s\",\"crit\":null}",
            "{\"alg\":\"%s\",\"alg\":\"%s\"}",
            "{\"alg\":\"none\",\"alg\":\"%s\"}")) {
      String text = header.replace("%s", pair.signs.algorithm());
      problem(signed(pair.signs, text, payload), pair.checks);
    }
    String token = signed(pair.signs, "{\"alg\":\"" + pair.signs.algorithm() + "\"}", payload);
    assertEquals("foo", Jwt.parse(token, pair.checks, NOW).claim("sub").orElseThrow());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void parse_badPayloads(Pair pair) {
    for (String payload :
        List.of(
            "",
            "INVALID",
            "[]",
            "\"a\"",
            "null",
            "{\"a\":1,\"a\":2}",
            "{\"exp\":\"NOT A NUMBER\"}",
            "{\"exp\":null}",
            "{\"exp\":0}",
            "{\"exp\":-1e300}",
            "{\"exp\":1e99999999999}",
            "{\"nbf\":9999999999}",
            "{\"nbf\":\"0\"}")) {
      problem(signed(pair.signs, header(pair.signs), payload), pair.checks);
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void parse_wrongSignatures(Pair pair) {
    String token = Jwt.create(CLAIMS, pair.signs).token();
    String content = token.substring(0, token.lastIndexOf('.'));
    String wrong = "the signature is wrong";
    assertEquals("not three parts with dots between them", problem(content, pair.checks));
    assertEquals(wrong, problem(content + ".", pair.checks));
    assertEquals(wrong, problem(content + ".AAAA", pair.checks));
    assertEquals(wrong, problem(token, pair.other));
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(content.length() + 1));
    for (int length : new int[] {1, signature.length - 1, signature.length + 1, 1000}) {
      byte[] cut = Arrays.copyOf(signature, length);
      assertEquals(wrong, problem(content + "." + encode(cut), pair.checks));
    }
    for (int i = 0; i < signature.length; i += 7) {
      byte[] bent = signature.clone();
      bent[i] ^= 1;
      assertEquals(wrong, problem(content + "." + encode(bent), pair.checks));
    }
    String other = encode("{\"sub\":\"root\"}");
    assertEquals(
        wrong,
        problem(
            token.substring(0, token.indexOf('.'))
                + "."
                + other
                + token.substring(content.length()),
            pair.checks));
  }

  @Test
  void parse_withoutSignature_onlyIfAskedFor() {
    String content =
        encode("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + encode("{\"sub\":\"foo\"}");
    assertEquals("foo", Jwt.parseUnsecured(content + ".", NOW).claim("sub").orElseThrow());
    assertThrows(JwtException.class, () -> Jwt.parseUnsecured(content, NOW));
    assertThrows(JwtException.class, () -> Jwt.parseUnsecured(content + ".AAAA", NOW));
    pairs().forEach(pair -> problem(content + ".", pair.checks));
    String signed = Jwt.create(CLAIMS, SECRET).token();
    assertThrows(JwtException.class, () -> Jwt.parseUnsecured(signed, NOW));
    assertThrows(
        JwtException.class,
        () -> Jwt.parseUnsecured(Jwt.createUnsecured(Map.of("exp", 1)).token(), NOW));
  }

  /* ------ What the original pins: create ------ */

  @ParameterizedTest
  @MethodSource("pairs")
  void create_headerPayloadAndSignature(Pair pair) {
    Jwt token = Jwt.create(CLAIMS, pair.signs);
    assertEquals(header(pair.signs), token.header());
    assertEquals("{\"exp\":9999999999,\"sub\":\"foo\"}", token.payload());
    assertFalse(token.signature().isEmpty());
    assertEquals(token.claims(), Jwt.parse(token.token(), pair.checks, NOW).claims());
  }

  @Test
  void create_withoutSignature() {
    Jwt token = Jwt.createUnsecured(CLAIMS);
    assertEquals("{\"alg\":\"none\",\"typ\":\"JWT\"}", token.header());
    assertEquals("", token.signature());
    assertEquals(
        encode("{\"alg\":\"none\",\"typ\":\"JWT\"}") + CONTENT_OF_CLAIMS + ".", token.token());
  }

  @ParameterizedTest
  @CsvSource({
    "HS256, eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9, 7dwSK1mIRKqJTPQT8-AGnI-r8nnefw2hhai3kgBg7bs",
    "HS384, eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9,"
        + " mqIuDRodWpkE8VlURFpi-NjSFasDnl0FCF_FewxcA2d2ElmpLlamrq1ot94RlQ-n",
    "HS512, eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9,"
        + " sizD4CLRVp36Y8x0WKthNoqE9J_e_FSjTqphHnLBX1A4HYCWX68vCaqkrUgyQUOp_RD9jy9RSIboMyvOFKrboQ"
  })
  void stringify_hmac(String algorithm, String header, String signature) {
    JwtKey key =
        pairs()
            .map(Pair::signs)
            .filter(known -> known.algorithm().equals(algorithm))
            .findFirst()
            .orElseThrow();
    assertEquals(header + CONTENT_OF_CLAIMS + "." + signature, Jwt.create(CLAIMS, key).token());
  }

  @Test
  void stringify_rsa() throws Exception {
    String content = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9" + CONTENT_OF_CLAIMS;
    String token = Jwt.create(CLAIMS, Keys.rsaPrivate(Keys.RSA)).token();
    assertTrue(token.startsWith(content + "."), token);
    // The public key turns the signature into the padded digest (RFC 8017, 9.2).
    RSAPublicKey key = (RSAPublicKey) Keys.RSA.getPublic();
    byte[] signature = Base64.getUrlDecoder().decode(token.substring(content.length() + 1));
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.US_ASCII));
    assertEquals(256, signature.length);
    assertEquals(
        "1"
            + "ff".repeat(202)
            + "003031300d060960864801650304020105000420"
            + HexFormat.of().formatHex(digest),
        new BigInteger(1, signature)
            .modPow(key.getPublicExponent(), key.getModulus())
            .toString(16));
  }

  /* ------ Examples of RFC 7515 ------ */

  private static final String CONTENT_OF_JOE =
      ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
          + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
  private static final Instant TIME_OF_JOE = Instant.ofEpochSecond(1300819379);

  @Test
  void rfc7515_a1() {
    JwtKey key =
        JwtKey.hs256(
            Base64.getUrlDecoder()
                .decode(
                    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
    String token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
            + CONTENT_OF_JOE
            + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    Jwt joe = Jwt.parse(token, key, TIME_OF_JOE);
    assertEquals(
        Map.of("iss", "joe", "exp", "1300819380", "http://example.com/is_root", "true"),
        joe.claims());
    assertEquals(token, joe.token());
    assertEquals("expired", problem(token, key));
  }

  @Test
  void rfc7515_a3() throws Exception {
    JwtKey key =
        Keys.ecPublic(
            "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    String token =
        "eyJhbGciOiJFUzI1NiJ9"
            + CONTENT_OF_JOE
            + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    assertEquals("joe", Jwt.parse(token, key, TIME_OF_JOE).claim("iss").orElseThrow());
  }

  /* ------ Times ------ */

  private static void valid(String claim) {
    Jwt.parse(signed(SECRET, header(SECRET), "{" + claim + "}"), SECRET, NOW);
  }

  private static String invalid(String claim) {
    return problem(signed(SECRET, header(SECRET), "{" + claim + "}"), SECRET);
  }

  @Test
  void exp_isTheFirstMomentThatIsTooLate() {
    valid("\"exp\":" + (SECOND + 1));
    valid("\"exp\":" + SECOND + ".6");
    valid("\"exp\":1e300");
    assertEquals("expired", invalid("\"exp\":" + SECOND + ".5"));
    assertEquals("expired", invalid("\"exp\":" + SECOND));
    assertEquals("the claim 'exp' is not a time", invalid("\"exp\":true"));
  }

  @Test
  void nbf_isTheFirstMomentThatIsNotTooEarly() {
    valid("\"nbf\":" + SECOND);
    valid("\"nbf\":" + SECOND + ".5");
    assertEquals("not valid yet", invalid("\"nbf\":" + SECOND + ".6"));
    assertEquals("not valid yet", invalid("\"nbf\":1e300"));
    assertEquals("the claim 'nbf' is not a time", invalid("\"nbf\":\"1\""));
  }

  /* ------ No confusion ------ */

  @Test
  void publicKey_isNotASecret() {
    byte[] publicKey = Keys.RSA.getPublic().getEncoded();
    String forged = Jwt.create(Map.of("sub", "root"), JwtKey.hs256(publicKey)).token();
    assertEquals("the algorithm is not RS256", problem(forged, Keys.rsaPublic(Keys.RSA)));
  }

  @Test
  void everyKey_takesItsOwnAlgorithmOnly() {
    pairs()
        .forEach(
            signer -> {
              String token = Jwt.create(CLAIMS, signer.signs).token();
              pairs()
                  .map(Pair::checks)
                  .filter(key -> !key.algorithm().equals(signer.signs.algorithm()))
                  .forEach(
                      key ->
                          assertEquals(
                              "the algorithm is not " + key.algorithm(), problem(token, key)));
            });
  }

  @Test
  void ecSignatures_ofZerosOrOutOfRange_areWrong() {
    String order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    String zero = "00".repeat(32);
    String one = "00".repeat(31) + "01";
    String content = encode("{\"alg\":\"ES256\"}") + "." + encode("{\"sub\":\"root\"}");
    for (String signature :
        List.of(zero + zero, one + zero, zero + one, order + one, one + order, order + order)) {
      assertEquals(
          "the signature is wrong",
          problem(
              content + "." + encode(HexFormat.of().parseHex(signature)), Keys.ecPublic(Keys.EC)));
    }
  }

  @Test
  void weakKeys_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> JwtKey.hs256(""));
    assertThrows(IllegalArgumentException.class, () -> Keys.rsaPublic(Keys.pair("RSA", 1024)));
    assertThrows(
        IllegalArgumentException.class,
        () -> JwtKey.es256((ECPublicKey) Keys.pair("EC", 384).getPublic()));
  }

  @Test
  void halfOfAPair_doesItsHalfOnly() {
    String token = Jwt.create(CLAIMS, Keys.rsaPrivate(Keys.RSA)).token();
    assertThrows(IllegalStateException.class, () -> Jwt.create(CLAIMS, Keys.rsaPublic(Keys.RSA)));
    assertThrows(
        IllegalStateException.class, () -> Jwt.parse(token, Keys.rsaPrivate(Keys.RSA), NOW));
  }

  /* ------ Strictness, secrets ------ */

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "...", "a.b.c.d", "a.b", " a.b.c", "\u00e4.b.c", "....."})
  void textsThatAreNoTokens_areRefused(String token) {
    problem(token, SECRET);
    assertThrows(JwtException.class, () -> Jwt.parseUnsecured(token, NOW));
  }

  @Test
  void otherWaysToWriteTheSameBytes_areRefused() {
    String token = Jwt.create(CLAIMS, SECRET).token();
    assertTrue(token.endsWith("s"), token); // The last of its six bits pairs does not count.
    String start = token.substring(0, token.length() - 1);
    for (String other : List.of("t", "u", "v")) {
      assertEquals("the signature is not Base64 for URLs", problem(start + other, SECRET));
    }
    assertEquals("the signature is not Base64 for URLs", problem(token + "=", SECRET));
    assertEquals("the signature is not Base64 for URLs", problem(token + "\n", SECRET));
    problem(token.replace('-', '+'), SECRET);
  }

  @Test
  void payload_thatIsNotUtf8_isRefused() {
    String content = encode(header(SECRET)) + "." + encode(new byte[] {'{', (byte) 0xFF, '}'});
    assertEquals(
        "the payload is not UTF-8",
        problem(content + "." + encode(SECRET.signature(content)), SECRET));
  }

  @Test
  void hugeOrDeepTokens_areRefused() {
    String huge = signed(SECRET, header(SECRET), "{\"a\":\"" + "x".repeat(20_000) + "\"}");
    assertEquals("longer than 16384 characters", problem(huge, SECRET));
    String deep = "{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    assertEquals("the payload is not JSON", problem(signed(SECRET, header(SECRET), deep), SECRET));
  }

  @Test
  void texts_holdNoSecret() {
    Jwt token = Jwt.create(CLAIMS, SECRET);
    assertEquals("Jwt {\"exp\":9999999999,\"sub\":\"foo\"}", token.toString());
    assertEquals("JwtKey HS256", SECRET.toString());
  }

  @Test
  void tokensThatNobodyWouldRead_areNotMade() {
    assertEquals(
        "the token would not be readable: longer than 16384 characters",
        assertThrows(
                IllegalArgumentException.class,
                () -> Jwt.create(Map.of("a", "x".repeat(16_000)), SECRET))
            .getMessage());
  }

  @Test
  void claims_withoutAJsonForm_areRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Jwt.create(Map.of("a", Instant.EPOCH), SECRET));
  }
}
