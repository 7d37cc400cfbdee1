package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProvideTest {

  @TempDir static Path directory;

  private final Node node = Node.start(Config.builder().build());
  private RawClient client;

  /** Provides files that the test has written. */
  private static final class Provider extends Process<Provider> {
    Provider() {
      super("files");
    }

    @Override
    protected void initialize() {
      provide("", directory.resolve("index.html"));
      provide("tree", directory.resolve("tree"));
      provide("a name", directory.resolve("large"));
      provide("typed", directory.resolve("tree"), Map.of("html", "text/x-own"));
      route("/tree/routed", "A route.", request -> Future.of(Response.ok("routed")));
      assertThrows(IllegalArgumentException.class, () -> provide("a/b", directory));
    }
  }

  @BeforeEach
  void start() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree/sub"));
    Files.writeString(directory.resolve("index.html"), "index");
    Files.writeString(directory.resolve("secret"), "secret");
    Files.writeString(tree.resolve("page.html"), "page");
    Files.writeString(tree.resolve("a b+c.txt"), "blank");
    Files.writeString(tree.resolve("no-extension"), "none");
    node.spawn(new Provider());
    client = new RawClient(node.address().port());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    node.close();
  }

  @Test
  void HTTPTest_ProvideSendfile() throws IOException {
    assertEquals("index", client.fetch("/files").text());
    assertEquals("index", client.fetch("/files/").text());

    byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    Files.write(directory.resolve("large"), large);
    assertArrayEquals(large, client.fetch("/files/a%20name").body());
    assertEquals("index", client.fetch("/files").text(), "the connection goes on");
  }

  @ParameterizedTest
  @CsvSource({
    "/files/tree/sub/page.html, page, text/html",
    "/files//tree//sub/page.html, page, text/html",
    "/files/tree/sub/page.html?x=y, page, text/html",
    "/files/tree/sub/a%20b+c.txt, blank, text/plain",
    "/files/tree/sub/no-extension, none,",
    "/files/typed/sub/page.html, page, text/x-own",
    "/files/typed/sub/a%20b+c.txt, blank,",
    "/files/tree/routed, routed, text/plain; charset=utf-8",
  })
  void path_namesAFile(String path, String text, String type) throws IOException {
    Reply reply = client.fetch(path.replace("//", "/"));
    assertEquals(200, reply.status());
    assertEquals(text, reply.text());
    assertEquals(Optional.ofNullable(type), reply.header("Content-Type"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/files/tree",
        "/files/tree/",
        "/files/tree/sub",
        "/files/tree/missing",
        "/files/tree/sub/page.html/more",
        "/files/unknown",
        "/files/secret",
        "/files/tree/../secret",
        "/files/tree/%2e%2e/secret",
        "/files/tree/.%2E/secret",
        "/files/tree/%2e%2e%2fsecret",
        "/files/tree/..%5csecret",
        "/files/tree/sub%2fpage.html",
        "/files/tree/%00",
        "/files/tree/%2e/sub/page.html",
        "/files/tree/%zz",
        "/files/%2e%2e/secret",
        "/files//etc/passwd",
        "/files/tree//etc/passwd",
        "/files/tree/%2fetc/passwd",
        "/files/tree/C:%5cwindows",
      })
  void path_thatNamesNoFileOfTheAsset(String path) throws IOException {
    assertEquals(404, client.fetch(path).status());
  }

  /** Paths that no file system allows are not looked up, and nothing is logged about them. */
  @Test
  void path_thatIsTooDeepOrTooLong_isNotThere() throws IOException {
    try (LogCapture log = new LogCapture()) {
      for (String below :
          List.of(
              "a/".repeat(3900),
              "a/".repeat(254) + "a",
              "a".repeat(300),
              "%C3%A9".repeat(128),
              "a".repeat(255),
              ("a".repeat(200) + "/").repeat(30),
              "sub/page.html/" + "a/".repeat(100),
              "sub/page.html/" + "a".repeat(255))) {
        assertEquals(404, client.fetch("/files/tree/" + below).status(), below);
      }
      assertEquals("page", client.fetch("/files" + "/".repeat(7900) + "tree/sub/page.html").text());
      assertEquals(List.of(), log.warnings());
    }
  }

  /** Opening a pipe, for instance, would wait for a writer. */
  @Test
  void whatIsNoRegularFile_isNotThere() throws IOException {
    Path path = directory.resolve("tree/socket");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        LogCapture log = new LogCapture()) {
      socket.bind(UnixDomainSocketAddress.of(path));
      assertEquals(404, client.fetch("/files/tree/socket").status());
      assertEquals(List.of(), log.warnings());
    }
  }

  @Test
  void names_mayBeAsLongAsTheFileSystemHasThem() throws IOException {
    String name = "n".repeat(255);
    Files.writeString(directory.resolve("tree/" + name), "long");
    assertEquals("long", client.fetch("/files/tree/" + name).text());
  }

  @Test
  void method_otherThanGetAndHead() throws IOException {
    Reply reply = client.send(RawClient.post("/files", "body")).reply();
    assertEquals(405, reply.status());
    assertEquals(Optional.of("GET, HEAD"), reply.header("Allow"));
    assertEquals("index", client.fetch("/files").text());
  }

  @Test
  void pipelined_filesKeepTheirOrder() throws IOException {
    byte[] large = new byte[2 << 20];
    new Random(2).nextBytes(large);
    Files.write(directory.resolve("large"), large);
    client.send(
        RawClient.get("/files/a%20name")
            + RawClient.get("/files")
            + RawClient.get("/files/a%20name"));

    assertArrayEquals(large, client.reply().body());
    assertEquals("index", client.reply().text());
    assertArrayEquals(large, client.reply().body());
  }
}
