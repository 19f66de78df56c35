"""vectorportal.observables.relic"""
