package io.libprocess.example.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.jwt.Jwt;
import io.libprocess.http.jwt.JwtKey;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The order service with a PostgreSQL server that is killed and started again. */
@Timeout(180)
class OrderServerPostgresTest {

  private static final JwtKey KEY = JwtKey.hs256("a secret of at least thirty-two bytes");

  @TempDir static Path directory;
  private static Certificates.Identity authority;
  private static Certificates.Identity identity;
  private static Postgres postgres;

  @BeforeAll
  static void start() throws Exception {
    Certificates certificates = new Certificates(directory);
    authority = certificates.authority("shops");
    identity = certificates.forLocalhost(authority);
    postgres = Postgres.start();
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  private static OrderServer server() {
    Tls tls = Tls.builder().identity(identity.certificate(), identity.key()).build();
    OrderServer server = OrderServer.start(Config.builder(), tls, KEY, postgres.url());
    Expect.ready(server.createTable());
    return server;
  }

  private static HttpClient client() {
    Tls tls = Tls.builder().authorities(authority.certificate()).build();
    return HttpClient.start(ClientSettings.builder().tls(tls).perHost(32).build());
  }

  private static Url url(OrderServer server) {
    return Url.of("https", "localhost", server.node().address().port());
  }

  private static String token(String customer) {
    return Jwt.create(
            Map.of("sub", customer, "aud", "orders", "exp", Instant.now().getEpochSecond() + 3600),
            KEY)
        .token();
  }

  /** The server processes of the database behind the connections of the service. */
  private static Set<Integer> backends(Connection connection) throws SQLException {
    Set<Integer> pids = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select pid from pg_stat_activity where application_name = 'orders'")) {
      while (rows.next()) {
        pids.add(rows.getInt(1));
      }
    }
    return pids;
  }

  private static Set<Integer> backends() throws SQLException {
    try (Connection connection = postgres.connect()) {
      return backends(connection);
    }
  }

  private static int health(HttpClient client, Url url) {
    return Expect.ready(client.get(url.withTarget("/health"))).status().code();
  }

  @Test
  void database_thatIsKilledUnderLoad_costsNoAcknowledgedOrder_andNoService() throws Exception {
    try (OrderServer server = server();
        HttpClient client = client()) {
      Url url = url(server);
      Customers customers = new Customers(client, url, token("ann"));
      customers.begin(12);
      try {
        customers.awaitMore(200);
        for (int round = 0; round < 3; round++) {
          Set<Integer> before = backends();
          int refused = customers.answered(503) + customers.answered(504);
          if (round % 2 == 0) {
            postgres.kill();
          } else {
            postgres.stopImmediately();
          }
          Expect.until(
              () -> {
                Thread.sleep(5);
                return customers.answered(503) + customers.answered(504) > refused + 20;
              });
          assertEquals(503, health(client, url));
          postgres.restart();
          Expect.until(() -> health(client, url) == 200);
          customers.awaitMore(300);
          Set<Integer> after = backends();
          assertTrue(after.stream().noneMatch(before::contains), "not replaced: " + after);
          Expect.until(() -> backends().size() <= 8); // One that is given up may still be closing.
          assertTrue(!after.isEmpty());
        }
      } finally {
        customers.stop();
      }
      assertEquals(Set.of(), customers.wrong);
      for (int i = 0; i < 100; i++) { // All is well again.
        assertEquals(201, customers.order(UUID.randomUUID()));
      }
      checkTable(customers.acknowledged);
      System.out.println("Answers by status: " + customers.statuses);
      Map<String, Double> metrics = Expect.ready(server.node().metrics().snapshot());
      assertEquals(0, metrics.get("client/database/pending").longValue());
      assertEquals(0, metrics.get("server/orders/pending").longValue());
    }
    Expect.until(() -> backends().isEmpty());
  }

