package sourcemap

// base64Digit gives the value of a base64 digit, or 0xff.
var base64Digit = func() (table [256]byte) {
	for i := range table {
		table[i] = 0xff
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		table[c] = byte(i)
	}
	return table
}()

// decodeVLQ reads one number at text[i:] and returns it with the index behind it; next is -1 when there is no number or
// it does not fit 32 bits.
//
//	  continuation ┐ ┌ sign, in the first digit only
//	first digit    1 bbbb s
//	later digits   1 bbbbb      least significant digit first
func decodeVLQ(text []byte, i int) (value int32, next int) {
	var bits uint64
	for shift := 0; ; shift += 5 {
		if i >= len(text) || shift > 30 {
			return 0, -1
		}
		digit := base64Digit[text[i]]
		if digit == 0xff {
			return 0, -1
		}
		i++
		bits |= uint64(digit&31) << shift
		if digit&32 == 0 {
			break
		}
	}
	magnitude := bits >> 1
	if magnitude > 1<<31-1 {
		return 0, -1
	}
	if bits&1 != 0 {
		return -int32(magnitude), i
	}
	return int32(magnitude), i
}

const base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// appendVLQ appends value as base64 VLQ.
func appendVLQ(dst []byte, value int32) []byte {
	bits := uint64(value) << 1
	if value < 0 {
		bits = uint64(-int64(value))<<1 | 1
	}
	for {
		digit := bits & 31
		bits >>= 5
		if bits == 0 {
			return append(dst, base64Digits[digit])
		}
		dst = append(dst, base64Digits[digit|32])
	}
}
