"""What happened, provably: entries, hash chain, Merkle tree, checkpoints, verification."""
