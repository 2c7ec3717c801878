package list_test

import (
	"slices"
	"testing"

	"github.com/seed6bcf1587/coop/internal/list"
)

// FuzzList compares a sequence of pushes and removals, over two lists, with slices.
func FuzzList(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 0, 1, 2, 3})
	f.Add([]byte{0, 16, 1, 17, 18, 1, 0, 2, 16, 2, 17})
	f.Fuzz(func(t *testing.T, ops []byte) {
		var lists [2]list.List[int]
		var refs [2][]int
		nodes := make([]list.Node[int], 16)
		for i := range nodes {
			nodes[i].Value = i
		}
		for _, op := range ops {
			// The low bits name a node. It leaves its list, or goes to the one that the next bit names.
			i, to := int(op&15), int(op>>4&1)
			listed := nodes[i].Listed()
			if nodes[i].Remove() != listed {
				t.Fatalf("Remove of node %d does not say whether it was listed", i)
			}
			for k := range refs {
				refs[k] = slices.DeleteFunc(refs[k], func(v int) bool { return v == i })
			}
			if !listed {
				lists[to].Push(&nodes[i])
				refs[to] = append(refs[to], i)
			}
			for k := range lists {
				var got []int
				for n := lists[k].First(); n != nil; n = n.Next() {
					got = append(got, n.Value)
				}
				if !slices.Equal(got, refs[k]) || lists[k].Len() != len(got) {
					t.Fatalf("list %d holds %v, Len() is %d, want %v", k, got, lists[k].Len(), refs[k])
				}
			}
		}
	})
}
