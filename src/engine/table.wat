;; What is done to one table of the seen-set, in a memory of its own: docs/internals/seen-set.md.
;;
;; In that memory:
;;       0  staged entries, one after the other
;;   16384  a byte for each staged entry: 1 if it was new
;;   20480  the slots; one whose first word is 0 is empty
;;
;; An entry is a lane and what else tells a state apart, $size bytes in all. Its home among $slots slots is the
;; fraction of them that its lane, without the four bits that chose the table, is of 2^32. Addresses of slots
;; are from 20480 on.
(module
  (import "table" "memory" (memory 1 65536 shared))

  ;; Reads the homes of the staged entries, so that they are in the cache when a probe comes. The loads do not
  ;; depend on each other, so the processor has many of them under way at once. Returns something that depends
  ;; on all of them, so that none is left out.
  (func (export "touch") (param $count i32) (param $slots i32) (param $size i32) (result i32)
    (local $entry i32) (local $end i32) (local $sum i32) (local $scale i64)
    (local.set $scale (i64.extend_i32_u (local.get $slots)))
    (local.set $end (i32.mul (local.get $count) (local.get $size)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $entry) (local.get $end)))
        (local.set $sum (i32.xor (local.get $sum)
          (i32.load offset=20480 (i32.mul (local.get $size) (i32.wrap_i64 (i64.shr_u
            (i64.mul (local.get $scale) (i64.extend_i32_u (i32.shl (i32.load (local.get $entry)) (i32.const 4))))
            (i64.const 32)))))))
        (local.set $entry (i32.add (local.get $entry) (local.get $size)))
        (br $next)))
    (local.get $sum))

  ;; Adds the entries staged at $from to $to - 1, of eight bytes each, in this order; returns how many were new.
  (func (export "probe") (param $from i32) (param $to i32) (param $slots i32) (result i32)
    (local $entry i64) (local $slot i64) (local $at i32) (local $end i32) (local $added i32) (local $scale i64)
    (local.set $scale (i64.extend_i32_u (local.get $slots)))
    (local.set $end (i32.shl (local.get $slots) (i32.const 3)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $to)))
        (local.set $entry (i64.load (i32.shl (local.get $from) (i32.const 3))))
        (local.set $at (i32.shl
          (i32.wrap_i64 (i64.shr_u
            (i64.mul (local.get $scale)
              (i64.extend_i32_u (i32.shl (i32.wrap_i64 (local.get $entry)) (i32.const 4))))
            (i64.const 32)))
          (i32.const 3)))
        (block $known
          (block $new
            (loop $look
              (local.set $slot (i64.load offset=20480 (local.get $at)))
              (br_if $known (i64.eq (local.get $slot) (local.get $entry)))
              (br_if $new (i64.eqz (local.get $slot)))
              (local.set $at (i32.add (local.get $at) (i32.const 8)))
              (br_if $look (i32.ne (local.get $at) (local.get $end)))
              (local.set $at (i32.const 0))
              (br $look)))
          (i64.store offset=20480 (local.get $at) (local.get $entry))
          (i32.store8 offset=16384 (local.get $from) (i32.const 1))
          (local.set $added (i32.add (local.get $added) (i32.const 1)))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          (br $next))
        (i32.store8 offset=16384 (local.get $from) (i32.const 0))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next)))
    (local.get $added))

  ;; The same for entries of $size bytes, four or more.
  (func (export "probeWide") (param $from i32) (param $to i32) (param $slots i32) (param $size i32) (result i32)
    (local $entry i32) (local $at i32) (local $end i32) (local $added i32)
    (local.set $end (i32.mul (local.get $slots) (local.get $size)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $from) (local.get $to)))
        (local.set $entry (i32.mul (local.get $from) (local.get $size)))
        (local.set $at (call $home (i32.load (local.get $entry)) (local.get $slots) (local.get $size)))
        (block $known
          (block $new
            (loop $look
              (br_if $known (call $same (local.get $at) (local.get $entry) (local.get $size)))
              (br_if $new (i32.eqz (i32.load offset=20480 (local.get $at))))
              (local.set $at (i32.add (local.get $at) (local.get $size)))
              (br_if $look (i32.ne (local.get $at) (local.get $end)))
              (local.set $at (i32.const 0))
              (br $look)))
          (memory.copy
            (i32.add (i32.const 20480) (local.get $at)) (local.get $entry) (local.get $size))
          (i32.store8 offset=16384 (local.get $from) (i32.const 1))
          (local.set $added (i32.add (local.get $added) (i32.const 1)))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          (br $next))
        (i32.store8 offset=16384 (local.get $from) (i32.const 0))
        (local.set $from (i32.add (local.get $from) (i32.const 1)))
        (br $next)))
    (local.get $added))

  ;; Goes on with a sweep: from slot $slot - 1 down, takes each entry of eight bytes out and puts it into the
  ;; first empty slot from its home among $slots slots on, or sets it aside, where entries are staged. Ends at
  ;; slot 0, or when $room entries are set aside; returns where it is, and how many they are.
  (func (export "sweep") (param $slot i32) (param $slots i32) (param $room i32) (result i32 i32)
    (local $entry i64) (local $from i32) (local $at i32) (local $end i32) (local $aside i32) (local $scale i64)
    (local.set $scale (i64.extend_i32_u (local.get $slots)))
    (local.set $end (i32.shl (local.get $slots) (i32.const 3)))
    (local.set $from (i32.shl (local.get $slot) (i32.const 3)))
    (block $done
      (loop $next
        (br_if $done (i32.or (i32.eqz (local.get $from)) (i32.eq (local.get $aside) (local.get $room))))
        (local.set $from (i32.sub (local.get $from) (i32.const 8)))
        (br_if $next (i64.eqz (local.tee $entry (i64.load offset=20480 (local.get $from)))))
        (i64.store offset=20480 (local.get $from) (i64.const 0))
        (local.set $at (i32.shl
          (i32.wrap_i64 (i64.shr_u
            (i64.mul (local.get $scale)
              (i64.extend_i32_u (i32.shl (i32.wrap_i64 (local.get $entry)) (i32.const 4))))
            (i64.const 32)))
          (i32.const 3)))
        (block $keep
          (br_if $keep (i32.lt_u (local.get $at) (local.get $from)))
          (loop $look
            (br_if $keep (i32.eq (local.get $at) (local.get $end)))
            (if (i64.eqz (i64.load offset=20480 (local.get $at)))
              (then
                (i64.store offset=20480 (local.get $at) (local.get $entry))
                (br $next)))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br $look)))
        (i64.store (i32.shl (local.get $aside) (i32.const 3)) (local.get $entry))
        (local.set $aside (i32.add (local.get $aside) (i32.const 1)))
        (br $next)))
    (i32.shr_u (local.get $from) (i32.const 3)) (local.get $aside))

  ;; The same for entries of $size bytes. An entry is set aside before a place is looked for: one more than
  ;; $room must fit.
  (func (export "sweepWide") (param $slot i32) (param $slots i32) (param $room i32) (param $size i32)
    (result i32 i32)
    (local $from i32) (local $at i32) (local $end i32) (local $aside i32) (local $entry i32)
    (local.set $end (i32.mul (local.get $slots) (local.get $size)))
    (block $done
      (loop $next
        (br_if $done (i32.or (i32.eqz (local.get $slot)) (i32.eq (local.get $aside) (local.get $room))))
        (local.set $slot (i32.sub (local.get $slot) (i32.const 1)))
        (local.set $from (i32.mul (local.get $slot) (local.get $size)))
        (br_if $next (i32.eqz (i32.load offset=20480 (local.get $from))))
        (local.set $entry (i32.mul (local.get $aside) (local.get $size)))
        (memory.copy (local.get $entry) (i32.add (i32.const 20480) (local.get $from)) (local.get $size))
        (memory.fill (i32.add (i32.const 20480) (local.get $from)) (i32.const 0) (local.get $size))
        (local.set $at (call $home (i32.load (local.get $entry)) (local.get $slots) (local.get $size)))
        (block $keep
          (br_if $keep (i32.lt_u (local.get $at) (local.get $from)))
          (loop $look
            (br_if $keep (i32.eq (local.get $at) (local.get $end)))
            (if (i32.eqz (i32.load offset=20480 (local.get $at)))
              (then
                (memory.copy
                  (i32.add (i32.const 20480) (local.get $at)) (local.get $entry) (local.get $size))
                (br $next)))
            (local.set $at (i32.add (local.get $at) (local.get $size)))
            (br $look)))
        (local.set $aside (i32.add (local.get $aside) (i32.const 1)))
        (br $next)))
    (local.get $slot) (local.get $aside))

  ;; The home of an entry of $size bytes.
  (func $home (param $lane i32) (param $slots i32) (param $size i32) (result i32)
    (i32.mul (local.get $size) (i32.wrap_i64 (i64.shr_u
      (i64.mul (i64.extend_i32_u (local.get $slots)) (i64.extend_i32_u (i32.shl (local.get $lane) (i32.const 4))))
      (i64.const 32)))))

  ;; Whether the slot holds the staged entry.
  (func $same (param $at i32) (param $entry i32) (param $size i32) (result i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $entry) (local.get $size)))
    (block $differs
      (loop $next
        (br_if $differs (i32.ne (i32.load offset=20480 (local.get $at)) (i32.load (local.get $entry))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br_if $next (i32.ne (local.tee $entry (i32.add (local.get $entry) (i32.const 4))) (local.get $end))))
      (return (i32.const 1)))
    (i32.const 0))
)
