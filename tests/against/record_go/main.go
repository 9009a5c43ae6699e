// SPDX-License-Identifier: AGPL-3.0-or-later

// Command record_go checks a record with an implementation that is not ours: the note and tlog packages
// of the Go checksum database (golang.org/x/mod/sumdb). It shares no line with the Python library.
//
//	record_go [-vkey FILE] [-old CHECKPOINT] [-witness VKEY] [-receipt FILE] DIR
//
// It opens the signed checkpoint, authenticates every tile against the root, proves every entry, and,
// where asked, the continuation of an older checkpoint, a witness's cosignature, and a receipt. It prints
// one line and ends with status 0, or says what does not hold and ends with status 1.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

func main() {
	vkey := flag.String("vkey", "", "file with the log's verifier key; DIR/log.vkey if not given")
	old := flag.String("old", "", "file with an older checkpoint that must be a prefix")
	witness := flag.String("witness", "", "verifier key of a witness who must have cosigned")
	receipt := flag.String("receipt", "", "a .tlog-proof of an entry of this record")
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	line, err := check(flag.Arg(0), *vkey, *old, *witness, *receipt)
	if err != nil {
		fmt.Fprintln(os.Stderr, "record_go:", err)
		os.Exit(1)
	}
	fmt.Println(line)
}

func check(dir, vkeyFile, oldFile, witness, receiptFile string) (string, error) {
	if vkeyFile == "" {
		vkeyFile = filepath.Join(dir, "log.vkey")
	}
	vkey, err := os.ReadFile(vkeyFile)
	if err != nil {
		return "", err
	}
	log, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return "", err
	}
	verifiers := []note.Verifier{log}
	if witness != "" {
		cosigner, err := newCosigner(witness)
		if err != nil {
			return "", err
		}
		verifiers = append(verifiers, cosigner)
	}

	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, log, verifiers)
	if err != nil {
		return "", err
	}
	store := &tileStore{dir: dir, data: map[tlog.Tile][]byte{}}
	tiles, err := checkTiles(tree, store)
	if err != nil {
		return "", err
	}
	entries, err := checkEntries(dir, tree, store)
	if err != nil {
		return "", err
	}
	line := fmt.Sprintf("ok %s size=%d tiles=%d entries=%d", log.Name(), tree.N, tiles, entries)
	if witness != "" {
		line += " witnessed"
	}

	if oldFile != "" {
		signed, err := os.ReadFile(oldFile)
		if err != nil {
			return "", err
		}
		before, err := openCheckpoint(signed, log, []note.Verifier{log})
		if err != nil {
			return "", err
		}
		if err := checkPast(before, tree, store); err != nil {
			return "", err
		}
		line += fmt.Sprintf(" old=%d", before.N)
	}
	if receiptFile != "" {
		index, err := checkReceipt(receiptFile, dir, log)
		if err != nil {
			return "", err
		}
		line += fmt.Sprintf(" receipt=%d", index)
	}
	return line, nil
}

