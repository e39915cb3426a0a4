"""Where a record enters and leaves: listeners, callers, headers, upstreams, problem replies."""
