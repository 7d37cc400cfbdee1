package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MethodsTest {

  private static String find(String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.ISO_8859_1);
    return Methods.find(bytes, 1, 1 + text.length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "M-SEARCH", "UNSUBSCRIBE"})
  void method_isFoundByAllItsLetters(String method) {
    assertEquals(method, find(method));
    assertNull(find("x" + method.substring(1)));
    assertNull(find(method.substring(0, method.length() - 1) + "x"));
    assertNull(find(method.substring(1)));
    assertNull(find(method + "x"));
  }
}
