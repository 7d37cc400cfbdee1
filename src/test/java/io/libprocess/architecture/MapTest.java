package io.libprocess.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The map at the beginning of NOTES.md is that of {@link Layers}. */
@Timeout(600) // It computes, and waits for nobody.
class MapTest {

  private static final int NAMES_END = 19; // Then comes a column with a star, and the description.

  private record Row(int number, boolean exported) {}

  /** The rows of the map by the name of the layer, as {@link Layer#name} has it. */
  private static Map<String, Row> rows() throws IOException {
    String notes = Files.readString(Path.of("NOTES.md"));
    String map = notes.split("```")[1];
    Map<String, Row> rows = new LinkedHashMap<>();
    List<String> lines = map.lines().filter(line -> !line.isBlank()).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean exported = line.length() > NAMES_END && line.charAt(NAMES_END) == '*';
      for (String name : names(line)) {
        rows.put(name, new Row(i, exported));
      }
    }
    return rows;
  }

  private static List<String> names(String line) {
    boolean described = line.length() > NAMES_END + 5 && line.charAt(NAMES_END + 4) == ' ';
    String column = described ? line.substring(0, NAMES_END) : line;
    List<String> names = new ArrayList<>();
    for (String name : column.trim().split(" {2,}")) {
      names.add(
          name.replace("(root, facade)", "root facade")
              .replace("(root)", "root")
              .replace("(facade)", "facade"));
    }
    return names;
  }

  /** The notes name tests as those that hold a promise. */
  @Test
  void testsThatTheNotesName_exist() throws IOException {
    Set<String> tests;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      tests =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .collect(Collectors.toSet());
    }
    List<String> named =
        Pattern.compile("`([A-Z]\\w*Test)[`#.]")
            .matcher(Files.readString(Path.of("NOTES.md")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertTrue(named.size() > 30, named.toString());
    assertEquals(List.of(), named.stream().filter(name -> !tests.contains(name)).toList());
  }

  @Test
  void map_hasEveryRoomAndNoOther() throws IOException {
    assertEquals(
        new TreeSet<>(Layers.all().stream().map(Layer::name).toList()),
        new TreeSet<>(rows().keySet()));
  }

  @Test
  void map_saysWhatIsExported() throws IOException {
    Map<String, Row> rows = rows();
    for (Layer layer : Layers.all()) {
      assertEquals(layer.exported(), rows.get(layer.name()).exported(), layer.name());
    }
  }

  @Test
  void map_hasWhatIsUsedBelowWhoUsesIt() throws IOException {
    Map<String, Row> rows = rows();
    for (Layer upper : Layers.all()) {
      for (Layer lower : Layers.all()) {
        assertTrue(
            !Layers.isAbove(upper, lower)
                || rows.get(upper.name()).number() < rows.get(lower.name()).number(),
            upper.name() + " is not above " + lower.name());
      }
    }
  }
}
