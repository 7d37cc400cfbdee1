package io.libprocess.http.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {

  @Test
  void wwwAuthenticateHeader_ofOneParameter() {
    Challenge challenge = Challenge.parse("Basic realm=\"basic-realm\"");
    assertEquals("Basic", challenge.scheme());
    assertEquals("basic-realm", challenge.realm());
    assertEquals(Map.of("realm", "basic-realm"), challenge.parameters());
  }

  @Test
  void wwwAuthenticateHeader_ofThreeParameters() {
    Challenge challenge =
        Challenge.parse(
            "Bearer realm=\"https://auth.docker.io/token\","
                + "service=\"registry.docker.io\",scope=\"repository:a=b,c:pull\"");
    assertEquals("Bearer", challenge.scheme());
    assertEquals(
        Map.of(
            "realm",
            "https://auth.docker.io/token",
            "service",
            "registry.docker.io",
            "scope",
            "repository:a=b,c:pull"),
        challenge.parameters());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Digest",
        "Digest ",
        "Digest =",
        "Digest ,,",
        "Digest uri=\"/path\",qop=\"auth\"",
        "Digest realm",
        "Digest realm=\"a\",",
        "Digest realm=\"a\",=\"b\"",
        "Digest \"realm\"=\"a\"",
        "Digest ,realm=\"a\"",
        "Digest realm=\"a",
        "Digest realm=\"a\\",
        "Digest realm=\"a\\\"",
        "Digest realm:\"a\"",
        "Digest realm=a;b=c",
        "Digest realm=a=b",
        "Digest realm=a b=c",
        "Digest realm=a,realm=b",
        "Realm=\"a\"",
        "=Digest realm=a",
        "Digest realm=\"a\u0001\""
      })
  void wwwAuthenticateHeader_thatIsNone_isRefused(String header) {
    assertThrows(IllegalArgumentException.class, () -> Challenge.parse(header), header);
  }

  @Test
  void parse_takesBlanksTokensAndEscapes() {
    Challenge challenge = Challenge.parse("  Digest   realm = \"a \\\"b\\\" \\\\\" ,  qop=auth ");
    assertEquals("a \"b\" \\", challenge.realm());
    assertEquals("auth", challenge.parameters().get("qop"));
    assertEquals("a", Challenge.parse("\tDigest\trealm\t=\ta\t").realm());
  }

  @Test
  void parse_takesAMissingValueAsEmpty() {
    assertEquals("", Challenge.parse("Digest realm=").realm());
  }

  @Test
  void text_isWhatIsParsed() {
    Challenge challenge =
        Challenge.of("Basic", "say \"hi\", \\o/ = ü").with("error", "").with("b", "x");
    assertEquals(
        "Basic realm=\"say \\\"hi\\\", \\\\o/ = ü\", error=\"\", b=\"x\"", challenge.toString());
    assertEquals(challenge, Challenge.parse(challenge.toString()));
  }

  @Test
  void parts_thatCannotBeWritten_areRefused() {
    for (String scheme : new String[] {"", "a b", "a,", "ä"}) {
      assertThrows(IllegalArgumentException.class, () -> Challenge.of(scheme, "r"));
    }
    for (String text : new String[] {"a\r\nSet-Cookie: b", "\0", "\u007f", "\u20ac"}) {
      assertThrows(IllegalArgumentException.class, () -> Challenge.of("Basic", text));
      assertThrows(
          IllegalArgumentException.class, () -> Challenge.of("Basic", "r").with("a", text));
    }
    assertThrows(IllegalArgumentException.class, () -> Challenge.of("Basic", "r").with("a=", "b"));
    assertThrows(IllegalArgumentException.class, () -> new Challenge("Basic", Map.of("a", "b")));
  }
}
