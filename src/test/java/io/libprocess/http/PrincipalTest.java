package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrincipalTest {

  private static final Principal BOTH = new Principal(Optional.of("ann"), Map.of("role", "cook"));

  @Test
  void needsAValueOrClaims() {
    assertThrows(IllegalArgumentException.class, () -> new Principal(Optional.empty(), Map.of()));
    assertThrows(IllegalArgumentException.class, () -> Principal.of(Map.of()));
  }

  @Test
  void is_comparesTheValueOnly() {
    assertTrue(Principal.of("ann").is("ann"));
    assertTrue(BOTH.is("ann"));
    assertFalse(BOTH.is("bob"));
    assertFalse(Principal.of(Map.of("ann", "ann")).is("ann"));
  }

  @Test
  void claims_areFoundByName_andCannotBeChanged() {
    Map<String, String> claims = new LinkedHashMap<>(Map.of("a", "1"));
    Principal principal = Principal.of(claims);
    claims.put("b", "2");
    assertEquals(Optional.of("1"), principal.claim("a"));
    assertEquals(Optional.empty(), principal.claim("b"));
    assertThrows(UnsupportedOperationException.class, () -> principal.claims().clear());
  }

  @Test
  void text_isTheValue_orJsonIfThereAreClaims() {
    assertEquals("ann", Principal.of("ann").toString());
    assertEquals("{\"value\":\"ann\",\"claims\":{\"role\":\"cook\"}}", BOTH.toString());
    assertEquals("{\"claims\":{\"a\":\"\\\"\"}}", Principal.of(Map.of("a", "\"")).toString());
  }

  @Test
  void equality_isThatOfValueAndClaims() {
    assertEquals(new Principal(Optional.of("ann"), Map.of("role", "cook")), BOTH);
    assertNotEquals(Principal.of("ann"), BOTH);
  }
}
