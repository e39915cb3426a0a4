// Judges probes: one JSON object a line on standard input, "true" or "false" a line on output.
// Nothing of ours: the verifier is github.com/transparency-dev/merkle.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// Probe is a proof of inclusion (Kind "inclusion": First is the index, Second the size, Before the
// leaf hash, After the root) or of consistency (sizes and roots).
type Probe struct {
	Kind          string
	First, Second uint64
	Before, After []byte
	Proof         [][]byte
}

func (p Probe) holds() bool {
	if p.Kind == "inclusion" {
		return proof.VerifyInclusion(rfc6962.DefaultHasher, p.First, p.Second, p.Before, p.Proof, p.After) == nil
	}
	return proof.VerifyConsistency(rfc6962.DefaultHasher, p.First, p.Second, p.Proof, p.Before, p.After) == nil
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	decoder := json.NewDecoder(lines)
	for decoder.More() {
		var probe Probe
		if err := decoder.Decode(&probe); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		fmt.Println(probe.holds())
	}
}
