"""Timed work; nothing here is asserted on by the tests."""
