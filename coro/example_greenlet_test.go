package coro_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed6bcf1587/coop/coro"
)

// Two functions that take turns, each as far as it likes.
func ExampleGreenlet() {
	var odd, even *coro.Greenlet[struct{}]
	odd = coro.NewGreenlet(func(v struct{}) struct{} {
		fmt.Println(1)
		even.Switch(v)
		fmt.Println(2)
		return even.Switch(v)
	})
	even = coro.NewGreenlet(func(v struct{}) struct{} {
		fmt.Println(3)
		odd.Switch(v)
		fmt.Println(4)
		return v // to the parent, which is the goroutine
	})
	odd.Switch(struct{}{})
	fmt.Println(odd.Dead(), even.Dead())
	_, _ = odd.Throw(coro.ErrExit) // it still stands at its last Switch
	fmt.Println(odd.Dead())
	// Output:
	// 1
	// 3
	// 2
	// 4
	// false true
	// true
}

// What is passed to Switch is what the other's Switch returns, and at first what its function is called with.
func ExampleGreenlet_Switch() {
	var eat, play *coro.Greenlet[string]
	eat = coro.NewGreenlet(func(name string) string {
		fmt.Println(name, "eats soup")
		name = play.Switch("Bea")
		fmt.Println(name, "eats cake")
		return play.Switch("Don")
	})
	play = coro.NewGreenlet(func(name string) string {
		fmt.Println(name, "plays chess")
		name = eat.Switch("Cyd")
		fmt.Println(name, "plays go")
		return "and all go home"
	})
	fmt.Println(eat.Switch("Ada"))
	_, _ = eat.Throw(coro.ErrExit)
	// Output:
	// Ada eats soup
	// Bea plays chess
	// Cyd eats cake
	// Don plays go
	// and all go home
}

// An error that is thrown in comes out of the Switch at which the greenlet stands, as a panic, and if nobody recovers goes to the parent.
func ExampleGreenlet_Throw() {
	errTea := errors.New("tea time")
	worker := coro.NewGreenlet(func(job int) int {
		defer fmt.Println("desk tidied")
		for {
			next, err := coro.Current[int]().Parent().SwitchErr(job * job)
			if errors.Is(err, errTea) {
				fmt.Println("tea")
			} else if err != nil {
				panic(err)
			}
			job = next
		}
	})
	fmt.Println(worker.Switch(3))
	fmt.Println(worker.Throw(errTea))
	_, err := worker.Throw(errors.New("fire"))
	fmt.Println(errors.Unwrap(err), worker.Dead())
	// Output:
	// 9
	// tea
	// 0 <nil>
	// desk tidied
	// fire true
}

// A tokenizer and a parser, each written as the one who is in charge: the tokenizer hands over each token where it finds it, and the parser asks for
// the next one where it needs it.
func ExampleNewGreenlet() {
	calculate := func(text string) (int, error) {
		var tokenizer, parser *coro.Greenlet[string]
		tokenizer = coro.NewGreenlet(func(string) string {
			digits := ""
			for _, r := range text + " " {
				if strings.ContainsRune("0123456789", r) {
					digits += string(r)
					continue
				}
				if digits != "" {
					parser.Switch(digits)
					digits = ""
				}
				if r != ' ' {
					parser.Switch(string(r))
				}
			}
			for {
				parser.Switch("end")
			}
		})
		parser = coro.NewGreenlet(func(string) string {
			token := tokenizer.Switch("")
			next := func() { token = tokenizer.Switch("") }
			var sum func() int
			factor := func() (v int) {
				if token == "(" {
					next()
					v = sum()
				} else if n, err := strconv.Atoi(token); err == nil {
					v = n
				} else {
					panic(fmt.Errorf("a number is missing before %q", token))
				}
				next()
				return v
			}
			product := func() int {
				v := factor()
				for token == "*" {
					next()
					v *= factor()
				}
				return v
			}
			sum = func() int {
				v := product()
				for token == "+" || token == "-" {
					minus := token == "-"
					next()
					if w := product(); minus {
						v -= w
					} else {
						v += w
					}
				}
				return v
			}
			return strconv.Itoa(sum())
		})
		defer func() { _, _ = tokenizer.Throw(coro.ErrExit) }()
		result, err := parser.SwitchErr("")
		if err != nil {
			return 0, errors.Unwrap(err)
		}
		return strconv.Atoi(result)
	}
	fmt.Println(calculate("2 * (3 + 4) - 5"))
	fmt.Println(calculate("12-3-4*(2-1)"))
	fmt.Println(calculate("2 * + 4"))
	// Output:
	// 9 <nil>
	// 5 <nil>
	// 0 a number is missing before "+"
}
