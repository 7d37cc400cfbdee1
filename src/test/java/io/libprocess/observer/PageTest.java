package io.libprocess.observer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.net.Address;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser, for a busy node. */
@Timeout(600) // Nothing here depends on how fast the machine is.
class PageTest {

  private static BusyNode busy;
  private static Browser browser;

  @BeforeAll
  @Timeout(300)
  static void start() throws Exception {
    busy = new BusyNode(10_000, 0);
    browser = Browser.open("about:blank", 1280, 800);
    browser.go(busy.url()); // Once, because it has thousands of processes to show.
  }

  @AfterAll
  static void close() throws Exception {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      busy.close();
    }
  }

  @BeforeEach
  @Timeout(300)
  void open() throws Exception {
    browser.resize(1280, 800);
    view("overview");
    browser.await("document.getElementById('status').dataset.state === 'live'");
  }

  /**
   * Whatever a test does, the console has no errors, and nothing is requested from another host.
   */
  @AfterEach
  void check() {
    assertEquals(List.of(), browser.problems());
    for (String url : browser.requested()) {
      assertTrue(url.startsWith("data:") || url.startsWith("about:") || isOfNode(url), url);
    }
  }

  private static boolean isOfNode(String url) {
    return url.startsWith("http://" + busy.node.address() + "/");
  }

  private String text(String selector) throws Exception {
    return (String) browser.evaluate("document.querySelector('" + selector + "').innerText");
  }

  private void view(String name) throws Exception {
    browser.evaluate("location.hash = '#" + name + "'");
    browser.await("!document.getElementById('view-" + name.split("/")[0] + "').hidden");
  }

  private void type(String id, String text) throws Exception {
    browser.evaluate(
        "(() => { const input = document.getElementById('%s'); input.value = '%s'; input.dispatchEvent(new Event('input')); })()"
            .formatted(id, text));
  }

  /** The texts of a column of a table, of the rows that are in the document, in their order. */
  private static String column(String table, int number) {
    return ("[...document.querySelectorAll('#%s .row:not([hidden])')]"
            + ".sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)"
            + ".map((row) => row.children[%d].innerText)")
        .formatted(table, number);
  }

  @Test
  void overview_showsNumbersThatMove() throws Exception {
    browser.await("document.querySelector('[data-tile=processes] .value')");
    String processes = text("[data-tile=processes] .value").replace(",", "");
    assertTrue(Integer.parseInt(processes) > 10_000, processes);

    browser.await("document.querySelector('[data-chart=events] path.line')?.getAttribute('d')");
    String line = "document.querySelector('[data-chart=events] path.line').getAttribute('d')";
    browser.evaluate("window.before = " + line);
    browser.await("window.before !== " + line + " && " + line + ".includes('L')");
    browser.await("document.getElementById('busiest').innerText.includes('hot')");
  }

  @Test
  void processes_areSortedAndFiltered() throws Exception {
    view("processes");
    browser.await(column("process-table", 0) + "[0] === 'slow'"); // By how busy they are.
    long rows =
        ((Number) number("document.querySelectorAll('#process-table .row').length")).longValue();
    assertTrue(rows < 100, rows + " rows are in the document");

    browser.evaluate("document.querySelector('#process-table [data-key=id] button').click()");
    browser.evaluate("document.querySelector('#process-table [data-key=id] button').click()");
    browser.await(column("process-table", 0) + "[0] === 'ticking-4'");
    browser.evaluate("document.querySelector('#process-table [data-key=depth] button').click()");
    browser.await(column("process-table", 0) + "[0] === 'slow'");
    browser.await("parseInt(" + column("process-table", 2) + "[0]) > 0");

    type("process-filter", "idle-77");
    browser.await("document.getElementById('process-count').innerText.startsWith('111 of')");
    browser.evaluate(
        "document.querySelector('#process-table .body').scrollTop = 111 * 28"); // To the end.
    browser.await(column("process-table", 0) + ".every((id) => id.startsWith('idle-77'))");
  }

  private Object number(String expression) throws Exception {
    return Long.valueOf(browser.evaluate(expression).toString());
  }

  @Test
  void process_showsWhatWaitsAndIsTraced() throws Exception {
    view("processes/slow");
    browser.await("document.querySelectorAll('#detail .events li').length > 3");
    assertTrue(text("#detail").contains("BusyNode$Slow"));
    assertTrue(text("#detail .events").contains("work"));

    browser.evaluate("document.querySelector('#detail button[aria-pressed]').click()");
    browser.await("document.querySelectorAll('#detail .trace tbody tr').length > 3");
    browser.await(
        "[...document.querySelectorAll('#detail .trace tbody tr')].some((row) => row.innerText.includes('work'))");

    browser.call("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", "Escape"));
    browser.await("document.getElementById('detail').hidden");
  }

  @Test
  void metrics_areSearched() throws Exception {
    view("metrics");
    browser.await(column("metric-table", 0) + ".length > 5");
    type("metric-filter", "HEAP used");
    browser.await(column("metric-table", 0) + ".join() === 'jvm/heap_used_bytes'");
  }

  @Test
  void log_isShownAsItIsWritten() throws Exception {
    view("log");
    System.getLogger("some.application").log(System.Logger.Level.WARNING, "a <b>line</b>");
    browser.await("document.getElementById('log-lines').innerText.includes('a <b>line</b>')");
    type("log-filter", "nothing of the kind");
    browser.await("!document.getElementById('log-lines').innerText.includes('<b>')");
  }

  @Test
  void log_thatCannotBeShown_isSaidToBeSo() throws Exception {
    view("log");
    String shown =
        (String)
            browser.evaluate(
                "import('/observer/log.js').then(({ Log }) => { const log = new Log();"
                    + " log.backend('org.some.log'); log.shown();"
                    + " return document.getElementById('log-lines').innerText; })");
    assertEquals(
        "Lines cannot be shown: System.Logger writes to org.some.log, not to java.util.logging.",
        shown);
  }

  @Test
  void profile_hasTheHotMethod() throws Exception {
    view("profile");
    browser.evaluate(
        "document.getElementById('profile-seconds').add(new Option('1 s', '1', true, true))");
    do { // Again, if a busy machine left the method no time in which it was sampled.
      browser.evaluate("document.getElementById('profile-start').click()");
      browser.await("!document.getElementById('profile-start').disabled");
    } while (!isInFlame("BusyNode$Hot.burn"));
    browser.await(column("hot-table", 0) + ".some((name) => name.endsWith('BusyNode$Hot.burn'))");
    String start =
        (String)
            browser.evaluate(
                "fetch('/observer/recording').then((r) => r.arrayBuffer()).then((b) => String.fromCharCode(...new Uint8Array(b.slice(0, 3))))");
    assertEquals("FLR", start);
  }

  private boolean isInFlame(String method) throws Exception {
    String isFrame = "(one) => one.title.includes('" + method + "')";
    String frames = "[...document.querySelectorAll('.flame .frame')]";
    return Boolean.TRUE.equals(browser.evaluate(frames + ".some(" + isFrame + ")"));
  }

  @Test
  void links_showProcessesAndTheOtherNode() throws Exception {
    try (Node other = Node.start(Config.builder().build())) {
      PID<Linked> there = other.spawn(new Linked(null));
      busy.node.spawn(new Linked(there));
      view("links");
      String peers = column("peer-table", 0);
      browser.await(peers + ".join() === '" + other.address() + "'");
      browser.await(column("peer-table", 2) + "[0] === '1'"); // One link to it.
      browser.await(column("link-table", 0) + ".includes('ticking-3')");
      browser.await(column("link-table", 1) + ".some((to) => to.includes('" + there.id() + "'))");
      String node = "document.querySelector('#graph a')";
      browser.await(node + "?.ariaLabel.includes('" + other.address() + ": 1 links to it')");
      assertEquals(
          "http://" + other.address() + "/observer",
          browser.evaluate(node + ".getAttribute('href')"));
      browser.await("document.querySelector('#graph line.edge:not(.quiet)')");
    }
  }

  /** A process that links to another one, if there is one. */
  private static final class Linked extends Process<Linked> {
    private final PID<Linked> to; // Null: none.

    Linked(PID<Linked> to) {
      this.to = to;
    }

    @Override
    protected void initialize() {
      if (to != null) {
        link(to);
      }
    }
  }

  @Test
  void traffic_showsRequestsWithoutAnswerAndConnections() throws Exception {
    Address address = busy.node.address();
    try (Socket socket = new Socket(address.ip(), address.port())) {
      String client = socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
      socket
          .getOutputStream()
          .write("GET /slow/wait HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      view("traffic");
      browser.await(column("request-table", 1) + ".includes('/slow/wait')");
      String row =
          "[...document.querySelectorAll('#connection-table .row:not([hidden])')]"
              + ".find((row) => row.children[0].innerText === '%s')".formatted(client);
      browser.await(row + "?.children[1].innerText === 'plain'");
      browser.await(row + "?.children[2].innerText === '1'");
      browser.await("parseInt(document.getElementById('connection-count').innerText) > 1");
      socket.setSoLinger(true, 0); // Otherwise the client might still want the answer.
    }
    browser.await("!" + column("request-table", 1) + ".includes('/slow/wait')");
  }

  @Test
  void narrowViews_doNotOverflow() throws Exception {
    browser.resize(320, 640);
    for (String name : Screenshots.VIEWS) {
      view(name);
      browser.await("document.querySelector('[data-tile]') || location.hash !== '#overview'");
      Object widest =
          number("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)");
      assertEquals(320L, widest, name);
    }
  }
}