  /** Each order that was acknowledged is in the table once, and is the one that was told. */
  private static void checkTable(Map<UUID, Order> acknowledged) throws SQLException {
    assertTrue(acknowledged.size() >= 1000, acknowledged.size() + " orders");
    try (Connection connection = postgres.connect();
        PreparedStatement find =
            connection.prepareStatement("select number, item from orders where key = ?")) {
      for (Map.Entry<UUID, Order> each : acknowledged.entrySet()) {
        find.setObject(1, each.getKey());
        try (ResultSet rows = find.executeQuery()) {
          assertTrue(rows.next(), () -> "lost: " + each);
          assertEquals(each.getValue().number(), rows.getLong(1));
          assertEquals("item " + each.getKey(), rows.getString(2));
          assertTrue(!rows.next(), () -> "twice: " + each);
        }
      }
    }
  }

  @Test
  void orders_areFoundByTheirCustomersOnly_andKeysAreGoodForOneOrder() {
    try (OrderServer server = server();
        HttpClient client = client()) {
      Url url = url(server);
      Customers ann = new Customers(client, url, token("ann"));
      UUID key = UUID.randomUUID();
      assertEquals(201, ann.order(key));
      assertEquals(200, ann.order(key));
      Request other = ann.request(UUID.randomUUID()).withHeader(OrderService.KEY, "" + key);
      assertEquals(
          409, Expect.ready(client.send(url.withTarget("/orders"), other)).status().code());
      String path = "/orders/" + ann.acknowledged.get(key).number();
      assertEquals(200, get(client, url.withTarget(path), token("ann")));
      assertEquals(404, get(client, url.withTarget(path), token("bob")));
      assertEquals(404, get(client, url.withTarget("/orders/999999999"), token("ann")));
    }
  }

  private static int get(HttpClient client, Url url, String token) {
    Request request = Request.get(url.target()).withHeader("Authorization", "Bearer " + token);
    return Expect.ready(client.send(url, request)).status().code();
  }

  @Test
  void close_waitsForAnOrderInProgress() throws Exception {
    OrderServer server = server();
    try (HttpClient client = client();
        Connection locking = postgres.connect()) {
      Customers ann = new Customers(client, url(server), token("ann"));
      locking.setAutoCommit(false);
      UUID key = UUID.randomUUID();
      try (Statement statement = locking.createStatement()) {
        statement.execute("lock table orders in share mode"); // Nobody inserts.
        Future<Response> answer = client.send(url(server).withTarget("/orders"), ann.request(key));
        Expect.until(() -> waiting(locking) || !answer.isPending());
        Thread closing = new Thread(server::close);
        closing.start();
        Expect.until(() -> !accepts(server.node().address()));
        locking.commit();
        int status = Expect.ready(answer).status().code();
        assertTrue(status == 201 || status == 504, "answered " + status); // 504: a slow machine.
        closing.join();
      }
    }
  }

  private static boolean accepts(Address address) {
    try (Socket socket = new Socket(address.ip(), address.port())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean waiting(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select count(*) from pg_locks where not granted")) {
      rows.next();
      return rows.getInt(1) > 0;
    }
  }

  @Test
  void server_thatIsClosed_leavesNoThreadAndNoDescriptor() throws Exception {
    use(); // Loads classes, and opens what the JVM keeps.
    int threads = threads().size();
    int descriptors = descriptors();
    for (int i = 0; i < 3; i++) {
      use();
    }
    Expect.until(
        () -> {
          Thread.sleep(20);
          return threads().size() <= threads && descriptors() <= descriptors;
        });
  }

  private static void use() throws Exception {
    try (OrderServer server = server();
        HttpClient client = client()) {
      Customers customers = new Customers(client, url(server), token("ann"));
      customers.begin(4);
      customers.awaitMore(20);
      postgres.kill();
      postgres.restart();
      customers.awaitMore(20);
      customers.stop();
    }
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("libprocess-"))
        .toList();
  }

  private static int descriptors() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    }
  }

  @Test
  void deadline_thatPasses_isAnsweredWith504_andEndsTheQuery() throws Exception {
    try (OrderServer server = server();
        HttpClient client = client();
        Connection locking = postgres.connect()) {
      Customers ann = new Customers(client, url(server), token("ann"));
      locking.setAutoCommit(false);
      try (Statement statement = locking.createStatement()) {
        statement.execute("lock table orders in share mode");
        assertEquals(504, ann.order(UUID.randomUUID()));
        Expect.until(() -> !waiting(locking)); // The database has given it up, too.
        locking.rollback();
      }
      assertEquals(201, ann.order(UUID.randomUUID()));
    }
  }
}
