"""What a cell holds: detectors, findings, taxonomy and grading."""
