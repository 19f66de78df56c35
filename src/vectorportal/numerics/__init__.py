"""vectorportal.numerics"""
