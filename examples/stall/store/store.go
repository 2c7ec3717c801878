// Package store keeps the orders of the server in examples/stall. Its
// methods are ordinary blocking Go: right on a goroutine, wrong in a task.
package store

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// A Store keeps orders in a database and their attachments in a directory.
type Store struct {
	db  *sql.DB
	dir string

	mu    sync.Mutex
	count int // guarded by mu
}

// Open returns a store. It connects to nothing yet.
func Open(driver, source, dir string) (*Store, error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return nil, err
	}
	return &Store{db: db, dir: dir}, nil
}

// Save records an order.
func (s *Store) Save(id string) error {
	s.note()
	return s.insert("INSERT INTO orders VALUES (?)", id)
}

func (s *Store) insert(query, id string) error { return s.exec(query, id) }

func (s *Store) exec(query string, args ...any) error {
	_, err := s.db.Exec(query, args...)
	return err
}

// Backup copies the database.
func (s *Store) Backup() error { return s.dump(filepath.Join(s.dir, "backup")) }

func (s *Store) dump(name string) error { return command("pg_dump", "-f", name).Run() }

func command(name string, args ...string) *exec.Cmd { return exec.Command(name, args...) }

// Compact removes what is no longer needed.
func (s *Store) Compact() error { return s.sweep("attachments") }

func (s *Store) sweep(name string) error { return os.RemoveAll(filepath.Join(s.dir, name)) }

// Count returns how many orders there are.
func (s *Store) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

func (s *Store) note() {
	s.mu.Lock()
	s.count++
	s.mu.Unlock()
}

// InBackground runs f on a goroutine.
func InBackground(f func() error) { go func() { _ = f() }() }

// Retry calls f until it succeeds, three times at most.
func Retry(f func() error) error {
	var err error
	for range 3 {
		if err = f(); err == nil {
			return nil
		}
	}
	return err
}
