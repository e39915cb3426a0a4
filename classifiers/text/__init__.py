"""Persons, places and organizations in free text, in the languages of the region."""
