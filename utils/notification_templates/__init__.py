"""AWX's own notification templates: what they take, what they are attached to, testing them."""
