"""The family's first page: what waits for them, what comes next, who has the ball. It reads and writes nothing."""
