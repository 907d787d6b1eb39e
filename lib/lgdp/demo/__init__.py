"""The demo's world: two years of returns from 32 councils, made from a seed, with known truth."""
