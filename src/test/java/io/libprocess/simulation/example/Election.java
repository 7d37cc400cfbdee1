package io.libprocess.simulation.example;

import io.libprocess.Codec;
import io.libprocess.Process;
import io.libprocess.UPID;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A leader is elected by terms and votes, as in Raft (Ongaro and Ousterhout, 2014), and holds a
 * lease while a majority has promised to vote for nobody else.
 */
final class Election {

  /** What is wrong with it. */
  enum Bug {
    /** Nothing. */
    NONE,
    /** A vote is answered before it is stored. */
    VOTES_BEFORE_STORING,
    /** The end of a lease is compared between the clocks of two hosts. */
    COMPARES_CLOCKS,
    /** A late vote of an older term is counted. */
    COUNTS_OLD_VOTES
  }

  /** The lease lasts that long on the leader's clock, and a promise longer on others'. */
  private static final long LEASE = 400_000_000;

  private static final long PROMISE = 600_000_000;
  private static final Duration BEAT = Duration.ofMillis(100);
  private static final Duration AGAIN = Duration.ofMillis(150);

  /**
   * What is known about all members: who has led in which term, and who holds a lease. Guarded by
   * its own lock.
   */
  static final class Observer {
    private final Map<Long, Set<String>> leaders = new TreeMap<>();
    private final Map<Site, Member> members = new LinkedHashMap<>();

    private synchronized void add(Site site, Member member) {
      members.put(site, member);
    }

    private synchronized void leads(Site site, long term) {
      leaders.computeIfAbsent(term, key -> new LinkedHashSet<>()).add(site.name());
    }

    synchronized boolean oneLeaderInATerm() {
      return leaders.values().stream().allMatch(names -> names.size() <= 1);
    }

    synchronized int terms() {
      return leaders.size();
    }

    synchronized boolean hasLeader() {
      return members.entrySet().stream()
          .anyMatch(one -> one.getKey().isUp() && one.getValue().leading);
    }

    boolean oneLease() {
      return holders().size() <= 1;
    }

    /** Those that have a lease. */
    synchronized List<Member> holders() {
      return members.entrySet().stream()
          .filter(one -> one.getKey().isUp() && one.getValue().hasLease())
          .map(Map.Entry::getValue)
          .toList();
    }
  }

  private Election() {}

  /** Votes, and may lead. */
  static final class Member extends Process<Member> {
    private final Site host;
    private final List<String> names; // The addresses of all.
    private final Observer observer;
    private final Bug bug;
    private final boolean leases;

    private long term;
    private String votedFor = "";
    private volatile boolean leading; // Volatile, as the next one, for an observer of real nodes.
    private long resigning; // When it leads no longer, so that there are many elections.
    private final Set<UPID> votes = new HashSet<>();
    private long promisedUntil; // On the clock that the bug says.
    private volatile long leaseUntil = Long.MIN_VALUE;
    private final Map<Long, Set<UPID>> beats = new HashMap<>(); // By when they were sent.
    private long elections;

    Member(Site host, List<String> names, Observer observer, Bug bug, boolean leases) {
      super("member");
      this.host = host;
      this.observer = observer;
      this.bug = bug;
      this.leases = leases;
      this.names = names;
      observer.add(host, this);
    }

    boolean hasLease() {
      return leading && leaseUntil > host.clock().nanoTime();
    }

    private long now() {
      return clock().nanoTime();
    }

    @Override
    protected void initialize() {
      term = (Long) host.store().getOrDefault("term", 0L);
      votedFor = (String) host.store().getOrDefault("vote", "");
      promisedUntil = (bug == Bug.COMPARES_CLOCKS ? wall() : now()) + PROMISE; // Or it forgot it.
      install("vote?", Codec.STRING, this::asked);
      install("vote", Codec.STRING, this::voted);
      install("beat", Codec.STRING, this::beat);
      install("beaten", Codec.STRING, this::beaten);
      waitForLeader();
    }

    private void toAll(String name, String text) {
      for (String address : names) {
        send(UPID.of("member@" + address), name, Codec.STRING, text);
      }
    }

