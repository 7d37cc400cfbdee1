package io.libprocess;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the plan of the house: which room may use which, and who may start threads, read the clock,
 * draw random numbers and open channels. {@code io.libprocess.badhouse} breaks each rule, so that a
 * rule that has stopped working is found out.
 */
@Timeout(600) // It computes, and waits for nobody.
class ArchitectureTest {

  /** The rooms from top to bottom; each may use those below it. The root package is "". */
  private static final List<String> ROOMS =
      List.of(
          "cli",
          "testing",
          "",
          "endpoints",
          "service",
          "remote",
          "http",
          "net",
          "subprocess",
          "stream",
          "sync",
          "metrics",
          "future",
          "time",
          "settings",
          "internal");

  /** The default implementations of the seams, with the classes nested in them. */
  private static final List<Permit> PERMITS =
      List.of(
          permit("internal.ForkJoinScheduler", "owns the workers", Seam.THREADS),
          permit("internal.Worker", "is a thread of the scheduler", Seam.THREADS),
          permit("internal.RuntimeThread", "is the thread of an event loop", Seam.THREADS),
          permit("internal.BlockingExecutor", "runs what blocks", Seam.THREADS),
          permit("internal.Watchdog", "must run while workers hang", Seam.THREADS, Seam.TIME),
          permit("time.TimerThread", "is the thread of a clock", Seam.THREADS),
          permit("time.SystemTime", "is the time of the system", Seam.TIME),
          permit("net.NioTransport", "is the network", Seam.NETWORK),
          permit("net.PollingThreads", "starts the threads that poll", Seam.THREADS),
          permit("cli.Serve", "a shutdown hook is a thread", Seam.THREADS),
          permit("cli.BlockingCall", "stands for an API that blocks", Seam.TIME));

  private record Permit(String className, String reason, Set<Seam> seams) {
    boolean covers(JavaClass type, Seam seam) {
      return seams.contains(seam) && names(type.getName());
    }

    boolean names(String type) {
      return (type + "$").startsWith(className + "$");
    }
  }

  private static Permit permit(String className, String reason, Seam... seams) {
    return new Permit(HOUSE + "." + className, reason, Set.of(seams));
  }

  private static final String HOUSE = "io.libprocess";
  private static final String BAD_HOUSE = "io.libprocess.badhouse";

  private static final Map<Seam, String> OFFENDERS =
      Map.of(
          Seam.THREADS, "StartsThreads",
          Seam.TIME, "ReadsClock",
          Seam.RANDOMNESS, "DrawsRandom",
          Seam.NETWORK, "OpensChannels");

  private static final JavaClasses house = new ClassFileImporter().importPath("target/classes");
  private static final JavaClasses badHouse = new ClassFileImporter().importPackages(BAD_HOUSE);

  /* ------ The rules ------ */

