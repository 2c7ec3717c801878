module github.com/seed6bcf1587/coop/testdata

go 1.26.0

replace github.com/seed6bcf1587/coop => ../

require (
	charm.land/bubbletea/v2 v2.0.10
	fyne.io/fyne/v2 v2.0.0-00010101000000-000000000000
	github.com/charmbracelet/bubbletea v1.3.10
	github.com/cloudwego/netpoll v0.7.2
	github.com/dop251/goja_nodejs v0.0.0-00010101000000-000000000000
	github.com/eclipse/paho.mqtt.golang v1.5.1
	github.com/hajimehoshi/ebiten/v2 v2.0.0-00010101000000-000000000000
	github.com/hashicorp/memberlist v0.7.0
	github.com/hashicorp/raft v1.8.0
	github.com/hashicorp/serf v0.0.0-00010101000000-000000000000
	github.com/panjf2000/gnet/v2 v2.0.0-00010101000000-000000000000
	github.com/rivo/tview v0.42.0
	github.com/seed6bcf1587/coop v0.0.0-00010101000000-000000000000
	go.opentelemetry.io/otel/sdk v0.0.0-00010101000000-000000000000
	go.temporal.io/sdk v0.0.0-00010101000000-000000000000
	go.uber.org/cadence v0.0.0-00010101000000-000000000000
	golang.org/x/sync v0.24.0
	k8s.io/client-go v0.0.0-00010101000000-000000000000
)

require (
	github.com/aymanbagabas/go-osc52/v2 v2.0.1 // indirect
	github.com/bytedance/gopkg v0.1.1 // indirect
	github.com/charmbracelet/colorprofile v0.4.3 // indirect
	github.com/charmbracelet/lipgloss v1.1.0 // indirect
	github.com/charmbracelet/ultraviolet v0.0.0-20260703014108-f5a850f9c2b7 // indirect
	github.com/charmbracelet/x/ansi v0.11.7 // indirect
	github.com/charmbracelet/x/cellbuf v0.0.15 // indirect
	github.com/charmbracelet/x/term v0.2.2 // indirect
	github.com/charmbracelet/x/termios v0.1.1 // indirect
	github.com/charmbracelet/x/windows v0.2.2 // indirect
	github.com/clipperhouse/displaywidth v0.11.0 // indirect
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/cloudwego/gopkg v0.1.4 // indirect
	github.com/erikgeiser/coninput v0.0.0-20211004153227-1c3628e74d0f // indirect
	github.com/fatih/color v1.13.0 // indirect
	github.com/gdamore/encoding v1.0.1 // indirect
	github.com/gdamore/tcell/v2 v2.8.1 // indirect
	github.com/google/btree v1.1.3 // indirect
	github.com/gorilla/websocket v1.5.3 // indirect
	github.com/hashicorp/errwrap v1.1.0 // indirect
	github.com/hashicorp/go-hclog v1.6.3 // indirect
	github.com/hashicorp/go-immutable-radix v1.3.1 // indirect
	github.com/hashicorp/go-metrics v0.7.0 // indirect
	github.com/hashicorp/go-msgpack/v2 v2.1.5 // indirect
	github.com/hashicorp/go-multierror v1.1.1 // indirect
	github.com/hashicorp/go-sockaddr v1.0.7 // indirect
	github.com/hashicorp/golang-lru v1.0.2 // indirect
	github.com/lucasb-eyer/go-colorful v1.4.0 // indirect
	github.com/mattn/go-colorable v0.1.12 // indirect
	github.com/mattn/go-isatty v0.0.20 // indirect
	github.com/mattn/go-localereader v0.0.1 // indirect
	github.com/mattn/go-runewidth v0.0.23 // indirect
	github.com/miekg/dns v1.1.73 // indirect
	github.com/muesli/ansi v0.0.0-20230316100256-276c6243b2f6 // indirect
	github.com/muesli/cancelreader v0.2.2 // indirect
	github.com/muesli/termenv v0.16.0 // indirect
	github.com/petermattis/goid v0.0.0-20260820044319-269ab09b5261 // indirect
	github.com/rivo/uniseg v0.4.7 // indirect
	github.com/sean-/seed v0.0.0-20170313163322-e2103e2c3529 // indirect
	github.com/xo/terminfo v0.0.0-20220910002029-abceb7e1c41e // indirect
	golang.org/x/net v0.57.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/term v0.45.0 // indirect
	golang.org/x/text v0.40.0 // indirect
)

replace (
	fyne.io/fyne/v2 => ./stubs/fyne
	github.com/dop251/goja_nodejs => ./stubs/goja_nodejs
	github.com/hajimehoshi/ebiten/v2 => ./stubs/ebiten
	github.com/hashicorp/serf => ./stubs/serf
	github.com/panjf2000/gnet/v2 => ./stubs/gnet
	go.opentelemetry.io/otel/sdk => ./stubs/otel
	go.temporal.io/sdk => ./stubs/temporal
	go.uber.org/cadence => ./stubs/cadence
	k8s.io/client-go => ./stubs/client-go
)
