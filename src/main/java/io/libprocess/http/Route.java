package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.grammar.CanonicalPath;
import io.libprocess.service.Filter;
import io.libprocess.settings.Check;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A description of the requests that a handler of a process answers, and of the checks before it
 * sees them. Immutable; the methods that change something return changed copies.
 *
 * <pre>{@code
 * Route.at("/gold").realm("staff").help("What staff sees.")
 * Route.get("/books/{isbn}")
 * Route.post("/upload").streaming()
 * }</pre>
 *
 * <h2>The path</h2>
 *
 * <p>It is relative to the process: {@code /size} of a process {@code queue} is {@code
 * /queue/size}. Requests are matched by their canonical paths, in which escapes are decoded, and
 * trailing and repeated slashes are ignored. There are three kinds of paths:
 *
 * <ul>
 *   <li>{@code /}, for requests that name the process and nothing below it;
 *   <li>one such as {@code /a/b}, which also answers for everything below it;
 *   <li>one with variables, such as {@code /books/{isbn}}, each of which stands for any one
 *       segment. The handler reads it by {@link Request#segment}. Paths below are not answered.
 * </ul>
 *
 * <p>{@link #withBelow} and {@link #exactly} change this for the paths below. If several routes
 * match a path, the one with the most segments answers; among those, from left to right, a literal
 * segment takes precedence over a variable.
 *
 * <h2>The method</h2>
 *
 * <p>A route made by {@link #at} is for all methods, the others are for the methods that they name;
 * {@code GET} includes {@code HEAD}. Where there are routes for a path but none for the request's
 * method, the answer is 405, or 204 to {@code OPTIONS}, with the methods in {@code Allow}.
 *
 * <h2>Filters</h2>
 *
 * <p>{@link #filter(Filter)} puts something around all of the route, as {@code
 * io.libprocess.http.filter} has it, and {@link #filterAdmitted(Filter)} around the handler only.
 */
public final class Route {

  private final String path;
  private final List<String> segments; // Decoded; that of a variable is its name in braces.
  private final boolean below;
  private final Set<String> methods; // Empty means all.
  private final Optional<String> realm;
  private final String help;
  private final boolean streaming;
  private final OptionalLong maxBody;
  private final Optional<Filter<Request, Response, Request, Response>> filter;
  private final Optional<Filter<Request, Response, Request, Response>> inner;

  private Route(Draft draft) {
    path = draft.path;
    segments = draft.segments;
    below = draft.below;
    methods = draft.methods;
    realm = draft.realm;
    help = draft.help;
    streaming = draft.streaming;
    maxBody = draft.maxBody;
    filter = draft.filter;
    inner = draft.inner;
  }

  /** The values of a route to be made. */
  private static final class Draft {
    private final String path;
    private final List<String> segments;
    private boolean below;
    private Set<String> methods = Set.of();
    private Optional<String> realm = Optional.empty();
    private String help = "";
    private boolean streaming;
    private OptionalLong maxBody = OptionalLong.empty();
    private Optional<Filter<Request, Response, Request, Response>> filter = Optional.empty();
    private Optional<Filter<Request, Response, Request, Response>> inner = Optional.empty();

    Draft(String path, List<String> segments) {
      this.path = path;
      this.segments = segments;
    }

    Draft(Route route) {
      this(route.path, route.segments);
      below = route.below;
      methods = route.methods;
      realm = route.realm;
      help = route.help;
      streaming = route.streaming;
      maxBody = route.maxBody;
      filter = route.filter;
      inner = route.inner;
    }
  }

  private Route with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new Route(draft);
  }

  /**
   * Makes a route for all methods.
   *
   * @throws IllegalArgumentException if the path does not start with a slash, ends with one, has an
   *     empty segment, one that is a dot or one that begins with two dots, has a question mark, a
   *     number sign or a malformed escape, or if a variable is not a whole segment, has no name, or
   *     occurs twice
   */
  public static Route at(String path) {
    List<String> segments = List.copyOf(segments(path));
    Draft draft = new Draft(path, segments);
    draft.below = !segments.isEmpty() && segments.stream().noneMatch(Route::isVariable);
    return new Route(draft);
  }

  /** A route for GET and HEAD; see {@link #at}. */
  public static Route get(String path) {
    return at(path).methods("GET");
  }

  /** A route for POST; see {@link #at}. */
  public static Route post(String path) {
    return at(path).methods("POST");
  }

  /** A route for PUT; see {@link #at}. */
  public static Route put(String path) {
    return at(path).methods("PUT");
  }

  /** A route for PATCH; see {@link #at}. */
  public static Route patch(String path) {
    return at(path).methods("PATCH");
  }

  /** A route for DELETE; see {@link #at}. */
  public static Route delete(String path) {
    return at(path).methods("DELETE");
  }

  private static List<String> segments(String path) {
    if (!path.startsWith("/") || path.endsWith("/") && path.length() > 1) {
      throw illegal(path, "it must start with '/' and not end with one");
    }
    if (path.contains("//") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      throw illegal(path, "it must not have an empty segment, a '?' or a '#'");
    }
    String canonical = CanonicalPath.of(path);
    if (CanonicalPath.hasDots(canonical)) {
      throw illegal(path, "no segment may be '.' or begin with '..'");
    }
    List<String> segments = CanonicalPath.segments(canonical);
    Set<String> variables = new LinkedHashSet<>();
    for (String segment : segments) {
      boolean braces = segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0;
      if (braces && !isVariable(segment)) {
        throw illegal(path, "a variable must be a whole segment, and have a name");
      }
      if (braces && !variables.add(segment)) {
        throw illegal(path, "the variable " + segment + " occurs twice");
      }
    }
    return segments;
  }

  private static IllegalArgumentException illegal(String path, String rule) {
    return new IllegalArgumentException("not the path of a route: '" + path + "': " + rule);
  }

  private static boolean isVariable(String segment) {
    int last = segment.length() - 1;
    return last > 1
        && segment.charAt(0) == '{'
        && segment.indexOf('}') == last
        && segment.indexOf('{', 1) < 0;
  }

  /* ------ Copies ------ */

  /**
   * The same route for some methods only. {@code GET} includes {@code HEAD}, unless another route
   * of the same path names {@code HEAD}.
   *
   * @param methods at least one method, case-sensitive
   * @throws IllegalArgumentException if there is none, or one is not a token
   */
  public Route methods(String... methods) {
    Set<String> named = new LinkedHashSet<>(List.of(methods));
    if (named.isEmpty()) {
      throw new IllegalArgumentException("a route without methods: " + path);
    }
    named.forEach(Request::checkMethod);
    return with(draft -> draft.methods = Collections.unmodifiableSet(named));
  }

  /**
   * The same route in a realm: the realm's authenticator first identifies the client, and answers
   * with 401 or 403 if it cannot.
   *
   * @param realm the name of the realm, such as {@code staff}
   */
  public Route realm(String realm) {
    Optional<String> named = Optional.of(realm);
    return with(draft -> draft.realm = named);
  }

  /**
   * The same route with a text for {@code /help}.
   *
   * @param help one line or a page of Markdown
   */
  public Route help(String help) {
    requireNonNull(help, "help");
    return with(draft -> draft.help = help);
  }

  /** The same route with a page for {@code /help} in the sections of libprocess. */
  public Route help(Help help) {
    return help(help.toString());
  }

  /**
   * A page of help in the sections of libprocess: each has a heading, except the references, and
   * their order is fixed. Immutable. (libprocess: {@code HELP}, {@code TLDR} and so on.)
   *
   * <pre>{@code
   * Route.Help.of("How many books there are.").authentication(true).description("...")
   * }</pre>
   */
  public record Help(
      String tldr,
      String description,
      String authentication,
      String authorization,
      String references) {

    /** A page with the lines of a summary. */
    public static Help of(String... tldr) {
      return new Help(lines(tldr), "", "", "", "");
    }

    private static String lines(String... lines) {
      return String.join("\n", lines) + "\n";
    }

    /** This page with the lines of a description. */
    public Help description(String... lines) {
      return new Help(tldr, lines(lines), authentication, authorization, references);
    }

    /** This page with the sentence that says whether a requester must be authenticated. */
    public Help authentication(boolean required) {
      String text =
          required
              ? lines(
                  "This endpoint requires authentication iff HTTP authentication is", "enabled.")
              : lines("This endpoint does not require authentication.");
      return new Help(tldr, description, text, authorization, references);
    }

    /** This page with the lines that say who may use the endpoint. */
    public Help authorization(String... lines) {
      return new Help(tldr, description, authentication, lines(lines), references);
    }

    /** This page with lines that say where to read more. */
    public Help references(String... lines) {
      return new Help(tldr, description, authentication, authorization, lines(lines));
    }

    private static String section(String heading, String text) {
      return text.isEmpty() ? "" : "\n### " + heading + " ###\n" + text;
    }

    /** The page, as Markdown. */
    @Override
    public String toString() {
      return section("TL;DR;", tldr).substring(1)
          + section("DESCRIPTION", description)
          + section("AUTHENTICATION", authentication)
          + section("AUTHORIZATION", authorization)
          + (references.isEmpty() ? "" : "\n" + references);
    }
  }

  /**
   * The same route with a handler that is called as soon as the head of a request has arrived; it
   * reads the body as a stream, which slows the sender down to the handler's pace. By default a
   * handler is called when the whole body has arrived.
   */
  public Route streaming() {
    return with(draft -> draft.streaming = true);
  }

  /**
   * The same route for bodies of so many bytes at most; requests with larger ones are answered with
   * 413. What the server collects for a handler has a limit anyway, {@link Limits#body}; streams
   * have none.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Route maxBody(long bytes) {
    OptionalLong most = OptionalLong.of(Check.atLeast("bytes", bytes, 0L));
    return with(draft -> draft.maxBody = most);
  }

  /**
   * The same route for the path and for everything below it, even if it is {@code /} or has
   * variables.
   */
  public Route withBelow() {
    return with(draft -> draft.below = true);
  }

  /** The same route for the path only, and not for the paths below it. */
  public Route exactly() {
    return with(draft -> draft.below = false);
  }

  /**
   * The same route, with a filter around all that is done for its requests: it is given them before
   * anybody has found out who makes them and before their bodies are collected, and sees the
   * answers to those that are refused or fail, too. It also gets what is answered without the
   * handler: an {@code OPTIONS} request and one with a method that no route of the path is for.
   * Filters that were added before are asked first.
   */
  public Route filter(Filter<Request, Response, Request, Response> filter) {
    Filter<Request, Response, Request, Response> last = requireNonNull(filter, "filter");
    return with(
        draft ->
            draft.filter =
                Optional.of(draft.filter.map(first -> first.andThen(last)).orElse(last)));
  }

  /**
   * The same route, with a filter around its handler: it is given the requests that were let in,
   * whose {@link Request#principal} is known and whose bodies are there, and sees failures as the
   * handler left them. Filters that were added before are asked first.
   */
  public Route filterAdmitted(Filter<Request, Response, Request, Response> filter) {
    Filter<Request, Response, Request, Response> last = requireNonNull(filter, "filter");
    return with(
        draft ->
            draft.inner = Optional.of(draft.inner.map(first -> first.andThen(last)).orElse(last)));
  }

  /* ------ Parts ------ */

  /** The path, as it was given. */
  public String path() {
    return path;
  }

  /** The decoded segments of the path; that of a variable is its name in braces. */
  public List<String> segments() {
    return segments;
  }

  /** The names of the variables in the path, in its order. */
  public List<String> variables() {
    List<String> names = new ArrayList<>();
    for (String segment : segments) {
      if (isVariable(segment)) {
        names.add(segment.substring(1, segment.length() - 1));
      }
    }
    return names;
  }

  /** Whether requests for paths below are answered too. */
  public boolean answersBelow() {
    return below;
  }

  /** The methods that were named; empty if the route is for all. */
  public Set<String> methods() {
    return methods;
  }

  /** The realm whose authenticator is asked. */
  public Optional<String> realm() {
    return realm;
  }

  /** The text for {@code /help}; empty if there is none. */
  public String help() {
    return help;
  }

  /** How many bytes a body may have, if that was said. */
  public OptionalLong maxBody() {
    return maxBody;
  }

  /** The filter around all that is done for its requests: see {@link #filter(Filter)}. */
  public Optional<Filter<Request, Response, Request, Response>> filter() {
    return filter;
  }

  /** The filter around its handler: see {@link #filterAdmitted(Filter)}. */
  public Optional<Filter<Request, Response, Request, Response>> filterAdmitted() {
    return inner;
  }

  /** Whether the handler reads bodies as streams. */
  public boolean isStreaming() {
    return streaming;
  }

  /** The methods, if some were named, and the path. */
  @Override
  public String toString() {
    return methods.isEmpty() ? path : String.join(",", methods) + " " + path;
  }
}
