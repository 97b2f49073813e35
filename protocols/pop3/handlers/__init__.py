"""One module for each command or family of commands: resolve, check, call, reply."""
