"""The family's pages: the child, those who hold custody, those with daily care."""
