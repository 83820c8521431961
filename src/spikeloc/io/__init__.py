"""Safe files, checksums, logs, random streams, and settings of the process."""
