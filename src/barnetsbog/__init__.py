"""Barnets Bog: one shared book about a vulnerable child."""
