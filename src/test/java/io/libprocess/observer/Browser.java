package io.libprocess.observer;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.libprocess.e2e.Program;
import io.libprocess.internal.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A Chromium without a window, driven by its DevTools protocol. */
public final class Browser implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final java.lang.Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Map<?, ?>>> answers = new ConcurrentHashMap<>();
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private final List<String> requested = Collections.synchronizedList(new ArrayList<>());

  /**
   * Opens a page; the calling test ends here if there is no Chromium.
   *
   * @param options of its command line, besides the usual ones
   */
  public static Browser open(String url, int width, int height, String... options)
      throws Exception {
    return new Browser(Program.named("chromium").path(), url, width, height, options);
  }

  private Browser(String program, String url, int width, int height, String... options)
      throws Exception {
    profile = Files.createTempDirectory("chromium");
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars=false",
            "--remote-debugging-port=0",
            "--window-size=" + width + "," + height,
            "--user-data-dir=" + profile,
            "about:blank"));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output").toFile())
            .start();
    socket = connect(port());
    call("Runtime.enable", Map.of());
    call("Log.enable", Map.of());
    call("Page.enable", Map.of());
    call("Network.enable", Map.of());
    resize(width, height);
    call("Page.navigate", Map.of("url", url));
  }

  private int port() throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(file) && Files.readString(file).contains("\n")) {
        return Integer.parseInt(Files.readString(file).lines().findFirst().orElseThrow());
      }
      Thread.sleep(20);
    }
    return fail("Chromium did not start: " + Files.readString(profile.resolve("output")));
  }

  private WebSocket connect(int port) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    String targets =
        client
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json")).build(),
                BodyHandlers.ofString())
            .body();
    String url =
        ((List<?>) Json.parse(targets))
            .stream()
                .map(target -> (Map<?, ?>) target)
                .filter(target -> "page".equals(target.get("type")))
                .map(target -> (String) target.get("webSocketDebuggerUrl"))
                .findFirst()
                .orElseThrow();
    return client
        .newWebSocketBuilder()
        .buildAsync(URI.create(url), new Answers())
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Takes what the browser says. */
  private final class Answers implements WebSocket.Listener {

    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        told((Map<?, ?>) Json.parse(whole));
      }
      from.request(1);
      return null;
    }
  }

  private void told(Map<?, ?> message) {
    if (message.get("id") != null) {
      answers.remove(Integer.parseInt(message.get("id").toString())).complete(message);
      return;
    }
    Map<?, ?> parameters = (Map<?, ?>) message.get("params");
    switch ((String) message.get("method")) {
      case "Runtime.exceptionThrown" -> problems.add(Json.text(parameters));
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(parameters.get("type"))) {
          problems.add(Json.text(parameters));
        }
      }
      case "Log.entryAdded" -> {
        Map<?, ?> entry = (Map<?, ?>) parameters.get("entry");
        if (List.of("error", "warning").contains(entry.get("level"))) {
          problems.add(Json.text(parameters));
        }
      }
      case "Network.requestWillBeSent" ->
          requested.add((String) ((Map<?, ?>) parameters.get("request")).get("url"));
      default -> {
        // Of no interest.
      }
    }
  }

  /** Calls a method of the protocol; its result. */
  Map<?, ?> call(String method, Map<String, ?> parameters) throws Exception {
    int number = numbers.incrementAndGet();
    CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
    answers.put(number, answer);
    String text = Json.text(Map.of("id", number, "method", method, "params", parameters));
    socket.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    Map<?, ?> message = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(message.get("result"), () -> method + ": " + message);
    return (Map<?, ?>) message.get("result");
  }

  /** The value of an expression, or of what it promises. */
  public Object evaluate(String expression) throws Exception {
    Map<?, ?> result =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    assertTrue(result.get("exceptionDetails") == null, () -> expression + ": " + result);
    return ((Map<?, ?>) result.get("result")).get("value");
  }

  /** Waits until an expression is true. */
  public void await(String expression) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!isTrue(expression)) {
      if (System.nanoTime() > end) {
        fail(
            "not true in time: "
                + expression
                + "; the page says: "
                + evaluate("document.body.innerText"));
      }
      Thread.sleep(50);
    }
  }

  /** Whether an expression is true; false if it fails, as it may while the page is not complete. */
  private boolean isTrue(String expression) throws Exception {
    Map<?, ?> result =
        call("Runtime.evaluate", Map.of("expression", "Boolean(" + expression + ")"));
    return Boolean.TRUE.equals(((Map<?, ?>) result.get("result")).get("value"));
  }

  /** Goes to a page, and forgets what was said and requested before. */
  public void go(String url) throws Exception {
    call("Page.navigate", Map.of("url", "about:blank"));
    problems.clear();
    requested.clear();
    call("Page.navigate", Map.of("url", url));
  }

  /** Makes the window another size. */
  void resize(int width, int height) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Makes the system prefer light or dark. */
  void prefer(String scheme) throws Exception {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Writes a picture of the window into a file. */
  void screenshot(Path file) throws Exception {
    String data = (String) call("Page.captureScreenshot", Map.of("format", "png")).get("data");
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** Errors and warnings of the console, and exceptions. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** All that was requested. */
  List<String> requested() {
    return List.copyOf(requested);
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(Browser::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A process of the browser that has not quite ended may still write; the system cleans up.
    }
  }
}
