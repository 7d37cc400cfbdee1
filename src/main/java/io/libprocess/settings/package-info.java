/**
 * One way to parse, describe and default a setting. Not exported.
 *
 * <p>A {@link io.libprocess.settings.Setting} is a variable with a name ({@code LIBPROCESS_PORT},
 * or {@code -Dlibprocess.port}), a {@link io.libprocess.settings.Syntax} that turns its text into a
 * value, a default, a description, and the setter of a builder. {@link
 * io.libprocess.settings.Variables} is the source of the texts. Every error names the variable, the
 * value and the rule. {@link io.libprocess.settings.Check} holds the rules that the builders
 * themselves apply to a program's arguments.
 *
 * <p>To add a setting: a field and a setter in the builder, and one line in the list of settings
 * beside it.
 *
 * <p><b>Threads.</b> The package has none; its classes are immutable and may be used by any thread.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code Config}, the settings of HTTP, TLS and messages, and any code
 * that parses a duration.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.settings;
