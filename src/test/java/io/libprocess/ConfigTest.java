package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.config.AsyncThreads;
import io.libprocess.config.MessageLimits;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Limits;
import io.libprocess.http.Status;
import io.libprocess.http.Url;
import io.libprocess.http.server.HttpSettings;
import io.libprocess.net.Address;
import io.libprocess.settings.Setting;
import io.libprocess.settings.Variables;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {

  private static Config environment(String... namesAndValues) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return ConfigSettings.read(Variables.of(environment, property -> null)).build();
  }

  @Test
  void defaults_listenOnLoopback() {
    Config config = environment();
    assertEquals(Address.parseIp("127.0.0.1"), config.ip());
    assertEquals(0, config.port());
    assertEquals(Optional.empty(), config.advertiseIp());
    assertEquals(Optional.empty(), config.advertisePort());
    assertEquals(Runtime.getRuntime().availableProcessors(), config.workers());
    assertEquals(1, config.ioThreads());
    assertEquals(AsyncThreads.AUTO, config.asyncThreads());
    assertEquals(Duration.ofSeconds(1), config.stallThreshold());
    assertFalse(config.requirePeerAddressIpMatch());
  }

  @Test
  void eachVariable_isRead() {
    Config config =
        environment(
            "LIBPROCESS_IP", "10.1.2.3",
            "LIBPROCESS_PORT", " 65535 ",
            "LIBPROCESS_ADVERTISE_IP", "10.3.2.1",
            "LIBPROCESS_ADVERTISE_PORT", "1",
            "LIBPROCESS_NUM_WORKER_THREADS", "1024",
            "LIBPROCESS_IO_THREADS", "2",
            "LIBPROCESS_ASYNC_THREADS", "Platform",
            "LIBPROCESS_STALL_THRESHOLD", "1.5secs",
            "LIBPROCESS_REQUIRE_PEER_ADDRESS_IP_MATCH", "1",
            "LIBPROCESS_UNKNOWN", "ignored");
    assertEquals(Address.parseIp("10.1.2.3"), config.ip());
    assertEquals(65535, config.port());
    assertEquals(Optional.of(Address.parseIp("10.3.2.1")), config.advertiseIp());
    assertEquals(Optional.of(1), config.advertisePort());
    assertEquals(1024, config.workers());
    assertEquals(2, config.ioThreads());
    assertEquals(AsyncThreads.PLATFORM, config.asyncThreads());
    assertEquals(Duration.ofMillis(1500), config.stallThreshold());
    assertTrue(config.requirePeerAddressIpMatch());
  }

  @Test
  void httpLimits_areRead() {
    Limits limits =
        environment(
                "LIBPROCESS_HTTP_MAX_REQUEST_LINE", "16k",
                "LIBPROCESS_HTTP_MAX_HEAD", "32768",
                "LIBPROCESS_HTTP_MAX_FIELDS", "7",
                "LIBPROCESS_HTTP_MAX_BODY", "3G",
                "LIBPROCESS_HTTP_MAX_CHUNK_LINE", "99",
                "LIBPROCESS_HTTP_MAX_TRAILERS", "1M",
                "LIBPROCESS_HTTP_MAX_PIPELINED", "5",
                "LIBPROCESS_HTTP_HEAD_TIMEOUT", "1secs",
                "LIBPROCESS_HTTP_IDLE_TIMEOUT", "2mins",
                "LIBPROCESS_HTTP_BODY_TIMEOUT", "500ms",
                "LIBPROCESS_HTTP2_MAX_RESETS", "1",
                "LIBPROCESS_HTTP2_RESETS_PER_SECOND", "2",
                "LIBPROCESS_HTTP2_MAX_ODDITIES", "300",
                "LIBPROCESS_HTTP2_ODDITIES_PER_SECOND", "4",
                "LIBPROCESS_HTTP2_MAX_WINDOW", "1M",
                "LIBPROCESS_HTTP2_MAX_GROWTH", "2M",
                "LIBPROCESS_HTTP2_PING", "3secs",
                "LIBPROCESS_HTTP2_MAX_AGE", "1hrs",
                "LIBPROCESS_HTTP2_MAX_EMPTY_DATA", "11",
                "LIBPROCESS_HTTP2_MAX_CONTINUATIONS", "12",
                "LIBPROCESS_HTTP2_MAX_SETTINGS", "13",
                "LIBPROCESS_HTTP2_MAX_CONTROL_FRAMES", "114",
                "LIBPROCESS_HTTP2_MAX_WAITING", "15")
            .httpLimits();
    assertEquals(
        new Limits(
            16 << 10,
            32 << 10,
            7,
            3L << 30,
            99,
            1 << 20,
            5,
            Duration.ofSeconds(1),
            Duration.ofMinutes(2),
            Duration.ofMillis(500),
            new Limits.Http2(
                1,
                2,
                300,
                4,
                1 << 20,
                2 << 20,
                Duration.ofSeconds(3),
                Duration.ofHours(1),
                new Limits.Bursts(11, 12, 13, 114, 15))),
        limits);
    assertEquals(Limits.defaults(), environment().httpLimits());
    assertEquals(
        Duration.ofSeconds(3), environment("LIBPROCESS_DRAIN_TIMEOUT", "3secs").drainTimeout());
  }

  @ParameterizedTest
  @CsvSource({
    "LIBPROCESS_HTTP_MAX_BODY, 8X",
    "LIBPROCESS_HTTP_MAX_BODY, -1",
    "LIBPROCESS_HTTP_MAX_HEAD, 9999999999",
    "LIBPROCESS_HTTP_MAX_HEAD, 1",
    "LIBPROCESS_HTTP_MAX_FIELDS, many",
    "LIBPROCESS_HTTP_IDLE_TIMEOUT, 0secs",
    "LIBPROCESS_DRAIN_TIMEOUT, 10",
    "LIBPROCESS_MEMORY_BUDGET, 0",
  })
  void httpLimit_thatIsNotValidIsNamed(String name, String value) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> environment(name, value)).getMessage();
    assertTrue(message.startsWith(name + ": "), message);
  }

  @Test
  void memoryBudget_isAPartOfTheHeapOrWhatIsSaid() {
    assertEquals(Runtime.getRuntime().maxMemory() / 2, Config.builder().build().memoryBudget());
    assertEquals(3 << 20, environment("LIBPROCESS_MEMORY_BUDGET", "3M").memoryBudget());
  }

  @Test
  void snapshotRate_isAnIntervalAndEmptyIsNone() {
    String name = "LIBPROCESS_METRICS_SNAPSHOT_ENDPOINT_RATE_LIMIT";
    assertEquals(Duration.ofMillis(500), Config.builder().build().snapshotInterval());
    assertEquals(Duration.ofSeconds(15), interval(Map.of(name, "4/1mins")));
    assertEquals(Duration.ZERO, interval(Map.of(name, "")));
  }

  private static Duration interval(Map<String, String> environment) {
    return ConfigSettings.read(Variables.of(environment, name -> null)).build().snapshotInterval();
  }

  @Test
  void systemProperty_goesBeforeTheVariable() {
    Map<String, String> properties =
        Map.of("libprocess.port", "5", "libprocess.num.worker.threads", "7");
    Config config =
        ConfigSettings.read(
                Variables.of(
                    Map.of("LIBPROCESS_PORT", "6", "LIBPROCESS_IO_THREADS", "3"), properties::get))
            .build();
    assertEquals(5, config.port());
    assertEquals(7, config.workers());
    assertEquals(3, config.ioThreads());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LIBPROCESS_IP                | localhost | not an IP address",
        "LIBPROCESS_IP                | 1.2.3.256 | not an IP address",
        "LIBPROCESS_IP                | ''        | not an IP address",
        "LIBPROCESS_PORT              | 65536     | 0..65535",
        "LIBPROCESS_PORT              | -1        | 0..65535",
        "LIBPROCESS_PORT              | http      | not a number",
        "LIBPROCESS_ADVERTISE_IP      | x         | not an IP address",
        "LIBPROCESS_ADVERTISE_PORT    | 0         | 1..65535",
        "LIBPROCESS_NUM_WORKER_THREADS| 0         | 1..1024",
        "LIBPROCESS_NUM_WORKER_THREADS| 1025      | 1..1024",
        "LIBPROCESS_IO_THREADS        | 0         | 1..1024",
        "LIBPROCESS_ASYNC_THREADS     | green     | auto, virtual or platform",
        "LIBPROCESS_STALL_THRESHOLD   | soon      | not a duration",
        "LIBPROCESS_STALL_THRESHOLD   | 0ms       | not a positive",
        "LIBPROCESS_METRICS_SNAPSHOT_ENDPOINT_RATE_LIMIT | 2       | not a rate",
        "LIBPROCESS_METRICS_SNAPSHOT_ENDPOINT_RATE_LIMIT | 0/1secs | not a rate",
        "LIBPROCESS_METRICS_SNAPSHOT_ENDPOINT_RATE_LIMIT | 2/soon  | not a rate",
        "LIBPROCESS_METRICS_SNAPSHOT_ENDPOINT_RATE_LIMIT | 2/0secs | at most one a nanosecond",
        "LIBPROCESS_REQUIRE_PEER_ADDRESS_IP_MATCH | yes | true, 1, false or 0",
      })
  void badValue_isNamedWithItsVariableAndTheRule(String name, String value, String rule) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> environment(name, value));
    String text = refused.getMessage();
    assertTrue(text.startsWith(name + ": "), text);
    assertTrue(text.contains(rule), text);
    if (!value.startsWith("0")) {
      assertTrue(text.contains(value), text);
    }
  }

  @Test
  void advertisedAddress_isWhatUpidsCarry() {
    Config config =
        Config.builder().advertiseIp(Address.parseIp("10.9.8.7")).advertisePort(4242).build();
    try (Node node = Node.start(config)) {
      assertEquals("10.9.8.7:4242", node.address().toString());
      assertEquals("x@10.9.8.7:4242", node.spawn(new Plain("x")).toString());
    }
  }

  @Test
  void builder_refusesWhatMakesNoSense() {
    Config.Builder builder = Config.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.port(-1));
    assertThrows(IllegalArgumentException.class, () -> builder.workers(0));
    assertThrows(IllegalArgumentException.class, () -> builder.stallThreshold(Duration.ZERO));
    assertThrows(
        IllegalArgumentException.class, () -> builder.drainTimeout(Duration.ofSeconds(-1)));
    assertThrows(NullPointerException.class, () -> builder.clock(null));
  }

  /** What is said to be the default must be what a builder starts with. */
  @Test
  void standardTexts_areTheDefaults() {
    Config.Builder builder = Config.builder();
    apply(ConfigSettings.ALL, builder);
    Limits.Builder limits = Limits.builder();
    apply(HttpSettings.ALL, limits);
    MessageLimits.Builder messages = MessageLimits.builder();
    apply(ConfigSettings.MESSAGES, messages);

    Config config = builder.build();
    Config defaults = Config.builder().build();
    assertEquals(defaults.ip(), config.ip());
    assertEquals(defaults.port(), config.port());
    assertEquals(defaults.ioThreads(), config.ioThreads());
    assertEquals(defaults.asyncThreads(), config.asyncThreads());
    assertEquals(defaults.stallThreshold(), config.stallThreshold());
    assertEquals(defaults.requirePeerAddressIpMatch(), config.requirePeerAddressIpMatch());
    assertEquals(defaults.drainTimeout(), config.drainTimeout());
    assertEquals(defaults.snapshotInterval(), config.snapshotInterval());
    assertEquals(Limits.defaults(), limits.build());
    assertEquals(MessageLimits.defaults(), messages.build());
  }

  private static <B> void apply(List<Setting<B>> settings, B builder) {
    for (Setting<B> setting : settings) {
      if (!setting.standard().isEmpty()) {
        setting.apply(builder, setting.standard());
      }
    }
  }

  @Test
  void messageLimits_takeUnits() {
    Config config =
        environment("LIBPROCESS_MESSAGE_SIZE", "1M", "LIBPROCESS_MESSAGE_QUEUE_BYTES", "3GB");
    assertEquals(1 << 20, config.messageLimits().size());
    assertEquals(3L << 30, config.messageLimits().queuedBytes());
  }

  @Test
  void limitsThatDoNotFitEachOther_areReadTogether() {
    Limits limits =
        environment("LIBPROCESS_HTTP_MAX_REQUEST_LINE", "200K", "LIBPROCESS_HTTP_MAX_HEAD", "300K")
            .httpLimits();
    assertEquals(200 << 10, limits.requestLine());

    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> environment("LIBPROCESS_HTTP_MAX_REQUEST_LINE", "200K"))
            .getMessage();
    assertTrue(message.startsWith("LIBPROCESS_HTTP_...: head is less than 204800"), message);
  }

  @Test
  void ip_mayBeALiteral() {
    assertEquals(Address.parseIp("10.1.2.3"), Config.builder().ip("10.1.2.3").build().ip());
    assertThrows(IllegalArgumentException.class, () -> Config.builder().ip("localhost"));
  }

  /** A duration that does not fit 64 bits of nanoseconds. */
  @Test
  void durations_mayBeForEver() throws Exception {
    Duration forever = ChronoUnit.FOREVER.getDuration();
    Config config =
        Config.builder()
            .stallThreshold(forever)
            .drainTimeout(forever)
            .httpLimits(
                Limits.builder().headTime(forever).idleTime(forever).bodyTime(forever).build())
            .messageLimits(MessageLimits.builder().answerTime(forever).heartbeat(forever).build())
            .snapshotInterval(forever)
            .httpClient(
                ClientSettings.builder()
                    .limits(
                        Limits.builder()
                            .headTime(forever)
                            .idleTime(forever)
                            .bodyTime(forever)
                            .build())
                    .connectTime(forever)
                    .build())
            .build();
    try (Node node = Node.start(config)) {
      Url help = Url.of(node.address()).withTarget("/help");
      assertEquals(Status.OK, Expect.ready(node.http().get(help)).status());
    }
  }
}
