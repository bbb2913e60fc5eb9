"""How the command line ends: 0 done, 1 faults found, 2 usage, 3 store, disk or network."""

EXIT_DONE, EXIT_FAULTS, EXIT_USAGE, EXIT_STORE = 0, 1, 2, 3
