package io.libprocess;

import io.libprocess.config.AsyncThreads;
import io.libprocess.config.MessageLimits;
import io.libprocess.config.ObserverAccess;
import io.libprocess.context.Propagation;
import io.libprocess.endpoints.SnapshotRate;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.server.HttpSettings;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.node.BuiltInEndpoints;
import io.libprocess.settings.Setting;
import io.libprocess.settings.Syntax;
import io.libprocess.settings.ThreadKind;
import io.libprocess.settings.Variables;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** The variables of {@link Config} itself and of the {@link MessageLimits} in it. */
final class ConfigSettings {

  private static final Syntax<InetAddress> IP = Syntax.of("an IP address", Address::parseIp);
  private static final Syntax<Integer> THREADS = Syntax.count(1, Config.Builder.MAX_THREADS);

  /** The settings of a node's client: where they do not say how, as the node does. */
  static ClientSettings client(ClientSettings given, Optional<Tls> tls, Propagation node) {
    ClientSettings.Builder settings = given.toBuilder();
    if (given.tls().isEmpty()) {
      tls.ifPresent(settings::tls);
    }
    if (given.propagation().isEmpty()) { // What the node's own port lets in is another question.
      settings.propagation(
          new Propagation(true, node.traceparent(), node.recorder(), node.sampling()));
    }
    return settings.build();
  }

  /** The settings of the built-in endpoints of a node. */
  static BuiltInEndpoints.Options endpoints(Config config, BooleanSupplier closing) {
    return new BuiltInEndpoints.Options(
        config.snapshotInterval(),
        config.memoryProfiling(),
        config.observer(),
        config.health(),
        closing);
  }

  /** Those of the configuration itself. */
  static final List<Setting<Config.Builder>> ALL =
      List.of(
          Setting.of("LIBPROCESS_IP", IP, "127.0.0.1", "where to listen", Config.Builder::ip),
          Setting.of(
              "LIBPROCESS_PORT",
              Syntax.count(0, Config.Builder.MAX_PORT),
              "0",
              "the port to listen on; 0 is any free one",
              Config.Builder::port),
          Setting.of(
              "LIBPROCESS_ADVERTISE_IP",
              IP,
              "",
              "the IP in UPIDs, if it is not the one listened on",
              Config.Builder::advertiseIp),
          Setting.of(
              "LIBPROCESS_ADVERTISE_PORT",
              Syntax.count(1, Config.Builder.MAX_PORT),
              "",
              "the port in UPIDs, if it is not the one listened on",
              Config.Builder::advertisePort),
          Setting.of(
              "LIBPROCESS_NUM_WORKER_THREADS",
              THREADS,
              "",
              "how many processes run at once; by default as many as there are processors",
              Config.Builder::workers),
          Setting.of(
              "LIBPROCESS_IO_THREADS",
              THREADS,
              "1",
              "how many event loops serve connections",
              Config.Builder::ioThreads),
          Setting.of(
              ThreadKind.VARIABLE,
              Syntax.oneOf(AsyncThreads.class),
              "auto",
              "what kind of threads blocking calls run on",
              Config.Builder::asyncThreads),
          Setting.of(
              "LIBPROCESS_STALL_THRESHOLD",
              Syntax.positiveDuration(),
              "1secs",
              "how long one event may take before it is reported",
              Config.Builder::stallThreshold),
          Setting.of(
              "LIBPROCESS_REQUIRE_PEER_ADDRESS_IP_MATCH",
              Syntax.bool(),
              "false",
              "whether a message's sender must have the IP of its connection",
              Config.Builder::requirePeerAddressIpMatch),
          Setting.of(
              "LIBPROCESS_MESSAGE_SECRET",
              Syntax.text(),
              "",
              "what nodes must know whose messages are accepted; empty: nothing",
              Config.Builder::messageSecret),
          Setting.of(
              "LIBPROCESS_CAUSALITY",
              Syntax.bool(),
              "false",
              "whether the cause of each dispatch and call is recorded",
              Config.Builder::causality),
          Setting.of(
              "LIBPROCESS_HTTP2",
              Syntax.bool(),
              Boolean.toString(HttpSettings.HTTP2),
              "whether clients may speak HTTP/2",
              Config.Builder::http2),
          Setting.of(
              "LIBPROCESS_MEMORY_PROFILING",
              Syntax.bool(),
              "false",
              "whether the heap can be profiled at /memory-profiler",
              Config.Builder::memoryProfiling),
          Setting.of(
              "LIBPROCESS_OBSERVER",
              Syntax.oneOf(ObserverAccess.class),
              "loopback",
              "which clients may open /observer: none, those on the node's own host, or all",
              Config.Builder::observer),
          Setting.of(
              "LIBPROCESS_MEMORY_BUDGET",
              Syntax.bytes(1, Long.MAX_VALUE),
              "",
              "bytes of bodies and answers held in memory; half of the heap by default",
              Config.Builder::memoryBudget),
          Setting.of(
              "LIBPROCESS_DRAIN_DELAY",
              Syntax.duration(),
              "0s",
              "how long closing goes on to serve, while /health tells load balancers to go away",
              Config.Builder::drainDelay),
          Setting.of(
              "LIBPROCESS_DRAIN_TIMEOUT",
              Syntax.positiveDuration(),
              "10secs",
              "how long closing waits for requests in progress, and then for processes",
              Config.Builder::drainTimeout),
          Setting.of(
              "LIBPROCESS_METRICS_SNAPSHOT_ENDPOINT_RATE_LIMIT",
              Syntax.of("a rate such as 2/1secs, or empty", SnapshotRate::interval),
              "2/1secs",
              "how often /metrics/snapshot answers; empty is no limit",
              Config.Builder::snapshotInterval));

