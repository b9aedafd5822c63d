"""What a child writes itself: notes and the three rooms of its house, which nobody else reads before the child shares
them (ADR 31); and what a child has a right to, by its age."""
