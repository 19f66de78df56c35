"""vectorportal.scans"""
