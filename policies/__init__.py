"""What may leave, and how: the Rego bundle, policy input and decision, engines."""
