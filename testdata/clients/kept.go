package clients

import (
	"context"

	"github.com/gorilla/websocket"
	"github.com/nats-io/nats.go"
	"github.com/segmentio/kafka-go"
	"golang.org/x/sys/unix"
	"gorm.io/gorm"

	"github.com/seed6bcf1587/coop/hub"
)

// Clients of servers of several kinds.
func servers(ctx context.Context, ws *websocket.Conn, n *nats.Conn, k *kafka.Writer) {
	hub.Go(ctx, func(ctx context.Context) error {
		if _, _, err := ws.ReadMessage(); err != nil { // want `\(\*websocket\.Conn\)\.ReadMessage blocks the hub \[net, definite\]`
			return err
		}
		if _, err := n.Request("x", nil, 1); err != nil { // want `\(\*nats\.Conn\)\.Request blocks the hub \[net, definite\]`
			return err
		}
		return k.WriteMessages(ctx) // want `\(\*kafka\.Writer\)\.WriteMessages blocks the hub \[net, definite\]`
	})
}

// A query is built at once; what ends it asks the database.
func orm(ctx context.Context, db *gorm.DB) {
	hub.Go(ctx, func(ctx context.Context) error {
		q := db.WithContext(ctx).Where("x = ?", 1).Limit(1)
		return q.Find(new(int)).Error // want `\(\*gorm\.DB\)\.Find blocks the hub \[db, definite\]`
	})
}

// A lock that is only tried.
func kernel(ctx context.Context, fd int) {
	hub.Go(ctx, func(ctx context.Context) error {
		if err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB); err != nil {
			return err
		}
		return unix.Flock(fd, unix.LOCK_EX) // want `unix\.Flock blocks the hub \[file, definite\]`
	})
}
