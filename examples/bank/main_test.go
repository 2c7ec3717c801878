package main

import (
	"fmt"
	"strings"
	"testing"
)

var want = map[uint64]string{
	1: `124 customers came, 109 were served, 15 lost patience
waiting time: 5m17s on average, 19m19s at most
the last customer left at 17:07:50, the 109 forms were filed at 17:14:16
`,
	2: `115 customers came, 98 were served, 17 lost patience
waiting time: 4m53s on average, 17m59s at most
the last customer left at 17:04:16, the 98 forms were filed at 17:07:16
`,
}

func TestSimulate(t *testing.T) {
	for seed, want := range want {
		for range 2 {
			var out strings.Builder
			if err := simulate(t.Context(), &out, seed); err != nil {
				t.Error(err)
			}
			if out.String() != want {
				t.Errorf("seed %d: got\n%swant\n%s", seed, &out, want)
			}
		}
	}
}

// TestBooks checks for many days that nobody is forgotten.
func TestBooks(t *testing.T) {
	for seed := range uint64(200) {
		var out strings.Builder
		if err := simulate(t.Context(), &out, seed); err != nil {
			t.Error(err)
		}
		var came, served, lost, filed int
		lines := strings.Split(out.String(), "\n")
		_, err1 := fmt.Sscanf(lines[0], "%d customers came, %d were served, %d lost", &came, &served, &lost)
		_, forms, _ := strings.Cut(lines[2], ", the ")
		_, err2 := fmt.Sscanf(forms, "%d forms", &filed)
		if err1 != nil || err2 != nil || came != served+lost || filed != served || served == 0 {
			t.Errorf("seed %d: %v, %v\n%s", seed, err1, err2, &out)
		}
	}
}
