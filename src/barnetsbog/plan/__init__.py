"""The overall plan: what the child wants, what is tried and whether it helps, and when it is looked at again.

There is one plan a child. What it consists of is not kept in it: goals, interventions, conditions and the authorities'
own plans are entries of their own, each with its own readers, and the plan of a reader is what that reader may see of
them (ADR 11).
"""