    private void waitForLeader() {
      long mine = ++elections;
      delay(
          Duration.ofMillis(1200 + node().random().nextInt(1000)),
          member -> member.candidate(mine));
    }

    private void candidate(long waited) {
      if (waited != elections || leading) {
        return;
      }
      waitForLeader();
      if (hasPromised()) {
        return;
      }
      term++;
      votedFor = self().address().toString();
      votes.clear();
      long asking = term;
      long election = elections;
      stored(50, () -> ask(asking, election));
    }

    private void ask(long asking, long election) {
      if (asking == term && election == elections && !leading) {
        toAll("vote?", String.valueOf(asking));
        delay(AGAIN, member -> member.ask(asking, election));
      }
    }

    private boolean hasPromised() {
      return leases && promisedUntil > (bug == Bug.COMPARES_CLOCKS ? wall() : now());
    }

    private long wall() {
      return clock().now().toEpochMilli() * 1_000_000;
    }

    /** Does something when the term and the vote are on the disk, which is a slow one. */
    private void stored(int millis, Runnable then) {
      long writtenTerm = term;
      String writtenVote = votedFor;
      if (bug == Bug.VOTES_BEFORE_STORING) {
        then.run();
      }
      delay(
          Duration.ofMillis(millis / 2 + node().random().nextInt(millis)),
          member -> {
            if (writtenTerm >= (Long) host.store().getOrDefault("term", 0L)) {
              host.store().put("term", writtenTerm);
              host.store().put("vote", writtenVote);
            }
            if (bug != Bug.VOTES_BEFORE_STORING) {
              then.run();
            }
          });
    }

    private void asked(UPID candidate, String text) {
      long asked = Long.parseLong(text);
      if (hasPromised() && !candidate.equals(self())) {
        return;
      }
      follow(asked);
      String name = candidate.address().toString();
      if (asked == term && (votedFor.isEmpty() || votedFor.equals(name))) {
        votedFor = name;
        stored(500, () -> send(candidate, "vote", Codec.STRING, text));
      }
    }

    /** Sees a term; a newer one ends whatever was in an older one. */
    private void follow(long seen) {
      if (seen > term) {
        term = seen;
        votedFor = "";
        leading = false;
        votes.clear();
      }
    }

    private void voted(UPID from, String text) {
      long asked = Long.parseLong(text);
      boolean counts = asked == term || bug == Bug.COUNTS_OLD_VOTES && asked < term;
      if (!counts || leading || !votedFor.equals(self().address().toString())) {
        return;
      }
      votes.add(from);
      if (votes.size() > names.size() / 2) {
        leading = true;
        resigning = now() + 500_000_000L + node().random().nextInt(2_000_000_000);
        leaseUntil = Long.MIN_VALUE;
        beats.clear();
        observer.leads(host, term);
        beatAll(term);
      }
    }

    private void beatAll(long leadingIn) {
      if (!leading || leadingIn != term) {
        return;
      }
      if (now() > resigning) {
        leading = false;
        return;
      }
      beats.put(now(), new HashSet<>());
      beats.keySet().removeIf(sent -> sent < now() - LEASE);
      toAll("beat", term + " " + now() + " " + (wall() + LEASE));
      delay(BEAT, member -> member.beatAll(leadingIn));
    }

    private void beat(UPID leader, String text) {
      String[] words = text.split(" ");
      long seen = Long.parseLong(words[0]);
      follow(seen);
      if (seen < term) {
        return;
      }
      waitForLeader();
      promisedUntil = bug == Bug.COMPARES_CLOCKS ? Long.parseLong(words[2]) : now() + PROMISE;
      send(leader, "beaten", Codec.STRING, text);
    }

    private void beaten(UPID from, String text) {
      String[] words = text.split(" ");
      long sent = Long.parseLong(words[1]);
      Set<UPID> answered = beats.get(sent);
      if (leading && Long.parseLong(words[0]) == term && answered != null) {
        answered.add(from);
        if (answered.size() > names.size() / 2) {
          leaseUntil = Math.max(leaseUntil, sent + LEASE);
        }
      }
    }
  }
}
