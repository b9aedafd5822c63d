"""The overview: six facts about a child in one minute.

Who is it; why now; who has the ball and until when; what happened last; what comes next; what is missing. Everything
is read within the reader's grants, in a fixed number of queries.
"""
