package ring

// Size returns the number of slots of the buffer.
func Size[T any](r *Ring[T]) int { return len(r.buf) }
