"""SMS: announcements as a file in a folder, for a program that speaks with a telephone company."""
