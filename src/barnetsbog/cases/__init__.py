"""A unit's task with a child: ending it, and beginning it again.

A child's case is closed when no unit has a task with it. Nothing is deleted; rights end as they follow from the task.
"""
