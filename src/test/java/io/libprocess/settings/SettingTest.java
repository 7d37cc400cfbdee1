package io.libprocess.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingTest {

  private static final Setting<List<Object>> PORT =
      Setting.of("LIBPROCESS_PORT", Syntax.count(0, 9), "0", "where to listen", List::add);
  private static final Setting<List<Object>> NAME =
      Setting.of("LIBPROCESS_NAME", Syntax.text(), "", "a name", List::add);

  private static List<Object> read(
      Map<String, String> environment, Map<String, String> properties) {
    List<Object> values = new ArrayList<>();
    Setting.read(List.of(PORT, NAME), Variables.of(environment, properties::get), values);
    return values;
  }

  @Test
  void property_goesBeforeTheVariable() {
    assertEquals(
        List.of(5, "b"),
        read(
            Map.of("LIBPROCESS_PORT", "7", "LIBPROCESS_NAME", " b "),
            Map.of("libprocess.port", "5")));
  }

  @Test
  void unset_changesNothing() {
    assertEquals(List.of(), read(Map.of(), Map.of()));
    assertEquals(Optional.empty(), Variables.of(name -> null).value("LIBPROCESS_PORT"));
  }

  @Test
  void error_namesVariableRuleAndValue() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> read(Map.of("LIBPROCESS_PORT", "10"), Map.of()))
            .getMessage();
    assertEquals("LIBPROCESS_PORT: not a number in 0..9: '10'", message);
  }

  @Test
  void error_ofTheBuilderNamesTheVariableToo() {
    Setting<Object> picky =
        Setting.of(
            "LIBPROCESS_X",
            Syntax.text(),
            "",
            "for this test",
            (builder, text) -> {
              throw new IllegalArgumentException("never: " + text);
            });
    String message =
        assertThrows(IllegalArgumentException.class, () -> picky.apply("", "it")).getMessage();
    assertEquals("LIBPROCESS_X: never: it", message);
  }

  @Test
  void description_isForPeople() {
    assertEquals(
        "LIBPROCESS_PORT: where to listen (a number in 0..9; default: 0)", PORT.describe());
    assertEquals("LIBPROCESS_NAME: a name (a text; default: none)", NAME.describe());
  }
}
