/* SPDX-License-Identifier: GPL-2.0 */
/* The cluster's protocol for spin; see Documentation/testing.md and run. */
#define M_NO_SWEEP 1
#define M_SWEEP_ONE 2
#define M_EXPIRY_1H 3
#define M_NO_VERIFY 4
#define M_SINGLE_PHASE 5
#define M_NO_SECOND_LOOK 6
#define M_NO_REFUTE 7
#define M_LATE_COMMS 8
#define M_COMMS_BEFORE_STOP 9
#define M_LEFT_DROPPED 10
#define M_START_NOT_READY 11
#define M_ANY_GENERATION 12
#define M_EARLY_ACK 13
#define M_NO_FENCE_WAIT 14
#define M_NO_BARRIER 15
#define M_SETTLE_EARLY 16
#define M_NO_TOKEN 17
#define M_AMBIGUOUS_WON 18
#define M_SAME_LIFE 19
#define M_REGISTER_OVER 20
#define M_REJOIN_PENDING 21
#define M_RESEND_HELD 22
#define M_FIRST_BACK_WAITS 23
#define M_RENEW_FOUND 24
#define M_FOUND_BY_LOCKSPACE 25
#define M_UNREGISTERED 26
#ifndef MUTANT
#define MUTANT 0
#endif

#include "state.pml"

/* For the trail of a violation: run NAME. */
#define SAY(...) printf(__VA_ARGS__)
#define OWNER_OF(inst) ((inst) < BIT(LIVES) -> 0 : ((inst) < BIT(2 * LIVES) -> 1 : 2))

/*
 * Told once by the verifier. "run" wants each of these to be told by one of
 * the models without a mutant, so that what they prove is not about nothing.
 */
c_decl { static unsigned char told[16]; };
#define REACHED(k, text) \
	c_code { if (!told[k]) { told[k] = 1; printf("reached: %s\n", text); } }

/* For loops; 0 between steps. */
byte i;

/* Clients whose writes come in by another one that is not listed. */
#if MUTANT == M_RESEND_HELD || MUTANT == M_UNREGISTERED
byte escaped;
#define ESCAPED escaped
#else
#define ESCAPED 0
#endif

#include "view.pml"
#include "rules.pml"
#include "check.pml"
#include "faults.pml"
#include "node.pml"
#include "storage.pml"
