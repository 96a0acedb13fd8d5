"""Coming of age: an age band is told again when it changes, and who became an adult speaks for themselves."""
