"""What the rules promise, in closed form: the lemmas of docs/theory.md as functions.

Money is in prices of one version, gains and errors in nats per case at the step at which a child is judged.
"""