  private static ArchRule usesOnlyRoomsBelow(String base, String room) {
    String[] above =
        ROOMS.subList(0, ROOMS.indexOf(room)).stream()
            .map(name -> packageOf(base, name))
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(packageOf(base, room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(above)
        .allowEmptyShould(true);
  }

  private static ArchRule everyPackageIsARoom(String base) {
    String[] rooms = ROOMS.stream().map(room -> packageOf(base, room)).toArray(String[]::new);
    return classes().that().doNotHaveSimpleName("module-info").should().resideInAnyPackage(rooms);
  }

  private static ArchRule packagesAreFreeOfCycles() {
    return SlicesRuleDefinition.slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  private static ArchRule onlyPermittedClassesCross(Seam seam) {
    return noClasses()
        .that(not("permitted", type -> PERMITS.stream().anyMatch(p -> p.covers(type, seam))))
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe("the seam " + seam + " is crossed", seam::isCrossedBy))
        .because("only the default implementations of the seams, listed in PERMITS, may do that")
        .allowEmptyShould(true);
  }

  /** Subpackages belong to the room, but not to the root: they are the other rooms. */
  private static String packageOf(String base, String room) {
    return room.isEmpty() ? base : base + "." + room + "..";
  }

  private static DescribedPredicate<JavaClass> not(String what, Predicate<JavaClass> predicate) {
    return DescribedPredicate.describe("are not " + what, predicate.negate());
  }

  /* ------ The house keeps them ------ */

  static Stream<String> rooms() {
    return ROOMS.stream();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void house_roomUsesOnlyRoomsBelow(String room) {
    usesOnlyRoomsBelow(HOUSE, room).check(house);
  }

  @Test
  void house_hasNoOtherPackages() {
    everyPackageIsARoom(HOUSE).check(house);
  }

  @Test
  void house_isFreeOfCycles() {
    packagesAreFreeOfCycles().check(house);
  }

  @ParameterizedTest
  @EnumSource
  void house_keepsToTheSeams(Seam seam) {
    onlyPermittedClassesCross(seam).check(house);
  }

  /** A permit that is no longer needed is a hole in the wall. */
  @Test
  void house_needsItsPermits() {
    for (Permit permit : PERMITS) {
      List<JavaClass> covered =
          house.stream().filter(type -> permit.names(type.getName())).toList();
      for (Seam seam : covered.isEmpty() ? Set.<Seam>of() : permit.seams()) {
        boolean crossed =
            covered.stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .anyMatch(seam::isCrossedBy);
        assertTrue(crossed, permit.className() + " needs no permit for " + seam);
      }
    }
  }

  /* ------ The bad house breaks them ------ */

  @Test
  void badHouse_reachesUp() {
    assertBreaks(usesOnlyRoomsBelow(BAD_HOUSE, "future"), "ReachesUp");
  }

  @Test
  void badHouse_mayReachDown() {
    assertFalse(usesOnlyRoomsBelow(BAD_HOUSE, "sync").evaluate(badHouse).hasViolation());
  }

  @Test
  void badHouse_hasAnUnknownRoom() {
    assertBreaks(everyPackageIsARoom(BAD_HOUSE), "Stranger");
  }

  @Test
  void badHouse_hasACycle() {
    assertBreaks(packagesAreFreeOfCycles(), "Left");
  }

  @ParameterizedTest
  @EnumSource
  void badHouse_everyMemberOfTheOffenderCrossesTheSeam(Seam seam) {
    JavaClass offender = offender(seam);
    String report = report(onlyPermittedClassesCross(seam));
    for (JavaCodeUnit member : offender.getMethods()) {
      if (!member.getName().startsWith("lambda$")) {
        assertTrue(report.contains(member.getFullName()), member.getFullName() + "\n" + report);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void badHouse_everyForbiddenCallIsMade(Seam seam) {
    Set<Pattern> made =
        badHouse.stream()
            .flatMap(type -> type.getAccessesFromSelf().stream())
            .flatMap(access -> seam.callsMadeBy(access).stream())
            .collect(Collectors.toSet());

    assertEquals(Set.copyOf(seam.calls()), made);
  }

  @Test
  void permit_coversItsClassAndWhatIsNestedInIt() {
    JavaClass outer = offender(Seam.THREADS);
    JavaClass nested = badHouse.get(outer.getName() + "$Worker");
    Permit permit = new Permit(outer.getName(), "for this test", Set.of(Seam.THREADS));

    assertTrue(permit.covers(outer, Seam.THREADS));
    assertTrue(permit.covers(nested, Seam.THREADS));
    assertFalse(permit.covers(outer, Seam.TIME));
    assertFalse(permit.covers(offender(Seam.TIME), Seam.THREADS));
  }

  private static JavaClass offender(Seam seam) {
    return badHouse.get(BAD_HOUSE + ".internal." + OFFENDERS.get(seam));
  }

  private static String report(ArchRule rule) {
    EvaluationResult result = rule.evaluate(badHouse);
    return String.join("\n", result.getFailureReport().getDetails());
  }

  private static void assertBreaks(ArchRule rule, String className) {
    String report = report(rule);
    assertTrue(report.contains(className), report);
  }
}
