/**
 * The seam between subprocesses and whatever runs them: a {@link
 * io.libprocess.subprocess.child.Child} is what a {@code Subprocess} consists of. The system's
 * children are the default; an executor that is a {@link io.libprocess.subprocess.child.Programs}
 * starts something else in their place, as that of a simulated host does.
 *
 * <p><b>Threads.</b> The package has none; implementations may be called from any thread.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The subprocesses, and the simulation, which implements it.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.subprocess.child;
