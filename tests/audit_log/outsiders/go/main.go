// Command outsider checks a log with Go's own transparency-log packages.
//
//	outsider DIR VKEY
//
// DIR holds the log's checkpoint and tiles, entries.ndjson with every entry, and proofs/*.tlog-proof.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// files reads tiles where C2SP tlog-tiles puts them: Go's path without the height.
type files struct{ dir string }

func (f files) Height() int { return 8 }

func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		read, err := os.ReadFile(filepath.Join(f.dir, path))
		if err != nil {
			return nil, err
		}
		data = append(data, read)
	}
	return data, nil
}

func (f files) SaveTiles([]tlog.Tile, [][]byte) {}

func tree(signed []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("unexpected checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func checkEntries(dir string, head tlog.Tree, hashes tlog.HashReader) error {
	file, err := os.Open(filepath.Join(dir, "entries.ndjson"))
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<17)
	var index int64
	for ; lines.Scan(); index++ {
		found, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		leaf := tlog.RecordHash(lines.Bytes())
		if found[0] != leaf {
			return fmt.Errorf("entry %d is not the one in the tree", index)
		}
		proof, err := tlog.ProveRecord(head.N, index, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, head.N, head.Hash, index, leaf); err != nil {
			return err
		}
		if err := compareProof(dir, index, proof); err != nil {
			return err
		}
	}
	if index != head.N {
		return fmt.Errorf("%d entries, %d signed", index, head.N)
	}
	return lines.Err()
}

// compareProof holds our proof file, where there is one, to Go's own proof.
func compareProof(dir string, index int64, proof tlog.RecordProof) error {
	data, err := os.ReadFile(filepath.Join(dir, "proofs", fmt.Sprintf("%d.tlog-proof", index)))
	if os.IsNotExist(err) {
		return nil
	}
	var want bytes.Buffer
	fmt.Fprintf(&want, "c2sp.org/tlog-proof@v1\nindex %d\n", index)
	for _, hash := range proof {
		fmt.Fprintln(&want, base64.StdEncoding.EncodeToString(hash[:]))
	}
	if err != nil || !bytes.HasPrefix(data, append(want.Bytes(), '\n')) {
		return fmt.Errorf("proof %d differs from Go's: %v", index, err)
	}
	return nil
}

func checkGrowth(head tlog.Tree, hashes tlog.HashReader) error {
	for old := int64(1); old <= head.N; old += 1 + head.N/40 {
		root, err := tlog.TreeHash(old, hashes)
		if err != nil {
			return err
		}
		proof, err := tlog.ProveTree(head.N, old, hashes)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, head.N, head.Hash, old, root); err != nil {
			return err
		}
	}
	return nil
}

func run(dir, vkey string) error {
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	head, err := tree(signed, vkey)
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(head, files{dir})
	if err := checkEntries(dir, head, hashes); err != nil {
		return err
	}
	return checkGrowth(head, hashes)
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
