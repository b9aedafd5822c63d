"""An honour-related conflict that is suspected, and the assessment of its risk: barnets lov § 18."""
