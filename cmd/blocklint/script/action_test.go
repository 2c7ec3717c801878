package script

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// An action is what the tests look at in action.yml.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct{ ID, Run, Uses string }
	}
}

// TestAction runs the steps of the GitHub Action that are a script, as
// GitHub's runner does, on a module with a finding, one without, and one that
// does not build.
func TestAction(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	steps := a.Runs.Steps
	if len(steps) != 3 || steps[0].ID != "check" || steps[2].Run != `exit "$STATUS"` {
		t.Fatalf("the steps are others: %+v", steps)
	}
	pinned := regexp.MustCompile(`^[\w-]+/[\w/-]+@[0-9a-f]{40}$`)
	if !pinned.MatchString(steps[1].Uses) {
		t.Errorf("%s is not pinned by a hash", steps[1].Uses)
	}
	for _, tt := range []struct {
		name, body string
		fails      bool
		status     string
		log        string
	}{
		{"findings", "time.Sleep(1)", false, "1", "::error file=p.go,line=11,"},
		{"clean", "_ = time.Second", false, "0", ""},
		{"broken", "time.Slep(1)", true, "2", "mend this first"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, temp := t.TempDir(), t.TempDir()
			if err := newModule(dir); err != nil {
				t.Fatal(err)
			}
			source := "package p\n\nimport (\n\t\"context\"\n\t\"time\"\n\n\t\"github.com/seed6bcf1587/coop/hub\"\n)\n\nfunc Start(ctx context.Context) {\n\thub.Go(ctx, func(ctx context.Context) error { " + tt.body + "; return nil })\n}\n"
			if err := os.WriteFile(filepath.Join(dir, "p.go"), []byte(source), 0o666); err != nil {
				t.Fatal(err)
			}
			outputs := filepath.Join(temp, "outputs")
			cmd := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", steps[0].Run)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "ACTION="+root, "PACKAGES="+a.Inputs["packages"].Default, "FLAGS=-min probable",
				"RUNNER_TEMP="+temp, "GITHUB_OUTPUT="+outputs)
			log, err := cmd.CombinedOutput()
			if (err != nil) != tt.fails || !strings.Contains(string(log), tt.log) {
				t.Errorf("error %v, log\n%s", err, log)
			}
			got, _ := os.ReadFile(outputs)
			if want := "sarif=" + filepath.Join(temp, "blocklint.sarif") + "\nstatus=" + tt.status + "\n"; string(got) != want {
				t.Errorf("outputs %q, want %q", got, want)
			}
			sarif, err := os.ReadFile(filepath.Join(temp, "blocklint.sarif"))
			if err == nil {
				err = checkSARIF(sarif)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// TestHook checks the pre-commit hook: it names a package that builds into
// the entry, and flags that exist.
func TestHook(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, ".pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Entry, Language string
		Args                []string
		PassFilenames       bool `yaml:"pass_filenames"`
	}
	if err := yaml.Unmarshal(text, &hooks); err != nil {
		t.Fatal(err)
	}
	if len(hooks) != 1 || hooks[0].Entry != "blocklint" || hooks[0].Language != "golang" || hooks[0].PassFilenames {
		t.Fatalf("the hooks are others: %+v", hooks)
	}
	// What pre-commit does for a hook in Go.
	bin := t.TempDir()
	install := exec.Command("go", "install", "./...")
	install.Dir = root
	install.Env = append(os.Environ(), "GOBIN="+bin)
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(filepath.Join(bin, hooks[0].Entry), append(hooks[0].Args, "./cmd/blocklint")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestRevision checks that a build from a work tree of git says from which
// revision it is.
func TestRevision(t *testing.T) {
	head, err := exec.Command("git", "-C", root, "rev-parse", "HEAD").Output()
	if err != nil {
		t.Skip("the sources are not in a work tree of git")
	}
	binary := filepath.Join(t.TempDir(), "blocklint")
	if out, err := exec.Command("go", "build", "-C", root, "-buildvcs=true", "-o", binary, "./cmd/blocklint").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(binary, "-version").Output()
	if err != nil || !strings.Contains(string(out), strings.TrimSpace(string(head))) {
		t.Errorf("%s, %v; want revision %s", out, err, head)
	}
}
