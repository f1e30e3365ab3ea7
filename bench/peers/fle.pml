/* One small election in Promela, for Spin: the model of models/peer.ts and of fle.m, state by state.
 * It is there to be counted: Spin must count what fle-check counts, and speed is measured against Spin.
 *
 * Options: -DMAXR=2   the last round
 *          -DCRASH=1  the budget of crashes
 *          -DINV      assert that no two servers are in LEAD in one round (false: it finds two)
 *          -DNOHIDE   zero the temporaries after each step instead of hiding them, which pan -DBFS needs
 *
 * Three servers, channels of capacity 1 in which a send overwrites. There is one process, every step is one
 * d_step and temporaries are hidden, so the states stored are the reachable states of the model.
 * A record is 0 for none, else 1 + (round * 3 + leader) * 3 + state of the sender.
 */
#ifndef MAXR
#define MAXR 2
#endif
#ifndef CRASH
#define CRASH 1
#endif
#define LOOK 0
#define FOLL 1
#define LEAD 2
#define DOWN 3
#define ENC(hc,hv,hs) (1+((hc)*3+(hv))*3+(hs))
#define ST(hm) (((hm)-1)%3)
#define VO(hm) ((((hm)-1)/3)%3)
#define CL(hm) (((hm)-1)/9)
/* The order of votes: zxid first (1 for server 0, else 0), then id: 0 > 2 > 1. */
#define RANK(l) ((l)==0 -> 3 : (l))
#define BETTER(a,b) (RANK(a) > RANK(b))
#define IX(a,b) (3*(a)+(b))

byte st[3];            /* LOOK at the start */
byte vote[3];
byte clk[3];
byte rv[9];            /* rv[3i+j]: recvset of i, about j       */
byte oe[9];            /* oe[3i+j]: outofelection of i, about j */
byte ch[9];            /* ch[3i+j]: the channel from i to j     */
byte crashes = CRASH;
#ifdef NOHIDE
byte hm, hv, hc, hs, hq, he;
#define RST hm=0; hv=0; hc=0; hs=0; hq=0; he=0
#else
hidden byte hm; hidden byte hv; hidden byte hc; hidden byte hs; hidden byte hq; hidden byte he;
#define RST skip
#endif

inline bcast(i,a,b) { he = ENC(clk[i],vote[i],st[i]); ch[IX(i,a)] = he; ch[IX(i,b)] = he }
inline clearrv(i)  { rv[3*i]=0; rv[3*i+1]=0; rv[3*i+2]=0 }
inline clearoe(i)  { oe[3*i]=0; oe[3*i+1]=0; oe[3*i+2]=0 }
inline become(i,l) { vote[i] = l; if :: l==i -> st[i]=LEAD :: else -> st[i]=FOLL fi; clearrv(i); clearoe(i) }
#define MATCH(x) ((x)!=0 && VO(x)==hv && CL(x)==hc -> 1 : 0)
/* Server i receives from j; k is the third one. */
inline deliver(i,j,k) {
  hm = ch[IX(j,i)]; ch[IX(j,i)] = 0; hv = VO(hm); hc = CL(hm); hs = ST(hm);
  if
  :: st[i]==LOOK && hs==LOOK ->
     if
     :: hc <  clk[i] -> ch[IX(i,j)] = ENC(clk[i],vote[i],st[i])
     :: hc >  clk[i] -> clk[i] = hc; clearrv(i);
        if :: BETTER(hv,i) -> vote[i] = hv :: else -> vote[i] = i fi;
        rv[IX(i,j)] = hm; bcast(i,j,k)
     :: else ->
        if :: BETTER(hv,vote[i]) -> vote[i] = hv; bcast(i,j,k) :: else fi;
        rv[IX(i,j)] = hm
     fi
  :: st[i]==LOOK && hs!=LOOK ->
     hq = 0;
     if :: hc == clk[i] ->
        rv[IX(i,j)] = hm;
        hq = MATCH(rv[IX(i,j)]) + MATCH(rv[IX(i,k)]) + (vote[i]==hv -> 1 : 0);
        if :: hq >= 2 && (hv==i || (rv[3*i+hv]!=0 && ST(rv[3*i+hv])==LEAD)) -> become(i,hv); hq = 9
           :: else fi
     :: else fi;
     if :: hq == 9
     :: else ->
        oe[IX(i,j)] = hm;
        hq = MATCH(oe[IX(i,j)]) + MATCH(oe[IX(i,k)]);
        if :: hq >= 2 && ((hv==i && clk[i]==hc) || (hv!=i && oe[3*i+hv]!=0 && ST(oe[3*i+hv])==LEAD)) -> clk[i] = hc; become(i,hv)
           :: else fi
     fi
  :: st[i]!=LOOK && hs==LOOK -> ch[IX(i,j)] = ENC(clk[i],vote[i],st[i])
  :: else
  fi
}
#ifdef INV
#define CHECK assert(!(st[0]==LEAD && st[1]==LEAD && clk[0]==clk[1]) && !(st[0]==LEAD && st[2]==LEAD && clk[0]==clk[2]) && !(st[1]==LEAD && st[2]==LEAD && clk[1]==clk[2]))
#else
#define CHECK skip
#endif
#define SUPP(i,a) (rv[IX(i,a)]!=0 && VO(rv[IX(i,a)])==vote[i])
#define DELIVER(i,j,k) :: d_step { ch[IX(j,i)]!=0 && st[i]!=DOWN -> deliver(i,j,k); CHECK; RST }
#define DECIDE(i,a,b)  :: d_step { st[i]==LOOK && (SUPP(i,a) || SUPP(i,b)) -> hv = vote[i]; become(i,hv); CHECK; RST }
#define RESEND(i,a,b)  :: d_step { st[i]==LOOK && ch[IX(a,i)]==0 && ch[IX(b,i)]==0 -> bcast(i,a,b); RST }
#define TIMEOUT(i,a,b) :: d_step { (st[i]==FOLL || st[i]==LEAD) && clk[i]<MAXR -> st[i]=LOOK; clk[i]=clk[i]+1; vote[i]=i; bcast(i,a,b); RST }
#define CRASHX(i,a,b)  :: d_step { st[i]!=DOWN && crashes>0 -> crashes = crashes-1; st[i]=DOWN; vote[i]=i; clearrv(i); clearoe(i); ch[IX(i,a)]=0; ch[IX(i,b)]=0 }
#define RESTART(i,a,b) :: d_step { st[i]==DOWN && clk[i]<MAXR -> st[i]=LOOK; clk[i]=clk[i]+1; vote[i]=i; bcast(i,a,b); RST }
#define ALL(i,a,b) DECIDE(i,a,b) RESEND(i,a,b) TIMEOUT(i,a,b) CRASHX(i,a,b) RESTART(i,a,b)

init {
  d_step {
    vote[0]=0; vote[1]=1; vote[2]=2; clk[0]=1; clk[1]=1; clk[2]=1;
    bcast(0,1,2); bcast(1,0,2); bcast(2,0,1); RST
  }
end:
  do
  DELIVER(0,1,2) DELIVER(0,2,1) DELIVER(1,0,2) DELIVER(1,2,0) DELIVER(2,0,1) DELIVER(2,1,0)
  ALL(0,1,2) ALL(1,0,2) ALL(2,0,1)
  od
}
