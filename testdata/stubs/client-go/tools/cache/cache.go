// Package cache declares what informers call.
package cache

// ResourceEventHandler is told of changes.
type ResourceEventHandler interface {
	OnAdd(obj any, isInInitialList bool)
	OnUpdate(oldObj, newObj any)
	OnDelete(obj any)
}

// ResourceEventHandlerFuncs is a handler made of functions.
type ResourceEventHandlerFuncs struct {
	AddFunc    func(obj any)
	UpdateFunc func(oldObj, newObj any)
	DeleteFunc func(obj any)
}

// OnAdd calls AddFunc.
func (r ResourceEventHandlerFuncs) OnAdd(obj any, _ bool) { r.AddFunc(obj) }

// OnUpdate calls UpdateFunc.
func (r ResourceEventHandlerFuncs) OnUpdate(o, n any) { r.UpdateFunc(o, n) }

// OnDelete calls DeleteFunc.
func (r ResourceEventHandlerFuncs) OnDelete(obj any) { r.DeleteFunc(obj) }

// SharedInformer runs handlers.
type SharedInformer interface {
	AddEventHandler(handler ResourceEventHandler) error
}
