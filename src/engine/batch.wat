;; What is done to a batch of successors, in a memory of its own, once they have been computed. Where its parts
;; begin is told by batch.ts.
(module
  (import "shared" "memory" (memory 1 65536 shared))

  ;; For successors $from to $to - 1, of $words words each: their fingerprints, and their entries in the seen-set,
  ;; sorted by table, at places $from to $to - 1. An entry is the fingerprint, or, if $exact is 1, its first lane
  ;; and the whole state. The first four bits of the first lane tell the table; at address 0 is left, for each of the
  ;; sixteen tables, the place after its last entry.
  (func (export "enter") (param $from i32) (param $to i32) (param $words i32) (param $exact i32)
    (param $states i32) (param $fingerprints i32) (param $entries i32) (param $places i32)
    (local $n i32) (local $place i32) (local $counter i32) (local $count i32) (local $fingerprint i64)
    (local $at i32) (local $state i32) (local $left i32) (local $sum i64) (local $x i64) (local $where i64)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 64))
    (local.set $n (local.get $from))
    (local.set $state
      (i32.add (local.get $states) (i32.shl (i32.mul (local.get $n) (local.get $words)) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $n) (local.get $to)))

        ;; The fingerprint. Two words at a time, and the last one alone, pass through a bijection that depends on
        ;; where they are (a linear hash would cancel differences in high bits); then they enter the sum, which
        ;; another bijection ends. Its lower half, the first lane, is never 0.
        (local.set $left (local.get $words))
        (local.set $where (i64.const 0))
        (local.set $sum (i64.const 0x2545f4914f6cdd1d))
        (loop $more
          (if (i32.gt_u (local.get $left) (i32.const 1))
            (then
              (local.set $x (i64.load align=4 (local.get $state)))
              (local.set $left (i32.sub (local.get $left) (i32.const 2)))
              (local.set $state (i32.add (local.get $state) (i32.const 8))))
            (else
              (local.set $x (i64.load32_u (local.get $state)))
              (local.set $left (i32.const 0))
              (local.set $state (i32.add (local.get $state) (i32.const 4)))))
          (local.set $where (i64.add (local.get $where) (i64.const 0x9e3779b97f4a7c15)))
          (local.set $x (i64.mul (i64.xor (local.get $x) (local.get $where)) (i64.const 0xbf58476d1ce4e5b9)))
          (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 32))))
          (local.set $x (i64.mul (local.get $x) (i64.const 0x94d049bb133111eb)))
          (local.set $x (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 29))))
          (local.set $sum (i64.mul
            (i64.rotl (i64.xor (local.get $sum) (local.get $x)) (i64.const 27))
            (i64.const 0xd6e8feb86659fd93)))
          (br_if $more (local.get $left)))
        (local.set $sum (i64.xor (local.get $sum) (i64.shr_u (local.get $sum) (i64.const 32))))
        (local.set $sum (i64.mul (local.get $sum) (i64.const 0xff51afd7ed558ccd)))
        (local.set $sum (i64.xor (local.get $sum) (i64.shr_u (local.get $sum) (i64.const 29))))
        (local.set $fingerprint
          (i64.or (local.get $sum) (i64.extend_i32_u (i32.eqz (i32.wrap_i64 (local.get $sum))))))

        (i64.store (i32.add (local.get $fingerprints) (i32.shl (local.get $n) (i32.const 3)))
          (local.get $fingerprint))
        (local.set $counter (i32.shl
          (i32.shr_u (i32.wrap_i64 (local.get $fingerprint)) (i32.const 28)) (i32.const 2)))
        (i32.store (local.get $counter) (i32.add (i32.load (local.get $counter)) (i32.const 1)))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $next)))

    ;; Counts become the places of the first entries.
    (local.set $place (local.get $from))
    (local.set $counter (i32.const 0))
    (loop $next
      (local.set $count (i32.load (local.get $counter)))
      (i32.store (local.get $counter) (local.get $place))
      (local.set $place (i32.add (local.get $place) (local.get $count)))
      (br_if $next (i32.ne (local.tee $counter (i32.add (local.get $counter) (i32.const 4))) (i32.const 64))))

    (local.set $n (local.get $from))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $n) (local.get $to)))
        (local.set $fingerprint
          (i64.load (i32.add (local.get $fingerprints) (i32.shl (local.get $n) (i32.const 3)))))
        (local.set $counter (i32.shl
          (i32.shr_u (i32.wrap_i64 (local.get $fingerprint)) (i32.const 28)) (i32.const 2)))
        (local.set $place (i32.load (local.get $counter)))
        (i32.store (local.get $counter) (i32.add (local.get $place) (i32.const 1)))
        (i32.store (i32.add (local.get $places) (i32.shl (local.get $n) (i32.const 2))) (local.get $place))
        (if (local.get $exact)
          (then
            (local.set $at (i32.add (local.get $entries) (i32.shl
              (i32.mul (local.get $place) (i32.add (local.get $words) (i32.const 1)))
              (i32.const 2))))
            (i32.store (local.get $at) (i32.wrap_i64 (local.get $fingerprint)))
            (memory.copy (i32.add (local.get $at) (i32.const 4))
              (i32.add (local.get $states) (i32.shl (i32.mul (local.get $n) (local.get $words)) (i32.const 2)))
              (i32.shl (local.get $words) (i32.const 2))))
          (else
            (i64.store
              (i32.add (local.get $entries) (i32.shl (local.get $place) (i32.const 3)))
              (local.get $fingerprint))))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br $next)))))
