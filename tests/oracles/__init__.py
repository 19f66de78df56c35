"""Independent amplitudes, evaluated numerically from explicit spinors and polarisation vectors."""
