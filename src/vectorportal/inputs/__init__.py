"""vectorportal.inputs"""
