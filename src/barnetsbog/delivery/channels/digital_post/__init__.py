"""Digital Post: a MeMo message a letter in a folder, where an instance's connection to the service takes it."""
