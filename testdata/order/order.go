// Package order gives up the order of MQTT messages, so that each handler has
// a goroutine of its own.
package order

import (
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// Quiet: so say the options.
func subscribe(c mqtt.Client) {
	c.Subscribe("x", 0, func(c mqtt.Client, m mqtt.Message) { time.Sleep(1) })
}

func options() *mqtt.ClientOptions {
	return mqtt.NewClientOptions().SetOrderMatters(false)
}
