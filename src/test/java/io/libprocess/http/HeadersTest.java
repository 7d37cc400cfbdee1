package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {

  @Test
  void with_replacesLikeAMap() {
    Headers headers = Headers.empty().with("count", "1").with("other", "x").with("count", "2");

    assertEquals(Optional.of("2"), headers.first("count"));
    assertTrue(headers.contains("count"));
    assertFalse(headers.contains("missing"));
    assertEquals(2, headers.size());
    assertFalse(headers.isEmpty());
    assertTrue(headers.without("count").without("other").isEmpty());
  }

  @Test
  void first_anyCase() {
    Headers headers = Headers.of("Content-Length", "20");

    assertEquals(Optional.of("20"), headers.first("content-length"));
    assertEquals(Optional.of("20"), headers.first("CONTENT-LENGTH"));
    assertEquals(Headers.of("Content-Length", "30"), headers.with("cOnTeNt-LeNgTh", "30"));
  }

  @Test
  void adding_keepsRepeatedFieldsInOrder() {
    Headers headers = Headers.of("A", "1", "B", "2", "a", "3");

    assertEquals(List.of("1", "3"), headers.all("A"));
    assertEquals(Optional.of("1, 3"), headers.joined("a"));
    assertEquals(Optional.of("1"), headers.first("A"));
    assertEquals(List.of(), headers.all("C"));
    assertEquals(Optional.empty(), headers.joined("C"));
    assertEquals(Optional.empty(), headers.first("C"));
  }

  @Test
  void iterator_insertionOrderAndSpelling() {
    List<String> lines = new ArrayList<>();
    Headers.of("b", "1", "A", "2", "B", "3").forEach(field -> lines.add(field.toString()));

    assertEquals(List.of("b: 1", "A: 2", "B: 3"), lines);
    assertThrows(NoSuchElementException.class, () -> Headers.empty().iterator().next());
  }

  @Test
  void with_putsTheNewValueWhereTheFirstWas() {
    Headers headers = Headers.of("A", "1", "B", "2", "A", "3", "C", "4").with("a", "5");

    assertEquals(Headers.of("A", "5", "B", "2", "C", "4"), headers);
  }

  @Test
  void without_removesAll() {
    Headers headers = Headers.of("A", "1", "B", "2", "a", "3");

    assertEquals(Headers.of("B", "2"), headers.without("A"));
    assertSame(headers, headers.without("C"));
  }

  @Test
  void builder_mayGoOnAfterBuild() {
    Headers.Builder builder = Headers.builder();
    for (int i = 0; i < 20; i++) {
      builder.add("N", "" + i);
    }
    Headers first = builder.build();
    Headers second = builder.set("N", "x").add("M", "y").build();

    assertEquals(20, first.size());
    assertEquals(Headers.of("N", "x", "M", "y"), second);
  }

  @Test
  void value_isStripped() {
    assertEquals(Optional.of("a b"), Headers.of("X", " \ta b\t ").first("X"));
    assertEquals(Optional.of(""), Headers.of("X", " \t").first("X"));
  }

  @Test
  void value_mayBeLatin1() {
    assertEquals(Optional.of("caf\u00e9"), Headers.of("X", "caf\u00e9").first("X"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "a:b", "a\rb", "a\nb", "a\0b", "(a)", "\u00e9", "a\u0100", "\u212a"})
  void name_thatIsNoToken(String name) {
    assertThrows(IllegalArgumentException.class, () -> Headers.of(name, "x"));
    assertThrows(IllegalArgumentException.class, () -> Headers.empty().with(name, "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\r", "secret\nX: y", "\0secret", "secret\u007f", "secret\u010a"})
  void value_thatWouldBreakTheLine(String value) {
    for (Runnable attempt :
        List.<Runnable>of(
            () -> Headers.of("Authorization", value),
            () -> Headers.of("Authorization", "x").with("authorization", value),
            () -> Headers.empty().adding("Authorization", value))) {
      String message = assertThrows(IllegalArgumentException.class, attempt::run).getMessage();
      assertTrue(message.toLowerCase().contains("authorization"), message);
      assertFalse(message.contains("secret"), message);
    }
  }

  @Test
  void of_valueMissing() {
    assertThrows(IllegalArgumentException.class, () -> Headers.of("A", "1", "B"));
  }

  @Test
  void toString_hidesSecrets() {
    String text = Headers.of("authorization", "secret", "Cookie", "secret", "A", "b").toString();

    assertEquals("[authorization: <hidden>, Cookie: <hidden>, A: b]", text);
  }

  @Test
  void equals_ignoresTheCaseOfNames() {
    Headers headers = Headers.of("A", "1", "B", "2");

    assertEquals(Headers.of("a", "1", "b", "2"), headers);
    assertEquals(Headers.of("a", "1", "b", "2").hashCode(), headers.hashCode());
    assertNotEquals(Headers.of("B", "2", "A", "1"), headers);
    assertNotEquals(Headers.of("A", "1"), headers);
  }
}
