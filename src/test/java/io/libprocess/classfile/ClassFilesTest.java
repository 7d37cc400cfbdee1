package io.libprocess.classfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ClassFilesTest {

  private static class Base {
    @SuppressWarnings("unused") // Read from the class file.
    final List<String> list = new ArrayList<>();
  }

  private static final class Derived extends Base implements Supplier<String> {
    @Override
    public String get() {
      return "";
    }
  }

  private static ClassFiles tests() throws Exception {
    return ClassFiles.in(
        Path.of(ClassFilesTest.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
  }

  @Test
  void in_readsAllBelowAFolder() throws Exception {
    ClassFiles files = tests();

    assertTrue(files.find(Derived.class.getName()).isPresent());
    assertTrue(files.find("java.lang.Object").isEmpty());
    assertTrue(files.all().size() > 100);
  }

  @Test
  void supertypes_areThoseOfTheFolderAndOfTheJdk() throws Exception {
    assertEquals(
        Set.of(
            Derived.class.getName(),
            Base.class.getName(),
            "java.lang.Object",
            "java.util.function.Supplier"),
        tests().withSupertypes(Derived.class.getName()));
  }

  @Test
  void supertypes_ofWhatIsUnknownAreItselfAlone() throws Exception {
    assertEquals(Set.of("no.such.Type"), tests().withSupertypes("no.such.Type"));
  }

  @Test
  void targets_areTheMembersOfAllSupertypes() throws Exception {
    Use use = new Use("java.util.ArrayList", "parallelStream", "()Ljava/util/stream/Stream;", 1);

    assertTrue(tests().targets(use).contains("java.util.Collection.parallelStream()"));
  }
}
