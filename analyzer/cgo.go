package analyzer

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"
)

// The functions of the C library that wait, and those that do not even look
// as if they did. Of any other it is only possible.
var (
	cWaits = wordSet(`accept connect fcntl fdatasync fgets flock fread fsync futex getaddrinfo getchar
		gethostbyname gets lockf msgrcv nanosleep pause pclose poll ppoll pselect pthread_cond_wait pthread_join
		pthread_mutex_lock read readv recv recvfrom recvmsg scanf select sem_wait send sendmsg sendto sigsuspend
		sigwait sleep system tcdrain usleep wait wait3 wait4 waitid waitpid`)
	cQuiet = wordSet(`CBytes CString GoBytes GoString GoStringN _CMalloc calloc free malloc memcmp memcpy memset
		realloc strcmp strcpy strlen`)
)

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// cCall adds what a call of a C function does. One that stands in the comment
// above import "C" is read as far as the names of what it calls.
func (e *engine) cCall(fn *ssa.Function, s *summary, instr ssa.CallInstruction, at span, name string) {
	conf := possible
	switch {
	case cQuiet[name]:
		return
	case cWaits[name]:
		conf = definite
	case e.waitsInPreamble(name):
		conf = probable
	}
	e.operation(fn, s, instr, at, catCgo, conf, "C."+name)
}

var cCalled = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(\w+)\s*\(`) })

func (e *engine) waitsInPreamble(name string) bool {
	head := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\s*\([^()]*\)\s*\{`)
	for _, file := range e.pass.Files {
		for _, group := range file.Comments {
			text := group.Text()
			at := head.FindStringIndex(text)
			if at == nil {
				continue
			}
			depth := 1
			body := text[at[1]:]
			end := strings.IndexFunc(body, func(r rune) bool {
				depth += boolToInt(r == '{') - boolToInt(r == '}')
				return depth == 0
			})
			if end < 0 {
				continue
			}
			for _, m := range cCalled().FindAllStringSubmatch(body[:end], -1) {
				if cWaits[m[1]] {
					return true
				}
			}
		}
	}
	return false
}
