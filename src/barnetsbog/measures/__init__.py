"""Numbers about a unit's work for whoever leads it: how much, how late, how well. Never about a person."""
