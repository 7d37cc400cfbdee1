package io.libprocess.architecture;

import io.libprocess.classfile.ClassFile;
import io.libprocess.classfile.ClassFiles;
import io.libprocess.classfile.Member;
import io.libprocess.classfile.Use;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiled classes that belong to the layers of {@link Layers}, checked for violations of the
 * rules.
 */
final class House {

  private final String base;
  private final ClassFiles classes;
  private final Map<String, Optional<Layer>> layers = new ConcurrentHashMap<>(); // By class.

  /**
   * @param base the package below which all layers are
   */
  House(String base, ClassFiles classes) {
    this.base = base;
    this.classes = classes;
  }

  Collection<ClassFile> classes() {
    return classes.all();
  }

  /* ------ Layers ------ */

  private boolean isHere(String type) {
    return type.startsWith(base + ".");
  }

  /** The package of a class, relative to the base. */
  private String room(String type) {
    String name = ClassFile.packageOf(type);
    return name.equals(base) ? "" : name.substring(base.length() + 1);
  }

  private Optional<Layer> layer(String type) {
    return layers.computeIfAbsent(type, name -> Layers.of(room(name), outermost(name)));
  }

  private static String outermost(String type) {
    return type.substring(type.lastIndexOf('.') + 1).split("\\$")[0];
  }

  private Stream<ClassFile> in(Layer layer) {
    return classes.all().stream()
        .filter(file -> isHere(file.name()))
        .filter(file -> layer(file.name()).filter(layer::equals).isPresent());
  }

  /** Classes in packages that are not in the plan. */
  List<String> strangers() {
    return classes.all().stream()
        .map(ClassFile::name)
        .filter(name -> !name.equals("module-info"))
        .filter(name -> !isHere(name) || layer(name).isEmpty())
        .toList();
  }

  /** References from a layer to layers that it may not use. */
  List<String> forbiddenUses(Layer layer) {
    List<String> found = new ArrayList<>();
    in(layer)
        .forEach(
            file ->
                referencesHere(file)
                    .filter(name -> !Layers.mayUse(layer, layer(name).orElse(layer)))
                    .map(name -> place(file, name) + " uses " + name)
                    .forEach(found::add));
    return found;
  }

  /** Classes that refer to one of another package. */
  List<String> outsideUsers(String type) {
    return classes.all().stream()
        .filter(file -> !ClassFile.packageOf(file.name()).equals(ClassFile.packageOf(type)))
        .filter(file -> file.references().contains(type))
        .map(ClassFile::name)
        .toList();
  }

  /**
   * The classes that a class uses, without those that it permits to extend it: naming them only
   * keeps others out.
   */
  private Stream<String> referencesHere(ClassFile file) {
    return file.references().stream()
        .filter(this::isHere)
        .filter(name -> !file.permitted().contains(name));
  }

  /** A class, and the line in which it first uses another, unless only a declaration names it. */
  private static String place(ClassFile file, String used) {
    return file.uses().stream()
        .filter(use -> use.owner().equals(used))
        .findFirst()
        .map(use -> place(file, use))
        .orElse(file.name());
  }

  private static String place(ClassFile file, Use use) {
    return file.name() + " (" + file.source() + ":" + use.line() + ")";
  }

