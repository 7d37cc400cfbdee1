package io.libprocess.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.config.ObserverAccess;
import io.libprocess.internal.json.Json;
import io.libprocess.support.Expect;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(Node node, String... options) {
    List<String> args = new ArrayList<>(List.of("top", node.address().toString()));
    args.addAll(List.of(options));
    return Main.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void table_hasTheProcesses() {
    try (Node node = Node.start(Config.builder().build())) {
      node.spawn(new Echo());

      assertEquals(0, run(node, "--count", "2", "--rows", "100"));
      List<String> lines = out().lines().toList();
      assertTrue(lines.get(0).startsWith(node.address() + "  process "), out());
      assertEquals(2, lines.stream().filter(line -> line.startsWith("PROCESS ")).count());
      assertEquals(2, lines.stream().filter(line -> line.matches("echo +Echo +0 .*")).count());
      assertFalse(out().contains("\u001b"), "control sequences in a file");
    }
  }

  @Test
  void json_isOneLineEachTime() {
    try (Node node = Node.start(Config.builder().build())) {
      assertEquals(0, run(node, "--json", "--count", "2", "--rows", "3"));
      List<String> lines = out().lines().toList();
      assertEquals(2, lines.size());
      Map<?, ?> line = (Map<?, ?>) Json.parse(lines.get(1));
      assertEquals(node.address().toString(), line.get("address"));
      assertEquals(3, ((List<?>) line.get("top")).size());
    }
  }

  @Test
  void nodeThatIsClosed_endsTheTable() throws Exception {
    int[] result = {-1};
    Thread top;
    try (Node node = Node.start(Config.builder().build())) {
      top = new Thread(() -> result[0] = run(node, "--json"));
      top.start();
      Expect.until(() -> out().contains("\n"));
    }
    top.join();
    String said = err.toString(StandardCharsets.UTF_8); // If a slow machine had to cut the stream.
    assertEquals(result[0] == 0, said.isEmpty(), said);
    assertTrue(said.isEmpty() || said.startsWith("libprocess: http"), said);
  }

  @Test
  void nodeWithoutAnObserver_isSaidToHaveNone() {
    try (Node node = Node.start(Config.builder().observer(ObserverAccess.OFF).build())) {
      assertEquals(1, run(node));
      assertTrue(err.toString(StandardCharsets.UTF_8).contains("404"), err::toString);
    }
  }

  @Test
  void changes_areAppliedToWhatWasTold() {
    TopTable table = new TopTable(TopTable.Order.WAITING, 10);
    table.hello("{\"address\":\"a:1\",\"pid\":1,\"java\":\"17\",\"workers\":2}");
    table.tick(
        "{\"point\":{\"t\":1000},\"total\":2,\"all\":true,"
            + "\"rows\":[[0,\"one\",\"p.One\",5,0,0,0],[1,\"two\",\"p.Two\",7,0,0,0]],"
            + "\"changes\":[],\"gone\":[]}");
    table.tick(
        "{\"point\":{\"t\":2000},\"total\":2,\"all\":false,"
            + "\"rows\":[[2,\"three\",\"p.Three\",1,0,0,1000]],"
            + "\"changes\":[[0,9,3,500,0]],\"gone\":[1]}");
    List<String> rows = table.lines().subList(5, table.lines().size());
    assertEquals(2, rows.size());
    assertTrue(rows.get(0).matches("one +One +9 +3 +50\\.0 % +-"), rows.get(0));
    assertTrue(rows.get(1).matches("three +Three +1 +0 +0\\.0 % +1 s ago"), rows.get(1));
  }
}
