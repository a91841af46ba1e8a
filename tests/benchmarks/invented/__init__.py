"""The invented world that generated claims are about, and what is said of it."""
