"""The web pages: request, one call, page.

A view asks one capability for what it shows and hands it to a template. Nothing here decides who may see what, and
nothing here reads a table. Every page works without JavaScript; the script adds comfort only.
"""
