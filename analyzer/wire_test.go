package analyzer

import (
	"fmt"
	"reflect"
	"testing"
)

// TestWire fills each field of the facts with a value of its own, also the
// fields that are added some day, and wants them back.
func TestWire(t *testing.T) {
	n := 0
	f := new(funcFact)
	fill(t, reflect.ValueOf(f).Elem(), &n, 0)
	if got := encodeFunc(f).decode(); !reflect.DeepEqual(got, f) {
		t.Errorf("a funcFact came back as\n%+v\nwant\n%+v", got, f)
	}
	p := new(packageFact)
	fill(t, reflect.ValueOf(p).Elem(), &n, 0)
	if got := encodePackage(p).decode(); !reflect.DeepEqual(got, p) {
		t.Errorf("a packageFact came back as\n%+v\nwant\n%+v", got, p)
	}
}

// TestWireBools sets one field at a time: all of them alike would not show
// that two are mixed up.
func TestWireBools(t *testing.T) {
	for _, name := range boolsOf[funcFact]() {
		f := new(funcFact)
		reflect.ValueOf(f).Elem().FieldByName(name).SetBool(true)
		if got := encodeFunc(f).decode(); !reflect.DeepEqual(got, f) {
			t.Errorf("%s: %+v came back as %+v", name, f, got)
		}
	}
	for _, name := range boolsOf[loop]() {
		var l loop
		reflect.ValueOf(&l).Elem().FieldByName(name).SetBool(true)
		f := &funcFact{Uses: []paramUse{{Loop: l}}}
		if got := encodeFunc(f).decode(); !reflect.DeepEqual(got, f) {
			t.Errorf("%s: %+v came back as %+v", name, f, got)
		}
	}
}

func boolsOf[T any]() []string {
	var out []string
	for f := range reflect.TypeFor[T]().Fields() {
		if f.Type.Kind() == reflect.Bool {
			out = append(out, f.Name)
		}
	}
	return out
}

// TestWireCut takes the end off what was written: whatever is left is
// refused, or is the fact with nothing added.
func TestWireCut(t *testing.T) {
	n := 0
	f, p := new(funcFact), new(packageFact)
	fill(t, reflect.ValueOf(f).Elem(), &n, 0)
	fill(t, reflect.ValueOf(p).Elem(), &n, 0)
	code := *encodeFunc(f)
	for i := range code {
		short := code[:i]
		if got := short.decode(); !got.empty() {
			t.Errorf("the first %d of %d bytes were taken for %+v", i, len(code), got)
		}
	}
	pcode := *encodePackage(p)
	for i := range pcode {
		short := pcode[:i]
		if got := short.decode(); !reflect.DeepEqual(got, new(packageFact)) {
			t.Errorf("the first %d of %d bytes were taken for %+v", i, len(pcode), got)
		}
	}
}

// fill gives every field below v a value that no other has, and that is not
// zero. Facts hold facts: below the fourth list in one another it leaves them
// empty.
func fill(t *testing.T, v reflect.Value, n *int, lists int) {
	*n++
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8:
		v.SetInt(int64(*n % 100))
		if v.Int() == 0 {
			v.SetInt(100)
		}
	case reflect.String:
		// Strings that are positions have the form of one; any string may.
		v.SetString(fmt.Sprintf("example.com/p/f%d.go:%d:%d", *n, *n, *n+1))
	case reflect.Slice:
		if lists == 4 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i), n, lists+1)
		}
	case reflect.Struct:
		for field, value := range v.Fields() {
			if field.IsExported() { // the others mean nothing in another package
				fill(t, value, n, lists)
			}
		}
	default:
		t.Fatalf("no value is known here for a %s", v.Type())
	}
}
