package io.libprocess.architecture;

import static io.libprocess.architecture.Layer.exported;
import static io.libprocess.architecture.Layer.facade;
import static io.libprocess.architecture.Layer.hidden;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The layers of the library from top to bottom. */
final class Layers {

  /** Each layer may use those of the levels below its own, and none on its own level. */
  private static final List<List<Layer>> LEVELS =
      List.of(
          level(hidden("cli")),
          level(exported("testing"), exported("simulation"), exported("grpc")),
          level(
              hidden("simulation.network"),
              hidden("simulation.disk"),
              hidden("simulation.audit"),
              hidden("simulation.program")),
          level(hidden("simulation.engine")),
          level(
              facade(
                  "",
                  "Async",
                  "Config",
                  "ConfigSettings",
                  "EventFilter",
                  "EventView",
                  "EventViews",
                  "Messaging",
                  "Node",
                  "NodeMessages",
                  "NodeStart",
                  "PID",
                  "Process",
                  "ProcessDoor",
                  "Supervisor")),
          level(hidden("node")),
          level(hidden("actor")),
          level(hidden("ask")),
          level(exported(""), exported("config")),
          level(hidden("observer")),
          level(hidden("endpoints")),
          level(hidden("remote")),
          level(hidden("remote.wire")),
          level(hidden("remote.links")),
          level(exported("http.service")),
          level(exported("http.filter"), exported("http.form"), exported("http.jwt")),
          level(
              facade(
                  "http",
                  "Connection",
                  "HttpClient",
                  "HttpFilter",
                  "HttpFilterPair",
                  "HttpListener")),
          level(hidden("web")),
          level(hidden("http.server"), hidden("http.client")),
          level(hidden("http.server.http2")),
          level(hidden("http.exchange")),
          level(hidden("http.grpc")),
          level(hidden("http.http1"), hidden("http.http2")),
          level(hidden("http.http2.message"), hidden("http.http2.frame")),
          level(hidden("http.hpack")),
          level(hidden("http.coding"), hidden("http.channel")),
          level(hidden("http.context")),
          level(exported("http.security")),
          level(exported("http")),
          level(hidden("http.grammar"), hidden("http.auth"), hidden("http.access")),
          level(exported("service.stack")),
          level(exported("service.balance")),
          level(exported("service.filter")),
          level(exported("service")),
          level(hidden("service.support")),
          level(hidden("runtime")),
          level(
              facade(
                  "net",
                  "FileSender",
                  "Io",
                  "ServerSocket",
                  "Socket",
                  "SocketInput",
                  "SocketSink",
                  "SocketSource",
                  "Tls")),
          level(hidden("net.tls")),
          level(hidden("net.nio")),
          level(exported("net")),
          level(exported("subprocess")),
          level(hidden("subprocess.child")),
          level(hidden("stream.collect")),
          level(hidden("stream.access")),
          level(
              facade(
                  "stream",
                  "Bytes",
                  "Pipe",
                  "PipeProcessor",
                  "PipeSink",
                  "PipeSource",
                  "PipeState",
                  "Sink",
                  "Stream",
                  "StreamSubscriber",
                  "Transform")),
          level(hidden("stream.bytes"), hidden("stream.ends"), hidden("stream.operator")),
          level(hidden("stream.stage")),
          level(exported("stream")),
          level(exported("sync")),
          level(exported("metrics")),
          level(exported("future")),
          level(exported("time")),
          level(exported("context")),
          level(hidden("settings")),
          level(hidden("internal.scheduler")),
          level(exported("json")),
          level(hidden("internal")),
          level(hidden("internal.json"), hidden("internal.flight")));

  private static final int MOST_FILES = 25;

  private Layers() {}

  private static List<Layer> level(Layer... beside) {
    return List.of(beside);
  }

  /** Whether a layer is on a level above another. */
  static boolean isAbove(Layer upper, Layer lower) {
    return rank(upper) < rank(lower);
  }

  static List<Layer> all() {
    return LEVELS.stream().flatMap(Collection::stream).toList();
  }

  static boolean mayUse(Layer user, Layer used) {
    return user.equals(used) || rank(user) < rank(used);
  }

  private static int rank(Layer layer) {
    for (int i = 0; i < LEVELS.size(); i++) {
      if (LEVELS.get(i).contains(layer)) {
        return i;
      }
    }
    throw new IllegalArgumentException(layer + " is on no level");
  }

  static Layer named(String name) {
    return all().stream().filter(layer -> layer.name().equals(name)).findAny().orElseThrow();
  }

  /**
   * The layer of a class.
   *
   * @param room its package, relative to that of the library
   * @param outermost the simple name of the class at the top of its source file
   */
  static Optional<Layer> of(String room, String outermost) {
    List<Layer> here = all().stream().filter(layer -> layer.room().equals(room)).toList();
    return here.stream()
        .filter(layer -> layer.classes().contains(outermost))
        .findAny()
        .or(() -> here.stream().filter(layer -> layer.classes().isEmpty()).findAny());
  }

  /** The packages, relative to that of the library. */
  static Set<String> rooms() {
    return all().stream().map(Layer::room).collect(Collectors.toSet());
  }

  /** The problem with the number of files of a package; empty if there is none. */
  static String judgeSize(String room, int files) {
    return files <= MOST_FILES ? "" : (room.isEmpty() ? "root" : room) + " has " + files + " files";
  }

  /** Whether the module exports a package, given relative to that of the library. */
  static boolean isExported(String room) {
    return all().stream().anyMatch(layer -> layer.room().equals(room) && layer.exported());
  }
}
