"""vectorportal.papers.light_dark_matter"""
