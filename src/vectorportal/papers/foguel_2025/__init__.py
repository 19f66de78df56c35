"""The figures of [Foguel:2025], vector dark matter of a dark SU(2)."""
