from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "barnetsbog.directory"
    label = "directory"
