;; What is done to one table of the seen-set, in a memory of its own: docs/internals/seen-set.md.
;;
;; In that memory:
;;       0  staged entries, one after the other
;;   16384  a byte for each staged entry: 1 if it was new
;;   18432  room for one bucket
;;   20480  the slots; one whose first word is 0 is empty
;;
;; An entry is a lane and what else tells a state apart. Its home is that fraction of the table that its lane,
;; without the four bits that chose the table, is of 2^32. Addresses of slots and buckets are from 20480 on.
;;
;; Entries of eight bytes lie in buckets of eight slots, a cache line: probe and sweep. Those of exact mode, of
;; any size, lie in slots: probeWide and sweepWide.
(module
  (import "shared" "memory" (memory 1 65536 shared))

  ;; Adds the first $count staged entries, of eight bytes each, in this order; returns how many were new.
  (func (export "probe") (param $count i32) (param $buckets i32) (result i32)
    (local $n i32) (local $entry i64) (local $key v128) (local $at i32) (local $end i32) (local $empty i32)
    (local $added i32) (local $scale i64)
    (local.set $scale (i64.extend_i32_u (local.get $buckets)))
    (local.set $end (i32.shl (local.get $buckets) (i32.const 6)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $n) (local.get $count)))
        (local.set $entry (i64.load (i32.shl (local.get $n) (i32.const 3))))
        (local.set $key (i64x2.splat (local.get $entry)))
        (local.set $at (i32.shl
          (i32.wrap_i64 (i64.shr_u
            (i64.mul (local.get $scale)
              (i64.extend_i32_u (i32.shl (i32.wrap_i64 (local.get $entry)) (i32.const 4))))
            (i64.const 32)))
          (i32.const 6)))
        (block $known
          (loop $look
            (br_if $known (v128.any_true (v128.or
              (v128.or
                (i64x2.eq (v128.load offset=20480 (local.get $at)) (local.get $key))
                (i64x2.eq (v128.load offset=20496 (local.get $at)) (local.get $key)))
              (v128.or
                (i64x2.eq (v128.load offset=20512 (local.get $at)) (local.get $key))
                (i64x2.eq (v128.load offset=20528 (local.get $at)) (local.get $key))))))
            ;; A bit for each empty slot.
            (local.set $empty (i32.or
              (i32.or
                (i64x2.bitmask (i64x2.eq (v128.load offset=20480 (local.get $at)) (v128.const i64x2 0 0)))
                (i32.shl (i64x2.bitmask (i64x2.eq (v128.load offset=20496 (local.get $at)) (v128.const i64x2 0 0)))
                  (i32.const 2)))
              (i32.or
                (i32.shl (i64x2.bitmask (i64x2.eq (v128.load offset=20512 (local.get $at)) (v128.const i64x2 0 0)))
                  (i32.const 4))
                (i32.shl (i64x2.bitmask (i64x2.eq (v128.load offset=20528 (local.get $at)) (v128.const i64x2 0 0)))
                  (i32.const 6)))))
            (if (i32.eqz (local.get $empty))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 64)))
                (br_if $look (i32.ne (local.get $at) (local.get $end)))
                (local.set $at (i32.const 0))
                (br $look))))
          (i64.store offset=20480
            (i32.add (local.get $at) (i32.shl (i32.ctz (local.get $empty)) (i32.const 3)))
            (local.get $entry))
          (i32.store8 offset=16384 (local.get $n) (i32.const 1))
          (local.set $added (i32.add (local.get $added) (i32.const 1)))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br $next))
        (i32.store8 offset=16384 (local.get $n) (i32.const 0))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $added))

  ;; The same for entries of $size bytes, in single slots.
  (func (export "probeWide") (param $count i32) (param $slots i32) (param $size i32) (result i32)
    (local $n i32) (local $entry i32) (local $at i32) (local $end i32) (local $added i32)
    (local.set $end (i32.mul (local.get $slots) (local.get $size)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $n) (local.get $count)))
        (local.set $entry (i32.mul (local.get $n) (local.get $size)))
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
          (i32.store8 offset=16384 (local.get $n) (i32.const 1))
          (local.set $added (i32.add (local.get $added) (i32.const 1)))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br $next))
        (i32.store8 offset=16384 (local.get $n) (i32.const 0))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $added))

  ;; Goes on with a sweep: from bucket $bucket - 1 down, takes each entry of eight bytes out and puts it into the
  ;; first empty slot from its home among $buckets buckets on, or sets it aside, where entries are staged. Ends at
  ;; bucket 0, or when a bucket might find no room where $room entries have it; returns where it is, and how many
  ;; are set aside.
  (func (export "sweep") (param $bucket i32) (param $buckets i32) (param $room i32) (result i32 i32)
    (local $entry i64) (local $from i32) (local $at i32) (local $slot i32) (local $lifted i32) (local $end i32)
    (local $aside i32) (local $scale i64)
    (local.set $scale (i64.extend_i32_u (local.get $buckets)))
    (local.set $end (i32.shl (local.get $buckets) (i32.const 6)))
    (local.set $from (i32.shl (local.get $bucket) (i32.const 6)))
    (block $done
      (loop $next
        (br_if $done (i32.or (i32.eqz (local.get $from))
          (i32.gt_u (i32.add (local.get $aside) (i32.const 8)) (local.get $room))))
        (local.set $from (i32.sub (local.get $from) (i32.const 64)))
        (v128.store offset=18432 (i32.const 0) (v128.load offset=20480 (local.get $from)))
        (v128.store offset=20480 (local.get $from) (v128.const i64x2 0 0))
        (v128.store offset=18448 (i32.const 0) (v128.load offset=20496 (local.get $from)))
        (v128.store offset=20496 (local.get $from) (v128.const i64x2 0 0))
        (v128.store offset=18464 (i32.const 0) (v128.load offset=20512 (local.get $from)))
        (v128.store offset=20512 (local.get $from) (v128.const i64x2 0 0))
        (v128.store offset=18480 (i32.const 0) (v128.load offset=20528 (local.get $from)))
        (v128.store offset=20528 (local.get $from) (v128.const i64x2 0 0))
        (local.set $lifted (i32.const 0))
        (loop $each
          (block $settled
            (br_if $settled (i64.eqz (local.tee $entry (i64.load offset=18432 (local.get $lifted)))))
            (local.set $at (i32.shl
              (i32.wrap_i64 (i64.shr_u
                (i64.mul (local.get $scale)
                  (i64.extend_i32_u (i32.shl (i32.wrap_i64 (local.get $entry)) (i32.const 4))))
                (i64.const 32)))
              (i32.const 6)))
            (block $keep
              (br_if $keep (i32.lt_u (local.get $at) (local.get $from)))
              (loop $look
                (br_if $keep (i32.eq (local.get $at) (local.get $end)))
                (if (i64.eqz (i64.load offset=20480 (local.get $at)))
                  (then
                    (i64.store offset=20480 (local.get $at) (local.get $entry))
                    (br $settled)))
                (local.set $at (i32.add (local.get $at) (i32.const 8)))
                (br $look)))
            (i64.store (i32.shl (local.get $aside) (i32.const 3)) (local.get $entry))
            (local.set $aside (i32.add (local.get $aside) (i32.const 1))))
          (br_if $each (i32.ne (local.tee $lifted (i32.add (local.get $lifted) (i32.const 8))) (i32.const 64))))
        (br $next)))
    (i32.shr_u (local.get $from) (i32.const 6)) (local.get $aside))

  ;; The same for entries of $size bytes, in single slots. An entry is set aside before a place is looked for: one more than
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
