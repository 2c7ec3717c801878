// Package analyzer finds calls that would stall an event loop.
//
// # Analyzer blocklint
//
// blocklint: find blocking calls that run on an event loop
//
// Code that runs on an event loop (a task of a coop hub, the Update method
// of a Bubble Tea model, a callback that must not block) shares one
// goroutine with everything else on that loop. One time.Sleep, one send
// into a full channel or one database call there stops every other task
// until it returns. The call is rarely in the callback itself: it is a few
// calls deeper, often in another package.
//
//	// WRONG
//	hub.Go(ctx, func(ctx context.Context) error {
//		return store.Save(item) // calls (*sql.DB).Exec three calls deeper
//	})
//
// The correct code leaves the loop for as long as the call takes:
//
//	// RIGHT
//	hub.Go(ctx, func(ctx context.Context) error {
//		_, err := hub.Offload(ctx, func(ctx context.Context) (int, error) {
//			return 0, store.Save(item)
//		})
//		return err
//	})
//
// A finding names the blocking operation, its category, how sure the
// analyzer is, and the shortest way from the loop to the operation. The
// body of a go statement, a function that is only stored or returned, a
// select with a default clause and a send into a channel made here with
// room for it are not reported.
//
// Directives, on the line above a declaration or a statement, tell the
// analyzer what it cannot infer:
//
//	//blocklint:nonblocking            this function, what implements this
//	                                   interface method, or what is converted to
//	                                   this func type runs on a loop
//	//blocklint:task fn                the argument fn runs as a task on a loop
//	//blocklint:offload fn             the argument fn runs elsewhere
//	//blocklint:cooperative            parks the task, does not stall the loop
//	//blocklint:blocking net reason    blocks, whatever the body looks like
//	//blocklint:ignore chan reason     accept this finding, here
//
// An interface method, or a func in a field, may be implemented in a package
// that the caller does not import. Such a call becomes a question, which is
// answered in the first package that sees both the question and a
// conversion of a concrete type to the interface or a store into the field;
// there the finding stands under go vet.
//
// A finding is definite when each step is a static call of something known
// to block, probable when an interface or a function value was traced to
// what the program puts there, and possible otherwise. By default probable
// and definite ones are reported; -min changes that.
//
// A file .blocklint.yaml, in the directory of a package or above it, turns
// profiles off and adds effects, roots and escapes:
//
//	profiles: {tview: false}
//	effects: {example.com/client.Client.Get: net, example.com/log.Print: none}
//	roots: [example.com/app.onTick]
//	escapes: {example.com/pool.Pool.Submit: [0]}
//	severity: {file: off, lock: possible}
//	exclude: [internal/legacy]
//	tests: false
//	generated: false
//
// What the file of a module says of the module's own functions counts for
// those who import it, too: a library can ship one.
//
// Of all that lies behind one call into another module, one operation is
// reported: for who makes the call it is one defect.
//
// The categories are sleep, chan, select, lock, wait, net, file, exec, db,
// stdio, syscall, cgo, ctx, held, spin and loop.
package analyzer
