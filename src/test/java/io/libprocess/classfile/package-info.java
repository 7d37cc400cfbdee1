/**
 * Reads class files: what a class declares, which classes it names, and which members its code
 * uses. It knows the format of Java 25 (Java Virtual Machine Specification, chapter 4) and needs no
 * library. It describes what the compiler wrote and resolves nothing, except that {@link
 * io.libprocess.classfile.ClassFiles} finds supertypes.
 */
package io.libprocess.classfile;
