"""Reading in Barnets Bog itself: units at their desks, families when they have logged in."""
