/**
 * Reads class files: the declarations of a class, the classes it names, and the members its code
 * uses. It knows the format of Java 25 (Java Virtual Machine Specification, chapter 4) and needs no
 * library. It describes the compiler's output and resolves nothing, except that {@link
 * io.libprocess.classfile.ClassFiles} finds supertypes.
 */
package io.libprocess.classfile;
