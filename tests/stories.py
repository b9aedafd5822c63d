"""The demonstration's stories, read once in a process."""

from barnetsbog.demo.story import FOLDER, gather, read_cast

CAST = read_cast()
STORIES, _ = gather(FOLDER / "citizens", CAST)
