"""A family's own copy of the book: what they may read of it, all at once. It reads and writes nothing."""
