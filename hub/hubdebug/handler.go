package hubdebug

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed6bcf1587/coop/hub"
)

// Handler returns a page that shows what goes on in h: its tasks, its recent stalls, and, if m is not nil, what m has counted. h must have m as an
// observer for that, and a stall threshold for the stalls.
//
// The page needs no network but the server's, and no JavaScript but to sort, filter and refresh itself. The same is to be had as JSON: with ?format=json, or an
// Accept header that asks for application/json and not for text/html. At most 1000 tasks are listed, those with the lowest ids, or as many as
// ?limit= says.
//
// The page tells those who can reach it about the program, as package net/http/pprof does: mount it where only those can whom
// it is for. Each look costs the program what [hub.Hub.Tasks] says. Handler panics if h is nil.
func Handler(h *hub.Hub, m *Metrics) http.Handler {
	if h == nil {
		panic("hubdebug.Handler: nil Hub")
	}
	return &handler{h, m}
}

type handler struct {
	hub     *hub.Hub
	metrics *Metrics
}

// defaultLimit is how many tasks are listed; a browser has trouble with tables that are much longer.
const defaultLimit = 1000

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"short": short,
	"bars":  bars,
	"clock": func(t time.Time) string { return t.Format("2006-01-02 15:04:05.000 MST") },
}).Parse(pageHTML))

func (d *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	limit := defaultLimit
	if s := r.FormValue("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			http.Error(w, "limit is not a number", http.StatusBadRequest)
			return
		}
		limit = n
	}
	v := d.look(limit)
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Vary", "Accept")
	var b bytes.Buffer
	if wantsJSON(r) {
		head.Set("Content-Type", "application/json; charset=utf-8")
		e := json.NewEncoder(&b)
		e.SetIndent("", "\t")
		if err := e.Encode(v); err != nil {
			panic("hubdebug.Handler: " + err.Error()) // strings, numbers and times only
		}
	} else {
		head.Set("Content-Type", "text/html; charset=utf-8")
		head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'")
		if err := page.Execute(&b, v); err != nil {
			panic("hubdebug.Handler: " + err.Error())
		}
	}
	_, _ = w.Write(b.Bytes()) // who asked may have gone
}

func wantsJSON(r *http.Request) bool {
	switch r.FormValue("format") {
	case "json":
		return true
	case "":
		accept := r.Header.Get("Accept")
		return strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
	}
	return false
}

// look puts together what the page shows.
func (d *handler) look(limit int) *view {
	tasks, stalls := d.hub.Tasks(), d.hub.Stalls()
	v := &view{At: time.Now(), States: map[string]int{}, Total: len(tasks), Tasks: []task{}, Stalls: []stall{}}
	for i, t := range tasks {
		v.States[t.State]++
		if i < limit {
			v.Tasks = append(v.Tasks, newTask(t))
		}
	}
	for _, s := range stalls {
		v.Stalls = append(v.Stalls, stall{newTask(s.Task), s.Task.Since, s.For, s.Over, string(s.Stack)})
	}
	if d.metrics != nil {
		s := d.metrics.Snapshot()
		v.Metrics = &s
	}
	return v
}

// short returns d with three digits, for people.
func short(d time.Duration) string {
	unit := time.Duration(1)
	for unit <= d/1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}
