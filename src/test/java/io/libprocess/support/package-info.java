/** Support for tests of all packages: waiting with a limit, small stacks, and captured logs. */
package io.libprocess.support;
