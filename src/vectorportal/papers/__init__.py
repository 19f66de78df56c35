"""vectorportal.papers"""
