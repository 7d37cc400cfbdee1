package io.libprocess.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.classfile.ClassFile;
import io.libprocess.classfile.ClassFiles;
import io.libprocess.classfile.Member;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the architecture: which layer may use which, which types users see, and which classes may
 * start threads, read the clock, draw random numbers, open channels, log and read settings. {@code
 * io.libprocess.badhouse} breaks each rule, so that a rule that has stopped working is detected.
 */
@Timeout(600) // It computes, and waits for nobody.
class ArchitectureTest {

  private static final String BASE = "io.libprocess";
  private static final String BAD_BASE = "io.libprocess.badhouse";

  private static final House house = new House(BASE, ClassFiles.in(Path.of("target/classes")));
  private static final House badHouse =
      new House(BAD_BASE, ClassFiles.in(Path.of("target/test-classes/io/libprocess/badhouse")));

  /** The default implementations of the seams. */
  private static final List<Permit> PERMITS =
      List.of(
          permit("internal.scheduler.ForkJoinScheduler", "owns the workers", Seam.THREADS),
          permit("internal.scheduler.TaskPool", "is a pool of workers", Seam.THREADS),
          permit("internal.scheduler.Worker", "is a thread of the scheduler", Seam.THREADS),
          permit(
              "internal.scheduler.RuntimeThread",
              "is a thread of a scheduler without a pool",
              Seam.THREADS),
          permit("simulation.engine.SimulationThread", "is the thread of a world", Seam.THREADS),
          permit("simulation.engine.Helper", "runs what blocks in a world", Seam.THREADS),
          permit("internal.scheduler.BlockingExecutor", "runs what blocks", Seam.THREADS),
          permit(
              "internal.scheduler.Watchdog",
              "must run while workers hang",
              Seam.THREADS,
              Seam.TIME),
          permit("internal.Log", "is the one way to log", Seam.LOG),
          permit("internal.LogRelay", "logs while nobody waits", Seam.THREADS),
          permit("internal.scheduler.PollingRole", "measures how late it polls", Seam.TIME),
          permit("time.TimerThread", "is the thread of a clock", Seam.THREADS),
          permit("time.SystemTime", "is the time of the system", Seam.TIME),
          permit("runtime.Secrets", "others must not guess what it draws", Seam.RANDOMNESS),
          permit("net.nio.NioTransport", "is the network", Seam.NETWORK, Seam.ORDER),
          permit("node.AdvertisedAddress", "asks for the machine's own address", Seam.NETWORK),
          permit("settings.Variables", "is the one way to read settings", Seam.SETTINGS),
          permit("testing.Await", "has a setting of tests alone", Seam.SETTINGS),
          permit(
              "subprocess.Signal",
              "asks for the system's name, and looks up names",
              Seam.SETTINGS,
              Seam.ORDER),
          permit("subprocess.SearchPath", "asks for what children inherit", Seam.SETTINGS),
          permit("endpoints.JulLevels", "sets levels of the log", Seam.LOG),
          permit("observer.JulTail", "shows lines of the log", Seam.LOG),
          permit("cli.Main", "tells the user what is wrong with a command", Seam.LOG),
          permit("cli.Serve", "a shutdown hook is a thread", Seam.THREADS),
          permit("cli.BlockingCall", "stands for an API that blocks", Seam.TIME),
          permit("internal.scheduler.Activity", "looks up one clock", Seam.ORDER),
          permit("net.nio.ChannelPolls", "looks up the JDK's channels", Seam.ORDER),
          permit("settings.Durations", "looks up units", Seam.ORDER),
          permit("time.ProcessTimes", "looks up processes", Seam.ORDER),
          permit("sync.Owned", "its equality is identity", Seam.ORDER),
          permit("sync.Shared", "its equality is identity", Seam.ORDER));

  private static Permit permit(String className, String reason, Seam... seams) {
    return new Permit(BASE + "." + className, reason, Set.of(seams));
  }

  private static final Map<Seam, String> OFFENDERS =
      Map.of(
          Seam.THREADS, "StartsThreads",
          Seam.TIME, "ReadsClock",
          Seam.RANDOMNESS, "DrawsRandom",
          Seam.NETWORK, "OpensChannels",
          Seam.ORDER, "ForgetsOrder",
          Seam.LOG, "Logs",
          Seam.SETTINGS, "ReadsSettings");

  /* ------ The house keeps the rules ------ */

  static Stream<Layer> layers() {
    return Layers.all().stream();
  }

