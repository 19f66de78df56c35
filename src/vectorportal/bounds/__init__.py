"""vectorportal.bounds"""
