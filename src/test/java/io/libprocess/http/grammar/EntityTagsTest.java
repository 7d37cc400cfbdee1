package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "*                | \"a\"   | true  | true",
        "\"a\"            | \"a\"   | true  | true",
        "\"a\"            | \"b\"   | false | false",
        "\"b\", \"a\"     | \"a\"   | true  | true",
        "\"b\",W/\"a\"    | \"a\"   | false | true",
        "\"a\"            | W/\"a\" | false | true",
        "W/\"a\"          | W/\"a\" | false | true",
        "\"a, b\"         | \"a\"   | false | false",
        "\"\",\"a\"        | \"a\"   | true  | true",
        "\"W/\"           | \"W/\"  | true  | true",
        "a                | \"a\"   | false | false",
        "\"a              | \"a\"   | false | false",
        "''               | \"a\"   | false | false",
      })
  void list_mayHaveTheTag(String list, String tag, boolean strongly, boolean weakly) {
    assertEquals(strongly, EntityTags.contain(list, tag, true));
    assertEquals(weakly, EntityTags.contain(list, tag, false));
  }

  @Test
  void weaken_isTheWeakFormOfAnyTag() {
    assertEquals("W/\"a\"", EntityTags.weaken("\"a\""));
    assertEquals("W/\"a\"", EntityTags.weaken("W/\"a\""));
  }
}
