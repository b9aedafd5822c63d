"""Search in the book: a typed search, compiled to SQL in which every entry is joined with the asker's grants."""