  /** Layers that use each other, directly or by way of others. */
  List<String> cycles() {
    Map<String, Set<String>> reached = new TreeMap<>();
    for (Layer layer : Layers.all()) {
      reached.put(
          layer.name(),
          in(layer)
              .flatMap(this::referencesHere)
              .flatMap(name -> layer(name).stream())
              .map(Layer::name)
              .filter(name -> !name.equals(layer.name()))
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    for (String between : reached.keySet()) {
      for (Set<String> from : reached.values()) {
        if (from.contains(between)) {
          from.addAll(reached.get(between));
        }
      }
    }
    return reached.keySet().stream().filter(name -> reached.get(name).contains(name)).toList();
  }

  /**
   * The number of source files of a package besides its {@code package-info}.
   *
   * @param room the package, relative to that of the library
   */
  int files(String room) {
    return (int)
        Layers.all().stream()
            .filter(layer -> layer.room().equals(room))
            .flatMap(this::in)
            .map(file -> outermost(file.name()))
            .filter(name -> !name.equals("package-info"))
            .distinct()
            .count();
  }

  /** Listed classes of a layer that do not exist. */
  List<String> missing(Layer layer) {
    return layer.classes().stream()
        .map(name -> layer.packageIn(base) + "." + name)
        .filter(name -> classes.find(name).isEmpty())
        .sorted()
        .toList();
  }

  /* ------ Seams ------ */

  /** Uses that cross a seam in a class without a permit. */
  List<String> crossings(Seam seam, List<Permit> permits) {
    return classes.all().stream()
        .filter(file -> permits.stream().noneMatch(permit -> permit.covers(file.name(), seam)))
        .flatMap(file -> crossings(seam, file))
        .toList();
  }

  private Stream<String> crossings(Seam seam, ClassFile file) {
    List<String> found = new ArrayList<>();
    file.usesByDeclaredMethod()
        .forEach(
            (method, uses) ->
                uses.stream()
                    .filter(use -> seam.isCrossedBy(classes.targets(use)))
                    .map(use -> place(file, use) + "." + method + " uses " + use)
                    .forEach(found::add));
    return found.stream();
  }

  /** Whether a class that a permit names makes use of it. */
  boolean needs(Permit permit, Seam seam) {
    return classes.all().stream()
        .filter(file -> permit.names(file.name()))
        .flatMap(file -> file.uses().stream())
        .anyMatch(use -> seam.isCrossedBy(classes.targets(use)));
  }

  /** The calls of a seam that are made anywhere. */
  Set<String> callsMade(Seam seam) {
    return classes.all().stream()
        .flatMap(file -> file.uses().stream())
        .flatMap(use -> seam.callsAmong(classes.targets(use)).stream())
        .collect(Collectors.toSet());
  }

  /* ------ What users see ------ */

  /**
   * Declarations that users can see and that name a type which they cannot see, without the base.
   */
  List<String> exposed() {
    return classes.all().stream()
        .filter(file -> isHere(file.name()) && Layers.isExported(room(file.name())))
        .filter(this::isAccessible)
        .flatMap(file -> exposed(file).stream())
        .map(text -> text.replace(base + ".", ""))
        .toList();
  }

  private boolean isAccessible(ClassFile file) {
    return file.isVisibleToOthers()
        && (file.outer().isEmpty()
            || classes.find(file.outer()).filter(this::isAccessible).isPresent());
  }

  private List<String> exposed(ClassFile file) {
    List<String> found = new ArrayList<>();
    for (String type : file.declared()) {
      if (isHidden(type)) {
        found.add(file.name() + " names " + type);
      }
    }
    for (ClassFile declarer = file; declarer != null; declarer = hiddenSuperclass(declarer)) {
      for (Member member : allMembers(declarer)) {
        member.types().stream()
            .filter(type -> member.isVisibleToOthers() && isHidden(type))
            .forEach(type -> found.add(file.name() + "." + member + " names " + type));
      }
    }
    return found;
  }

  private static List<Member> allMembers(ClassFile file) {
    return Stream.concat(file.fields().stream(), file.methods().stream()).toList();
  }

  /**
   * A superclass that users do not see, but whose members they see in a subclass; null if there is
   * none.
   */
  private ClassFile hiddenSuperclass(ClassFile file) {
    return classes
        .find(file.superclass())
        .filter(superclass -> !isAccessible(superclass))
        .orElse(null);
  }

  private boolean isHidden(String type) {
    return isHere(type) && !Layers.isExported(room(type));
  }
}
