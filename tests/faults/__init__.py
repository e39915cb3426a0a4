"""The audit log under injected faults: killed, out of disk, unplugged."""
