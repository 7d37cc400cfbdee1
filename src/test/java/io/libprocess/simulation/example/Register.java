package io.libprocess.simulation.example;

import io.libprocess.Codec;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.simulation.History;
import io.libprocess.simulation.Linearizable;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A register that a majority of replicas keeps (Attiya, Bar-Noy and Dolev, 1995): who writes or
 * reads asks a majority for the latest version first, and then gives a version to a majority.
 */
final class Register {

  private static final Duration AGAIN = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Register() {}

  /** What is kept: the higher number wins. */
  record Version(long number, int value) {
    static final Version NONE = new Version(0, 0);

    static Version parse(String number, String value) {
      return new Version(Long.parseLong(number), Integer.parseInt(value));
    }

    @Override
    public String toString() {
      return number + " " + value;
    }
  }

  /** Keeps a version, and what it says is stored before. */
  static final class Replica extends Process<Replica> {
    private final Map<String, Object> store;

    Replica(Map<String, Object> store) {
      super("replica");
      this.store = store;
    }

    private Version version() {
      return (Version) store.getOrDefault("version", Version.NONE);
    }

    @Override
    protected void initialize() {
      install(
          "get",
          Codec.STRING,
          (from, round) -> send(from, "got", Codec.STRING, round + " " + version()));
      install(
          "put",
          Codec.STRING,
          (from, text) -> {
            String[] words = text.split(" ");
            Version given = Version.parse(words[1], words[2]);
            if (given.number() > version().number()) {
              store.put("version", given);
            }
            send(from, "kept", Codec.STRING, words[0] + " " + given);
          });
    }
  }

  /** Writes or reads, one thing after the other. */
  static final class Client extends Process<Client> {
    private final List<Site> replicas;
    private final int number;
    private final int operations;
    private final boolean writesBack;
    private final History history;

    private volatile int begun; // Volatile for who looks at real nodes.
    private long round;
    private boolean writing;
    private History.Operation operation;
    private String question; // What is asked in this round,
    private String text; // and with what.
    private Set<UPID> answers = new HashSet<>();
    private Version latest = Version.NONE;
    private long highest; // Of the numbers it has given to versions, which it gives only once.
    private Timer timeout;
    private boolean givenUp;

    Client(List<Site> replicas, int number, int operations, boolean writesBack, History history) {
      super("client");
      this.replicas = replicas;
      this.number = number;
      this.operations = operations;
      this.writesBack = writesBack;
      this.history = history;
    }

    @Override
    protected void initialize() {
      install("got", Codec.STRING, this::got);
      install("kept", Codec.STRING, this::kept);
      next();
    }

    boolean hasGivenUp() {
      return givenUp;
    }

    boolean isDone() {
      return begun > operations;
    }

    private void next() {
      operation = null;
      round++;
      if (begun++ < operations) {
        int pause = node().random().nextInt(3) == 0 ? 300 : 5; // So that many operations overlap.
        delay(Duration.ofMillis(node().random().nextInt(pause)), client -> client.begin());
      }
    }

    private void begin() {
      writing = node().random().nextBoolean();
      int value = 100 * begun + number;
      operation =
          history.invoke(
              "register", writing ? new Linearizable.Write(value) : new Linearizable.Read());
      latest = Version.NONE;
      long mine = ++round;
      timeout = delay(PATIENCE, client -> client.giveUp());
      ask("get", String.valueOf(mine));
    }

    private void ask(String what, String with) {
      question = what;
      text = with;
      answers = new HashSet<>();
      askAgain(round);
    }

    private void askAgain(long asked) {
      if (operation == null || asked != round) {
        return;
      }
      for (Site replica : replicas) {
        UPID pid = new UPID("replica", replica.address());
        if (!answers.contains(pid)) {
          send(pid, question, Codec.STRING, text);
        }
      }
      delay(AGAIN, client -> client.askAgain(asked));
    }

    private boolean isMajority(UPID from, String answered) {
      return operation != null
          && answered.equals(String.valueOf(round))
          && answers.add(from)
          && answers.size() == replicas.size() / 2 + 1;
    }

    private void got(UPID from, String text) {
      String[] words = text.split(" ");
      if (operation == null || !words[0].equals(String.valueOf(round)) || !isGet()) {
        return;
      }
      Version seen = Version.parse(words[1], words[2]);
      latest = seen.number() > latest.number() ? seen : latest;
      if (!isMajority(from, words[0])) {
        return;
      }
      round++;
      if (writing) {
        highest = (Math.max(latest.number(), highest) / 100 + 1) * 100 + number;
        Linearizable.Write write = (Linearizable.Write) operation.input();
        ask("put", round + " " + new Version(highest, (Integer) write.value()));
      } else if (writesBack) {
        ask("put", round + " " + latest);
      } else {
        complete();
      }
    }

    private boolean isGet() {
      return question.equals("get");
    }

    private void kept(UPID from, String text) {
      if (isMajority(from, text.split(" ")[0])) {
        complete();
      }
    }

    private void complete() {
      timeout.cancel();
      operation.ok(writing ? null : (Object) latest.value());
      next();
    }

    private void giveUp() {
      if (operation != null) {
        givenUp = true;
        next(); // Nobody knows whether it was done.
      }
    }
  }
}
