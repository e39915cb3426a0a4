"""From a decoded request to a durable decision: stages, signatures, persons, evidence."""
