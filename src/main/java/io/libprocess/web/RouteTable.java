package io.libprocess.web;

import io.libprocess.http.Request;
import io.libprocess.http.grammar.CanonicalPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The routes and assets of one process: a tree of segments, in which a request's path is followed
 * as far as possible, and a table of the paths without variables, which finds most routes faster. A
 * look-up takes a time that is linear in the length of the path and in the number of routes. Used
 * only in the process.
 */
final class RouteTable {

  private static final String HEAD = "HEAD";
  private static final String GET = "GET";
  private static final String OPTIONS = "OPTIONS";

  /** The method of the request about which a browser asks with {@code OPTIONS}. */
  private static final String PREFLIGHTED = "Access-Control-Request-Method";

  /** The routes of one path, by their methods, and the branches below it. */
  private static final class Branch {
    private final Map<String, Branch> literals = new HashMap<>(0);
    private Branch variable; // Null if no route has a variable here.
    private final Map<String, BoundRoute> byMethod = new LinkedHashMap<>(0);
    private BoundRoute forAll; // Null if all routes name their methods.

    void add(BoundRoute bound) {
      Set<String> methods = bound.route().methods();
      if (methods.isEmpty()) {
        byMethod.clear();
        forAll = bound;
      } else {
        methods.forEach(method -> byMethod.put(method, bound));
      }
    }

    /** Whether there is a route for the path itself, or for one below it. */
    boolean answers(boolean itself) {
      return answers(forAll, itself)
          || byMethod.values().stream().anyMatch(bound -> answers(bound, itself));
    }

    private static boolean answers(BoundRoute bound, boolean itself) {
      return bound != null && (itself || bound.route().answersBelow());
    }

    /**
     * The route for a method, which may be one that refuses it; there must be some route.
     *
     * @param preflighted the method that an {@code OPTIONS} request asks about; null if none. The
     *     filter of its route then answers that request
     */
    BoundRoute find(String method, String preflighted, boolean itself) {
      BoundRoute found = find(method, itself);
      BoundRoute about =
          preflighted == null || byMethod.containsKey(OPTIONS) ? null : find(preflighted, itself);
      if (about != null && about != found && about.isFiltered()) {
        return refusing(about, itself);
      }
      return found != null ? found : refusing(about, itself);
    }

    /** The route for a method; null if there is none. */
    private BoundRoute find(String method, boolean itself) {
      BoundRoute found = byMethod.get(method);
      if (found == null && method.equals(HEAD)) {
        found = byMethod.get(GET);
      }
      if (answers(found, itself)) {
        return found;
      }
      return answers(forAll, itself) ? forAll : null;
    }

    /**
     * A route that refuses the methods for which there are no routes.
     *
     * @param about the route whose filter is asked; null for the filter of any of the routes
     */
    private BoundRoute refusing(BoundRoute about, boolean itself) {
      Set<String> allowed = new LinkedHashSet<>();
      BoundRoute any = about;
      for (Map.Entry<String, BoundRoute> entry : byMethod.entrySet()) {
        if (answers(entry.getValue(), itself)) {
          any = any == null ? entry.getValue() : any;
          allowed.add(entry.getKey());
          if (entry.getKey().equals(GET)) {
            allowed.add(HEAD);
          }
        }
      }
      allowed.add(OPTIONS);
      return BoundRoute.refusing(any.route(), List.copyOf(allowed));
    }
  }

  private final Branch root = new Branch();
  private final Map<String, Branch> exact = new HashMap<>(); // By canonical path; "" is the root.
  private final Map<String, Asset> assets = new HashMap<>(0);
  private int version; // Counts the changes.

  /** A number that changes whenever a look-up may give another result. */
  int version() {
    return version;
  }

  /** Adds a route, in place of those with the same path and methods. */
  void add(BoundRoute bound) {
    Branch branch = root;
    for (String segment : bound.route().segments()) {
      if (isVariable(segment)) {
        branch.variable = branch.variable == null ? new Branch() : branch.variable;
        branch = branch.variable;
      } else {
        branch = branch.literals.computeIfAbsent(segment, key -> new Branch());
      }
    }
    branch.add(bound);
    if (bound.variables().isEmpty()) {
      exact.put(bound.path(), branch);
    }
    version++;
  }

  /** Provides a file, or the files of a directory, for paths without a route. */
  void provide(String name, Asset asset) {
    BoundRoute.providing(name, asset, List.of()); // Refuses an illegal name.
    assets.put(name, asset);
    version++;
  }

  private static boolean isVariable(String segment) {
    return segment.startsWith("{");
  }

  /**
   * The route that answers a request, which may be one that refuses its method; null if there is
   * none.
   *
   * @param path canonical, below the process; empty for the process itself
   */
  BoundRoute find(String path, Request request) {
    String method = request.method();
    String preflighted =
        method.equals(OPTIONS) ? request.headers().first(PREFLIGHTED).orElse(null) : null;
    Branch branch = exact.get(path);
    if (branch != null) {
      return branch.find(method, preflighted, true);
    }
    List<String> segments = CanonicalPath.segments(path);
    Search search = new Search(segments);
    search.enter(root, 0);
    return search.best != null
        ? search.best.find(method, preflighted, search.depth == segments.size())
        : asset(segments);
  }

  private BoundRoute asset(List<String> segments) {
    String name = segments.isEmpty() ? "" : segments.get(0);
    Asset asset = assets.get(name);
    return asset == null
        ? null
        : BoundRoute.providing(
            name, asset, segments.subList(Math.min(1, segments.size()), segments.size()));
  }

  /** The values of a route's variables in a path that it answers. */
  static Map<String, String> variables(BoundRoute bound, String path) {
    List<String> values = new ArrayList<>();
    List<String> pattern = bound.route().segments();
    List<String> segments = CanonicalPath.segments(path);
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      if (isVariable(pattern.get(i))) {
        found.put(bound.variables().get(found.size()), segments.get(i));
      }
    }
    return found;
  }

  /**
   * Follows a path in the tree. Each branch can be reached in only one way, so each is entered at
   * most once; literal segments are tried first, so of equally deep branches the first one counts.
   */
  private static final class Search {
    private final List<String> path;
    private Branch best;
    private int depth = -1; // Of the best match.

    Search(List<String> path) {
      this.path = path;
    }

    void enter(Branch branch, int at) {
      boolean whole = at == path.size();
      if (at > depth && branch.answers(whole)) {
        best = branch;
        depth = at;
      }
      if (whole) {
        return;
      }
      Branch literal = branch.literals.get(path.get(at));
      if (literal != null) {
        enter(literal, at + 1);
      }
      if (branch.variable != null && depth < path.size()) {
        enter(branch.variable, at + 1);
      }
    }
  }
}
