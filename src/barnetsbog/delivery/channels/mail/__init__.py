"""Mail: announcements as a file in a folder, or by a mail server."""
