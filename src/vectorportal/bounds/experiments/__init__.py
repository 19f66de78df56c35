"""First-principles experiments: a specification with units, an engine, and expected events."""
