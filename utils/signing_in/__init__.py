"""The ways of telling AWX who is asking: one module each, and one that chooses between them."""
