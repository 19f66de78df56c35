"""vectorportal.app"""
