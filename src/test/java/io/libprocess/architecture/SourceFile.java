package io.libprocess.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** One parsed source file, checked for rules that its compiler does not check. */
final class SourceFile {

  private static final Set<Tree.Kind> OPEN_KINDS =
      Set.of(Tree.Kind.INTERFACE, Tree.Kind.ANNOTATION_TYPE);

  private final DocTrees trees;
  private final CompilationUnitTree unit;

  private SourceFile(DocTrees trees, CompilationUnitTree unit) {
    this.trees = trees;
    this.unit = unit;
  }

  static SourceFile parse(Path file) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
      CompilationUnitTree unit = task.parse().iterator().next();
      return new SourceFile(DocTrees.instance(task), unit);
    }
  }

  /**
   * The names of the methods that span more lines than a limit, from signature to closing brace.
   */
  List<String> methodsOver(int lines) {
    List<String> found = new ArrayList<>();
    SourcePositions positions = trees.getSourcePositions();
    LineMap map = unit.getLineMap();
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void unused) {
        long first = map.getLineNumber(positions.getStartPosition(unit, method));
        long last = map.getLineNumber(positions.getEndPosition(unit, method));
        if (last - first + 1 > lines) {
          found.add(method.getName().toString());
        }
        return super.visitMethod(method, unused);
      }
    }.scan(unit, null);
    return found;
  }

  /** Public and protected types and members that lack a comment; overriding methods inherit one. */
  List<String> undocumented() {
    PublicScanner scanner = new PublicScanner();
    scanner.scan(unit, null);
    return scanner.undocumented;
  }

  private final class PublicScanner extends TreePathScanner<Void, Void> {

    private final List<String> undocumented = new ArrayList<>();

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (isPublic(type.getModifiers())) {
        check();
        super.visitClass(type, unused);
      }
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
      if (isPublic(method.getModifiers()) && !overrides) {
        check();
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Void unused) {
      if (isPublic(field.getModifiers())) {
        check();
      }
      return null;
    }

    private boolean isPublic(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      boolean inInterface =
          getCurrentPath().getParentPath().getLeaf() instanceof ClassTree outer
              && OPEN_KINDS.contains(outer.getKind());
      return flags.contains(Modifier.PUBLIC)
          || flags.contains(Modifier.PROTECTED)
          || inInterface && !flags.contains(Modifier.PRIVATE);
    }

    private void check() {
      if (trees.getDocComment(getCurrentPath()) == null) {
        undocumented.add(name(getCurrentPath()));
      }
    }

    private String name(TreePath path) {
      Tree leaf = path.getLeaf();
      if (leaf instanceof CompilationUnitTree) {
        return "";
      }
      String outer = name(path.getParentPath());
      String own =
          leaf instanceof ClassTree type
              ? type.getSimpleName().toString()
              : leaf instanceof MethodTree method
                  ? method.getName().toString()
                  : ((VariableTree) leaf).getName().toString();
      return outer.isEmpty() ? own : outer + "." + own;
    }
  }
}
