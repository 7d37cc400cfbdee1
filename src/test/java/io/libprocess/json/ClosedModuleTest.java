package io.libprocess.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A record of a module that does not open its package is refused, with what has to be done. */
@Timeout(100)
class ClosedModuleTest {

  @TempDir Path directory;

  /** A record of a module that declares what is given. */
  private Class<?> order(String declaration) throws Exception {
    Path module = directory.resolve("module-info.java");
    Path order = directory.resolve("Order.java");
    Path classes = directory.resolve("classes");
    Files.writeString(module, "module shop { " + declaration + " }");
    Files.writeString(order, "package shop.api; public record Order(String item, int count) {}");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), module.toString(), order.toString());
    assertEquals(0, status);
    ModuleLayer boot = ModuleLayer.boot();
    Configuration resolved =
        boot.configuration().resolve(ModuleFinder.of(classes), ModuleFinder.of(), Set.of("shop"));
    return boot.defineModulesWithOneLoader(resolved, getClass().getClassLoader())
        .findLoader("shop")
        .loadClass("shop.api.Order");
  }

  @Test
  void closedPackage_isNamedWithTheDeclarationThatOpensIt() throws Exception {
    Class<?> order = order("");
    String text =
        assertThrows(IllegalArgumentException.class, () -> JsonType.of(order)).getMessage();
    assertTrue(text.contains("its module has to say 'opens shop.api;'"), text);
  }

  @Test
  void thatDeclaration_opensIt() throws Exception {
    Class<?> order = order("opens shop.api;");
    Object tea = order.getConstructor(String.class, int.class).newInstance("tea", 2);
    assertEquals("{\"item\":\"tea\",\"count\":2}", text(JsonType.of(order), tea));
  }

  private static <T> String text(JsonType<T> type, Object value) {
    @SuppressWarnings("unchecked") // The value is of the class that the type was made of.
    T checked = (T) value;
    return type.text(checked);
  }
}