  static Set<String> rooms() {
    return Layers.rooms();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void house_layerUsesOnlyThoseBelow(Layer layer) {
    assertNone(house.forbiddenUses(layer));
  }

  @Test
  void house_hasNoOtherPackages() {
    assertNone(house.strangers());
  }

  @Test
  void house_isFreeOfCycles() {
    assertNone(house.cycles());
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void house_packageIsNotTooLarge(String room) {
    assertEquals("", Layers.judgeSize(room, house.files(room)));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void house_hasTheClassesThatALayerLists(Layer layer) {
    assertNone(house.missing(layer));
  }

  @Test
  void house_showsUsersNothingThatIsHidden() {
    assertNone(house.exposed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"internal.scheduler.ForkJoinScheduler", "net.nio.NioTransport"})
  void house_namesDefaultImplementationsInOnePlace(String implementation) {
    assertEquals(
        List.of(BASE + ".runtime.DefaultRuntime"), house.outsideUsers(BASE + "." + implementation));
  }

  @ParameterizedTest
  @EnumSource
  void house_keepsToTheSeams(Seam seam) {
    assertNone(house.crossings(seam, PERMITS));
  }

  /** A permit that is no longer needed is a gap in the rules. */
  @Test
  void house_needsItsPermits() {
    for (Permit permit : PERMITS) {
      for (Seam seam : permit.seams()) {
        assertTrue(house.needs(permit, seam), permit.className() + " does not need " + seam);
      }
    }
  }

  private static void assertNone(List<String> violations) {
    assertEquals("", String.join("\n", violations));
  }

  /* ------ The bad house breaks them ------ */

  @Test
  void badHouse_reachesUp() {
    assertFound(badHouse.forbiddenUses(Layers.named("future")), "ReachesUp");
  }

  @Test
  void badHouse_reachesBeside() {
    assertFound(badHouse.forbiddenUses(Layers.named("http.server")), "ReachesBeside");
  }

  @Test
  void badHouse_hasAValueThatReachesUpWithinItsPackage() {
    assertFound(badHouse.forbiddenUses(Layers.named("http")), "Value (Value.java:");
  }

  @Test
  void badHouse_mayReachDown() {
    assertNone(badHouse.forbiddenUses(Layers.named("sync")));
    assertNone(badHouse.forbiddenUses(Layers.named("http facade")));
  }

  @Test
  void badHouse_hasAnUnknownRoom() {
    assertEquals(List.of(BAD_BASE + ".attic.Stranger"), badHouse.strangers());
  }

  @Test
  void badHouse_hasACycle() {
    assertEquals(List.of("http", "http facade", "metrics", "sync"), badHouse.cycles());
  }

  @Test
  void badHouse_lacksListedClasses() {
    assertFound(badHouse.missing(Layers.named("net facade")), "net.ServerSocket");
  }

  @Test
  void badHouse_hasFiles() {
    assertEquals(2, badHouse.files("http"));
    assertEquals(1, badHouse.files("sync"));
  }

  @Test
  void sizes_areJudged() {
    assertEquals("", Layers.judgeSize("time", 25));
    assertEquals("time has 26 files", Layers.judgeSize("time", 26));
  }

  /** Every declaration of the offender names what is hidden, and every one is found. */
  @Test
  void badHouse_showsWhatIsHidden() {
    String offender = "future.ShowsHidden";
    List<String> found = badHouse.exposed();

    for (String what :
        List.of(
            " ",
            ".field ",
            ".result()",
            ".parameter(",
            ".argument()",
            ".bound()",
            ".thrown()",
            ".annotated()",
            ".inherited()",
            "$Nested ",
            "$Nested.<init>(")) {
      assertFound(found, offender + what);
    }
    assertTrue(found.stream().allMatch(text -> text.startsWith(offender)), found.toString());
    assertTrue(found.stream().noneMatch(text -> text.contains("fine")), found.toString());
  }

  @ParameterizedTest
  @EnumSource
  void badHouse_everyMemberOfTheOffenderCrossesTheSeam(Seam seam) {
    List<String> found = badHouse.crossings(seam, PERMITS);
    for (Member member : offender(seam).methods()) {
      if (!member.isSynthetic() && !member.name().equals("<init>")) {
        assertFound(found, "." + member + " uses");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void badHouse_everyForbiddenCallIsMade(Seam seam) {
    assertEquals(seam.calls(), badHouse.callsMade(seam));
  }

  @Test
  void permit_coversItsClassAndWhatIsNestedInIt() {
    String outer = offender(Seam.THREADS).name();
    Permit permit = new Permit(outer, "for this test", Set.of(Seam.THREADS));

    assertTrue(permit.covers(outer, Seam.THREADS));
    assertTrue(permit.covers(outer + "$Worker", Seam.THREADS));
    assertFalse(permit.covers(outer, Seam.TIME));
    assertFalse(permit.covers(offender(Seam.TIME).name(), Seam.THREADS));
    assertTrue(badHouse.crossings(Seam.THREADS, List.of(permit)).isEmpty());
  }

  @Test
  void permit_isNotNeededByAClassThatKeepsToTheSeam() {
    Permit permit = new Permit(offender(Seam.TIME).name(), "for this test", Set.of(Seam.THREADS));

    assertFalse(badHouse.needs(permit, Seam.THREADS));
    assertTrue(badHouse.needs(permit, Seam.TIME));
  }

  private static ClassFile offender(Seam seam) {
    String name = BAD_BASE + ".internal." + OFFENDERS.get(seam);
    return badHouse.classes().stream()
        .filter(file -> file.name().equals(name))
        .findAny()
        .orElseThrow();
  }

  private static void assertFound(List<String> violations, String part) {
    assertTrue(
        violations.stream().anyMatch(text -> text.contains(part)),
        part + " is not among\n" + String.join("\n", violations));
  }
}
