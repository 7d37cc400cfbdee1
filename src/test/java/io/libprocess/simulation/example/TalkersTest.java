package io.libprocess.simulation.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What messages and links promise, whatever happens to hosts and the network; and that faults of
 * the library in them are found.
 */
@Timeout(300) // Of a machine with much else to do.
class TalkersTest {

  private static final long MUTANT_SEEDS = 10_000;

  @Test
  void messagesAndLinks_keepTheirPromises() {
    LongMode.exploreMore("messages and links", 60, 2_000, 100_000, Talkers.config(), Talkers::run);
  }

  /** A fault that is put into the library. */
  enum Wrong {
    /** The end of a process is told to those that have linked to its successor. */
    END_WITHOUT_NUMBER {
      @Override
      Mutant mutant() throws IOException {
        return new Mutant()
            .replace(
                "remote/links/Links.java",
                "take(to, here, tag.number());",
                "take(to, here, Long.MAX_VALUE);");
      }
    },
    /** A connection that breaks leaves its links behind. */
    LINKS_OUTLIVE_THEIR_CONNECTION {
      @Override
      Mutant mutant() throws IOException {
        return new Mutant()
            .replace(
                "remote/Peers.java",
                "Map<ProcessName, List<LocalProcess>> lost = links.takeAll(peer.address());",
                "Map<ProcessName, List<LocalProcess>> lost = Map.of();");
      }
    },
    /** A connection that takes the place of another one is not told of the links of that. */
    LINKS_STAY_WITH_THE_OLD_CONNECTION {
      @Override
      Mutant mutant() throws IOException {
        return new Mutant()
            .replace("remote/Peers.java", "links.addAll(this.links.at(address));", "");
      }
    },
    /** An answer is taken for that to the request after. */
    RECEIPTS_OFF_BY_ONE {
      @Override
      Mutant mutant() throws IOException {
        return new Mutant()
            .replace(
                "remote/Unanswered.java",
                "if (next.number > last) {",
                "if (next.number > last + 1) {");
      }
    },
    /** What was not answered on a temporary connection is sent again on the next one. */
    SENDS_AGAIN {
      @Override
      Mutant mutant() throws IOException {
        return new Mutant()
            .replace(
                "remote/OutgoingQueue.java",
                "  private long bytes;\n",
                "  private long bytes;\n"
                    + "  final java.util.List<Outgoing> sent = new java.util.ArrayList<>();\n")
            .replace(
                "remote/OutgoingQueue.java",
                "    unanswered.written(outgoing.receipt());\n",
                "    unanswered.written(outgoing.receipt());\n    sent.add(outgoing);\n")
            .replace(
                "remote/Unanswered.java",
                "  boolean isEmpty() {",
                "  int count() {\n    return (int) (written - answered);\n  }\n\n"
                    + "  boolean isEmpty() {")
            .replace(
                "remote/Peer.java",
                "        leftover = new Leftover(",
                "        if (!linked && failure != null) {\n"
                    + "          again = List.copyOf(queue.sent.subList(\n"
                    + "              queue.sent.size() - unanswered.count(), queue.sent.size()));\n"
                    + "        }\n"
                    + "        leftover = new Leftover(")
            .replace(
                "remote/Peer.java",
                "    Optional<IOException> cause;\n    Leftover left;\n",
                "    Optional<IOException> cause;\n    Leftover left;\n"
                    + "    List<Outgoing> again = List.of();\n")
            .replace(
                "remote/Peer.java",
                "    peers.closed(this, cause, left);\n",
                "    peers.closed(this, cause, left);\n"
                    + "    again.forEach(one -> peers.send(address, one));\n");
      }
    },
    /** A server closes connections of other nodes on which nothing has come for 75 s. */
    LINK_WITHOUT_TRAFFIC_BREAKS {
      @Override
      Mutant mutant() throws IOException {
        return new Mutant()
            .replace(
                "http/exchange/ServerDeadlines.java",
                "case IDLE -> !mayIdle && exceeds(",
                "case IDLE -> exceeds(");
      }
    },
    /** Links are announced only when a connection has been quiet for a second. */
    NOT_TOLD_WHILE_OTHER_MESSAGES_FLOW {
      @Override
      Mutant mutant() throws IOException {
        return new Mutant()
            .replace(
                "remote/Peer.java",
                "    if (now) {\n      announce();\n    } else if (first) {",
                "    if (first && links.isEmpty()) {")
            .replace("remote/Peers.java", "        peer.announce();\n", "")
            .replace(
                "remote/Peer.java",
                "    if (dead) {\n",
                "    if (linked && !announcements.isEmpty() && times.quiet(now) >= 1000) {\n"
                    + "      announce();\n    }\n    if (dead) {\n");
      }
    };

    abstract Mutant mutant() throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  @SuppressWarnings("unchecked") // It is made of Search.
  void faultOfTheLibrary_isFound(Wrong wrong) throws Exception {
    BiFunction<Long, Long, String> search =
        (BiFunction<Long, Long, String>) wrong.mutant().make(Talkers.Search.class);

    String found = search.apply(1L, MUTANT_SEEDS);

    assertTrue(
        found.startsWith("always \"nothing is wrong\"")
            || found.startsWith("always \"ends are told in time\"")
            || found.startsWith("eventually \"all link and talk\"")
            || found.startsWith("eventually \"a heartbeat finds the silence\"")
            || found.startsWith("check \""),
        wrong + ": " + found);
    if (LongMode.isOn()) {
      System.out.println(wrong + ": " + found.lines().findFirst().orElseThrow());
    }
  }
}
