"""The people around the child: putting names, tasks and telephone numbers to the ids that entries carry."""
