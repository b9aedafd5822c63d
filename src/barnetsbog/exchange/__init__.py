"""Other systems: one folder for each standard. HTTP and messages only; what they ask for is a capability's to do."""
