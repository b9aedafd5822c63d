"""Paper: a folder of PDF files that a secretary, or a printing service, empties."""
