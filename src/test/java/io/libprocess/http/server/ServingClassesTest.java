package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServingClassesTest {

  private static final List<String> ROOMS =
      List.of(
          "internal",
          "internal.scheduler",
          "future",
          "stream",
          "net.nio",
          "http.http1",
          "http.coding");

  @Test
  void initialize_findsAllClasses() {
    ServingClasses.initialize();
  }

  @Test
  void names_holdAllClassesWithInitializersOfTheRoomsThatServingNeeds() throws Exception {
    Path root =
        Path.of(HttpServer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("io/libprocess");
    List<String> missing = new ArrayList<>();
    int found = 0;
    for (String room : ROOMS) {
      for (String name : withInitializer(root.resolve(room.replace('.', '/')))) {
        found++;
        boolean nameless = Character.isDigit(name.charAt(name.length() - 1)); // Compilers differ.
        if (!nameless && !ServingClasses.NAMES.contains(room + "." + name)) {
          missing.add(room + "." + name);
        }
      }
    }
    assertFalse(found < ROOMS.size(), "classes were found");
    assertEquals(List.of(), missing);
  }

  private static List<String> withInitializer(Path room) throws IOException, URISyntaxException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(room)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class")
            && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains("<clinit>")) {
          names.add(name.substring(0, name.length() - ".class".length()));
        }
      }
    }
    return names;
  }
}