  /** The variables of the limits of messages. */
  static final List<Setting<MessageLimits.Builder>> MESSAGES =
      List.of(
          Setting.of(
              "LIBPROCESS_MESSAGE_SIZE",
              Syntax.bytes(1, Integer.MAX_VALUE).map(Math::toIntExact),
              "128M",
              "how large a message may be, sent or received",
              MessageLimits.Builder::size),
          Setting.of(
              "LIBPROCESS_MESSAGE_QUEUE_BYTES",
              Syntax.bytes(1, Long.MAX_VALUE),
              "64M",
              "how many bytes may wait for one other node",
              MessageLimits.Builder::queuedBytes),
          Setting.of(
              "LIBPROCESS_MESSAGE_QUEUE_LENGTH",
              Syntax.count(1, Integer.MAX_VALUE),
              "1000000",
              "how many messages may wait for one other node",
              MessageLimits.Builder::queuedMessages),
          Setting.of(
              "LIBPROCESS_MESSAGE_QUEUE_TOTAL",
              Syntax.bytes(1, Long.MAX_VALUE),
              String.valueOf(MessageLimits.defaults().totalQueuedBytes()),
              "how many bytes may wait for all other nodes together",
              MessageLimits.Builder::totalQueuedBytes),
          Setting.of(
              "LIBPROCESS_MESSAGE_MAILBOX_BYTES",
              Syntax.bytes(1, Long.MAX_VALUE),
              String.valueOf(MessageLimits.defaults().mailboxBytes()),
              "how many bytes from other nodes may wait in a mailbox before their connections wait",
              MessageLimits.Builder::mailboxBytes),
          Setting.of(
              "LIBPROCESS_MESSAGE_CONNECTIONS",
              Syntax.count(1, Integer.MAX_VALUE),
              "512",
              "how many connections there may be to nodes that no process has linked to",
              MessageLimits.Builder::connections),
          Setting.of(
              "LIBPROCESS_MESSAGE_ANSWER_TIME",
              Syntax.positiveDuration(),
              "1mins",
              "how long an unlinked connection to an inactive peer is kept",
              MessageLimits.Builder::answerTime),
          Setting.of(
              "LIBPROCESS_MESSAGE_HEARTBEAT",
              Syntax.duration(),
              "0s",
              "the time within which a dead link that was not closed is detected; 0s turns this off",
              MessageLimits.Builder::heartbeat));

  private ConfigSettings() {}

  /** Makes a builder that holds the defaults, changed by variables. */
  static Config.Builder read(Variables variables) {
    Config.Builder builder = Config.builder();
    Tls.fromEnvironment(name -> variables.value(name).orElse(null)).ifPresent(builder::tls);
    Setting.read(ALL, variables, builder);
    builder.httpLimits(HttpSettings.read(variables));
    return builder.messageLimits(messageLimits(variables));
  }

  private static MessageLimits messageLimits(Variables variables) {
    MessageLimits.Builder builder = MessageLimits.builder();
    Setting.read(MESSAGES, variables, builder);
    return builder.build();
  }

  /** The names of all environment variables of a node. */
  static List<String> variables() {
    List<String> names = new ArrayList<>();
    ALL.forEach(setting -> names.add(setting.variable()));
    HttpSettings.ALL.forEach(setting -> names.add(setting.variable()));
    MESSAGES.forEach(setting -> names.add(setting.variable()));
    names.addAll(Tls.variables());
    return List.copyOf(names);
  }
}
