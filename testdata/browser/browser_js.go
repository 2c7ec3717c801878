// Package browser has functions that JavaScript calls.
package browser

import (
	"syscall/js"
	"time"
)

func nap() { time.Sleep(1) }

func register() js.Func {
	js.Global().Set("go", js.FuncOf(func(js.Value, []js.Value) any {
		go nap()
		return nil
	}))
	return js.FuncOf(func(this js.Value, args []js.Value) any {
		nap() // want `time\.Sleep blocks the JavaScript event loop \[sleep, definite\]: func literal in register, a task started by js\.FuncOf`
		return nil
	})
}
