package clients

import (
	"bytes"
	"context"

	"github.com/IBM/sarama"
	"github.com/hashicorp/go-msgpack/codec"
	amqp "github.com/rabbitmq/amqp091-go"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
	mongov1 "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/seed6bcf1587/coop/hub"
)

// Clients of message brokers, which wait for the broker or write to its
// connection.
func brokers(ctx context.Context, p sarama.SyncProducer, c *amqp.Channel) {
	hub.Go(ctx, func(ctx context.Context) error {
		if _, _, err := p.SendMessage(nil); err != nil { // want `\(sarama\.SyncProducer\)\.SendMessage blocks the hub \[net, probable\]`
			return err
		}
		closed := c.NotifyClose(make(chan *amqp.Error, 1))
		_ = closed
		return c.PublishWithContext(ctx, "", "x", false, false, amqp.Publishing{}) // want `\(\*amqp091\.Channel\)\.PublishWithContext blocks the hub \[net, definite\]`
	})
}

// Documents are decoded from memory; what fetches them asks the server.
func documents(ctx context.Context, c *mongo.Collection, old *mongov1.Collection) {
	hub.Go(ctx, func(ctx context.Context) error {
		res := c.FindOne(ctx, bson.D{}) // want `\(\*mongo\.Collection\)\.FindOne blocks the hub \[db, definite\]`
		if err := res.Decode(new(int)); err != nil {
			return err
		}
		_, err := old.InsertOne(ctx, bson.D{}) // want `\(\*mongo\.Collection\)\.InsertOne blocks the hub \[db, definite\]`
		return err
	})
}

// A transaction is built at once and committed by a call of the server.
func keys(ctx context.Context, c *clientv3.Client, s *concurrency.Session) {
	hub.Go(ctx, func(ctx context.Context) error {
		txn := c.Txn(ctx).If(clientv3.Compare(clientv3.Version("x"), "=", 0)).Then(clientv3.OpPut("x", "y"))
		if _, err := txn.Commit(); err != nil { // want `\(clientv3\.Txn\)\.Commit blocks the hub \[db, probable\]`
			return err
		}
		return concurrency.NewMutex(s, "/x").Lock(ctx) // want `\(\*concurrency\.Mutex\)\.Lock blocks the hub \[db, definite\]`
	})
}

// An encoder over memory waits for nothing, whatever it may do with channels.
func encodes(ctx context.Context) {
	hub.Go(ctx, func(ctx context.Context) error {
		var b bytes.Buffer
		return codec.NewEncoder(&b, &codec.MsgpackHandle{}).Encode("x")
	})
}
