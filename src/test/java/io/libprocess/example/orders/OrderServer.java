package io.libprocess.example.orders;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.config.Health;
import io.libprocess.future.Future;
import io.libprocess.http.filter.AccessLog;
import io.libprocess.http.filter.RequestId;
import io.libprocess.http.filter.SecurityHeaders;
import io.libprocess.http.jwt.JwtAuthenticator;
import io.libprocess.http.jwt.JwtKey;
import io.libprocess.http.jwt.JwtRules;
import io.libprocess.net.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * A server of orders: TLS, tokens, access log, request ids, metrics at {@code /metrics/snapshot},
 * {@code /health} for load balancers, and an end that loses no request.
 */
final class OrderServer implements AutoCloseable {

  private static final String AUDIENCE = "orders";

  private final Node node;
  private final OrderStore store;

  private OrderServer(Node node, OrderStore store) {
    this.node = node;
    this.store = store;
  }

  /**
   * Starts a server.
   *
   * @param config at least its port
   * @param key by which tokens are signed
   * @param database its URL, for JDBC
   */
  static OrderServer start(Config.Builder config, Tls tls, JwtKey key, String database) {
    JwtRules rules = JwtRules.standard().audience(AUDIENCE).expiring();
    Health health = new Health();
    Node node =
        Node.start(
            config
                .tls(tls)
                .authenticator(
                    OrderService.REALM,
                    new JwtAuthenticator(OrderService.REALM, key).rules(rules).named("sub"))
                .filter(AccessLog.json())
                .filter(RequestId.fresh())
                .filter(SecurityHeaders.standard())
                .messageSecret(UUID.randomUUID().toString()) // No other node sends messages.
                .health(health)
                .drainTimeout(Duration.ofSeconds(5))
                .build());
    OrderStore store = new OrderStore(node, database);
    health.check("database", store::isUp);
    node.spawn(new OrderService(store));
    return new OrderServer(node, store);
  }

  Node node() {
    return node;
  }

  /** Makes the table if there is none. */
  Future<Void> createTable() {
    return store.createTable();
  }

  /** Answers the requests that are there, and takes no more. */
  @Override
  public void close() {
    node.close();
    store.close().await();
  }

  /** The arguments: certificate, its key, the key of the tokens, and the URL of the database. */
  public static void main(String[] arguments) throws InterruptedException {
    Tls tls = Tls.builder().identity(Path.of(arguments[0]), Path.of(arguments[1])).build();
    Config.Builder config = Config.fromEnvironment().drainDelay(Duration.ofSeconds(5));
    OrderServer server = OrderServer.start(config, tls, JwtKey.hs256(arguments[2]), arguments[3]);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    server.createTable().get();
    Thread.currentThread().join(); // The threads of a node are daemons.
  }
}