// openCheckpoint requires a signature by every verifier, and reads origin, size and root.
func openCheckpoint(signed []byte, log note.Verifier, verifiers []note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(signed, note.VerifierList(verifiers...))
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(opened.Sigs) != len(verifiers) {
		return tlog.Tree{}, fmt.Errorf("the checkpoint has %d of %d signatures", len(opened.Sigs), len(verifiers))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() || lines[3] != "" {
		return tlog.Tree{}, errors.New("the text is not that of a checkpoint of this origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("the size is not in decimal")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// A tileStore reads tiles from disk and remembers those that have been authenticated.
type tileStore struct {
	dir  string
	data map[tlog.Tile][]byte
}

func (s *tileStore) Height() int { return tileHeight }

func (s *tileStore) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := s.read(tile)
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (s *tileStore) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	for i, tile := range tiles {
		s.data[tile] = data[i]
	}
}

func (s *tileStore) read(tile tlog.Tile) ([]byte, error) {
	if data, ok := s.data[tile]; ok {
		return data, nil
	}
	return os.ReadFile(filepath.Join(s.dir, recordPath(tile)))
}

// authenticated serves hashes from authenticated tiles alone, and computes each only once.
func (s *tileStore) authenticated(size int64) tlog.HashReaderFunc {
	known := map[int64]tlog.Hash{}
	return func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if hash, ok := known[index]; ok {
				hashes[i] = hash
				continue
			}
			tile := tlog.TileForIndex(tileHeight, index)
			tile.W = widthAt(size, tile)
			data, ok := s.data[tile]
			if !ok {
				return nil, fmt.Errorf("%s was not authenticated", tile.Path())
			}
			hash, err := tlog.HashFromTile(tile, data, index)
			if err != nil {
				return nil, err
			}
			known[index], hashes[i] = hash, hash
		}
		return hashes, nil
	}
}

// widthAt says how many hashes a tile holds in a tree of this size.
func widthAt(size int64, tile tlog.Tile) int {
	if there := size>>uint(tile.L*tileHeight) - tile.N*tileWidth; there < tileWidth {
		return int(there)
	}
	return tileWidth
}

// recordPath turns the checksum database's path tile/8/L/N into ours, tile/L/N.
func recordPath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	if tile.L == -1 {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

// checkTiles authenticates every tile of the tree against its root.
func checkTiles(tree tlog.Tree, store *tileStore) (int, error) {
	if tree.N == 0 {
		if tree.Hash != sha256.Sum256(nil) {
			return 0, errors.New("an empty record must have the hash of nothing as its root")
		}
		return 0, nil
	}
	reader := tlog.TileHashReader(tree, store)
	count := 0
	for _, tile := range tlog.NewTiles(tileHeight, 0, tree.N) {
		if tile.W != widthAt(tree.N, tile) {
			continue // NewTiles names the unfinished tiles of every earlier size, too
		}
		count++
		data, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", recordPath(tile), err)
		}
		stored, err := os.ReadFile(filepath.Join(store.dir, recordPath(tile)))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(data, stored) {
			return 0, fmt.Errorf("%s does not hold its hashes", recordPath(tile))
		}
	}
	return count, nil
}

// checkEntries proves every entry of every bundle under the root.
func checkEntries(dir string, tree tlog.Tree, store *tileStore) (int64, error) {
	reader := store.authenticated(tree.N)
	for start := int64(0); start < tree.N; start += tileWidth {
		entries, err := readBundle(dir, start/tileWidth, tree.N)
		if err != nil {
			return 0, err
		}
		for i, entry := range entries {
			index := start + int64(i)
			proof, err := tlog.ProveRecord(tree.N, index, reader)
			if err != nil {
				return 0, err
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
				return 0, fmt.Errorf("entry %d: %w", index, err)
			}
		}
	}
	return tree.N, nil
}

func readBundle(dir string, n, size int64) ([][]byte, error) {
	tile := tlog.Tile{H: tileHeight, L: -1, N: n, W: tileWidth}
	if left := size - n*tileWidth; left < tileWidth {
		tile.W = int(left)
	}
	data, err := os.ReadFile(filepath.Join(dir, recordPath(tile)))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) >= 2 {
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			break
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(data) != 0 || len(entries) != tile.W {
		return nil, fmt.Errorf("%s does not hold %d entries", recordPath(tile), tile.W)
	}
	return entries, nil
}

func checkPast(before, now tlog.Tree, store *tileStore) error {
	if before.N > now.N {
		return fmt.Errorf("the older checkpoint has %d entries, this record only %d", before.N, now.N)
	}
	if before.N == 0 {
		return nil // everything continues nothing
	}
	proof, err := tlog.ProveTree(now.N, before.N, store.authenticated(now.N))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, now.N, now.Hash, before.N, before.Hash)
}

// checkReceipt reads a .tlog-proof and checks it for the entry that stands at its index in the bundles.
func checkReceipt(file, dir string, log note.Verifier) (int64, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	head, signed, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, errors.New("this is no receipt")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return 0, err
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint([]byte(signed), log, []note.Verifier{log})
	if err != nil {
		return 0, err
	}
	entries, err := readBundle(dir, index/tileWidth, tree.N)
	if err != nil {
		return 0, err
	}
	leaf := tlog.RecordHash(entries[index%tileWidth])
	return index, tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf)
}

// A cosigner verifies timestamped cosignatures, which the note package leaves to its callers.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) (*cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("this is no verifier key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, errors.New("this is no key of a witness")
	}
	return &cosigner{name: parts[0], hash: uint32(hash), key: key[1:]}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), text)
	return ed25519.Verify(c.key, []byte(message), sig[8:])
}
