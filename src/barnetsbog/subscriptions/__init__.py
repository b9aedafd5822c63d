"""Subscriptions: systems are told that something has happened in the book, as far as they may know of it (ADR 34)."""
