-- One small election in Murphi, for rumur: the model of models/peer.ts and of fle.pml, state by state.
-- It is there to be counted: rumur must count what fle-check counts, and speed is measured against it.
--
-- MAXR is the last round and CB the budget of crashes; whoever runs it writes other numbers there.
-- A state is 0 LOOK, 1 FOLL, 2 LEAD, 3 DOWN; a record is 0 for none, else 1 + (round * 3 + leader) * 3 + state.
const MAXR: 2; CB: 1;
type id: 0..2; sts: 0..3; rec: 0..9 * MAXR + 9; rnd: 0..MAXR;
var st: array[id] of sts; vote: array[id] of id; clk: array[id] of rnd;
    rv: array[id] of array[id] of rec; oe: array[id] of array[id] of rec; ch: array[id] of array[id] of rec;
    crashes: 0..CB;
function ENC(c: rnd; v: id; s: sts): rec; begin return 1+(c*3+v)*3+s; end;
function STM(m: rec): sts; begin return (m-1)%3; end;
function VOM(m: rec): id; begin return ((m-1)/3)%3; end;
function CLM(m: rec): rnd; begin return (m-1)/9; end;
function RANK(l: id): sts; begin if l = 0 then return 3; else return l; end; end;
function MATCH(m: rec; v: id; c: rnd): boolean; begin return m != 0 & VOM(m) = v & CLM(m) = c; end;
procedure bcast(i: id); begin for k: id do if k != i then ch[i][k] := ENC(clk[i], vote[i], st[i]); end; end; end;
procedure clr(i: id); begin for k: id do rv[i][k] := 0; oe[i][k] := 0; end; end;
procedure become(i: id; l: id); begin vote[i] := l; if l = i then st[i] := 2; else st[i] := 1; end; clr(i); end;
procedure newround(i: id); begin st[i] := 0; clk[i] := clk[i] + 1; vote[i] := i; bcast(i); end;
procedure deliver(i: id; j: id);
var m: rec; v: id; c: rnd; s: sts; n: sts; done: boolean;
begin
  m := ch[j][i]; ch[j][i] := 0; v := VOM(m); c := CLM(m); s := STM(m);
  if st[i] = 0 & s = 0 then
    if c < clk[i] then ch[i][j] := ENC(clk[i], vote[i], st[i]);
    elsif c > clk[i] then
      clk[i] := c; for k: id do rv[i][k] := 0; end;
      if RANK(v) > RANK(i) then vote[i] := v; else vote[i] := i; end;
      rv[i][j] := m; bcast(i);
    else
      if RANK(v) > RANK(vote[i]) then vote[i] := v; bcast(i); end;
      rv[i][j] := m;
    end;
  elsif st[i] = 0 then
    done := false;
    if c = clk[i] then
      rv[i][j] := m; n := 0;
      for k: id do if k != i & MATCH(rv[i][k], v, c) then n := n+1; end; end;
      if vote[i] = v then n := n+1; end;
      if n >= 2 & (v = i | (rv[i][v] != 0 & STM(rv[i][v]) = 2)) then become(i,v); done := true; end;
    end;
    if !done then
      oe[i][j] := m; n := 0;
      for k: id do if k != i & MATCH(oe[i][k], v, c) then n := n+1; end; end;
      if n >= 2 & ((v = i & clk[i] = c) | (v != i & oe[i][v] != 0 & STM(oe[i][v]) = 2)) then clk[i] := c; become(i,v); end;
    end;
  elsif s = 0 then ch[i][j] := ENC(clk[i], vote[i], st[i]);
  end;
end;
startstate "init" begin
  for i: id do st[i] := 0; vote[i] := i; clk[i] := 1; for k: id do rv[i][k] := 0; oe[i][k] := 0; ch[i][k] := 0; end; end;
  for i: id do bcast(i); end; crashes := CB;
end;
ruleset i: id do
  ruleset j: id do
    rule "deliver" i != j & ch[j][i] != 0 & st[i] != 3 ==> begin deliver(i,j); end;
  end;
  rule "decide" st[i] = 0 & exists k: id do rv[i][k] != 0 & VOM(rv[i][k]) = vote[i] end ==> var l: id; begin l := vote[i]; become(i, l); end;
  rule "resend" st[i] = 0 & forall k: id do ch[k][i] = 0 end ==> begin bcast(i); end;
  rule "timeout" (st[i] = 1 | st[i] = 2) & clk[i] < MAXR ==> begin newround(i); end;
  rule "restart" st[i] = 3 & clk[i] < MAXR ==> begin newround(i); end;
  rule "crash" st[i] != 3 & crashes > 0 ==> begin
    crashes := crashes - 1; st[i] := 3; vote[i] := i; clr(i); for k: id do ch[i][k] := 0; end; end;
end;
invariant "ok" forall i: id do st[i] = 2 -> vote[i] = i end;
