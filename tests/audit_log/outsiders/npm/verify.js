// Checks a checkpoint's signature and one inclusion proof with sigstore's verifier.
// Input (JSON on stdin): origin, keyId (hex), publicKey (PEM), checkpoint, index, hashes (base64), entry.
'use strict'
const crypto = require('crypto')
const path = require('path')

const modules = path.join(process.argv[2], 'node_modules', '@sigstore', 'verify', 'dist', 'tlog')
const { verifyCheckpoint } = require(path.join(modules, 'checkpoint.js'))
const { verifyMerkleInclusion } = require(path.join(modules, 'merkle.js'))

const input = JSON.parse(require('fs').readFileSync(0, 'utf8'))
const entry = {
  canonicalizedBody: Buffer.from(input.entry, 'base64'),
  inclusionProof: {
    logIndex: input.index,
    hashes: input.hashes.map((hash) => Buffer.from(hash, 'base64')),
    checkpoint: { envelope: input.checkpoint },
  },
}
const log = {
  logID: Buffer.from(input.keyId, 'hex'),
  baseURL: input.origin,
  publicKey: crypto.createPublicKey(input.publicKey),
}
verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]))
