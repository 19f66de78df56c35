"""vectorportal.formulas"""
