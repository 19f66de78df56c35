"""The figures of [Rizzo:2021], dark dipole moments of leptons."""
