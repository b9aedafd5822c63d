"""What `./bog` can do: one module a command, each with `add(parser)` for its options and `run(options)` for its work.

A command returns its exit code: 0 all well, 1 it could not be done, 2 some of the input was refused, or what was
asked for can't be understood.
"""
