// Package pg implements the interfaces of package port, and is not imported
// by package server.
package pg

import (
	"database/sql"
	"time"

	"github.com/seed6bcf1587/coop/testdata/open/port"
)

// A DB blocks.
type DB struct{ db *sql.DB }

// Save blocks two calls deep.
func (d *DB) Save(key string) error { return d.exec(key) }

func (d *DB) exec(key string) error {
	_, err := d.db.Exec(key)
	return err
}

// Len does not block.
func (d *DB) Len() int { return 0 }

// Open converts: whoever calls it gets an interface.
func Open() port.Store { return new(DB) }

// A Bell does not block.
type Bell struct{}

// Notify does nothing that waits.
func (Bell) Notify() {}

// Never is converted nowhere.
type Never struct{}

// Notify blocks, in a type that no program has.
func (Never) Notify() { time.Sleep(1) }
