package calls

import "time"

type lexer struct {
	state stateFn
	n     int
}

// A stateFn does its part and returns the next one.
type stateFn func(*lexer) stateFn

func lexText(l *lexer) stateFn {
	if l.n > 0 {
		return nil
	}
	return lexNumber
}

func lexNumber(l *lexer) stateFn { return lexEnd }

func lexEnd(l *lexer) stateFn {
	time.Sleep(1)
	return nil
}

// A machine whose states are functions, in a variable and in a field.
//
//blocklint:nonblocking
func lexes(l *lexer) {
	for state := stateFn(lexText); state != nil; {
		state = state(l) // want `time\.Sleep blocks a loop \[sleep, probable\]`
	}
}

//blocklint:nonblocking
func (l *lexer) run() {
	for l.state = lexText; l.state != nil; {
		l.state = l.state(l) // want `time\.Sleep blocks a loop \[sleep, probable\]`
	}
}
